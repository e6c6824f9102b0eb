"""From tokens to spans: every reading of every stretch of the question, and the choice that fits best."""

import re
from dataclasses import replace
from datetime import date

from agent.planner.joined_words import joined_words, unquoted
from agent.planner.lexicon import Lexicon
from agent.planner.misspelt import mend_words
from agent.planner.names import NameFinder
from agent.planner.ordinary import ordinary
from agent.planner.phrases import PhraseTable, grammar
from agent.planner.senses import Span
from agent.planner.text import Token
from agent.planner.time_words import MONTHS, NUMBERS, TENS
from agent.planner.times import TimeReader

_PRIORITY = {
    "override": 30, "time": 9, "names": 7, "ratio": 7, "price": 7, "rank": 7, "drivers": 7, "fixed": 6.5, "metric": 6,
    "dimension": 5, "help": 4, "data": 4, "breakdown": 4, "number": 2, "prep": 2, "missing": 2,
    "count": 1.5, "filler": 1,
}  # fmt: skip
_BEFORE_DIMENSIONS = ("by", "per", "each", "every", "which")
_NAMED = ("names", "fixed")
_AMOUNT = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(k|m|mm|mn|mio|b|bn|million|billion|thousand)?$")
_SCALES = {
    "k": 3,
    "hundred": 2,
    "thousand": 3,
    "grand": 3,
    "m": 6,
    "mm": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
}


def recognise(tokens: tuple[Token, ...], lexicon: Lexicon, as_of: date) -> tuple[tuple[Token, ...], list[Span]]:
    """The question as spans in order; what nothing explains is a span of kind `unknown`.

    Typing errors in words of time and of asking ("lats moth") are mended; the tokens that come back have them right.
    """
    tokens, spans = _recognised(tokens, lexicon, as_of)
    mended = mend_words(tokens, [span for span in spans if span.kind == "unknown" or _may_be_time(span)])
    return (tokens, spans) if mended == tokens else _recognised(mended, lexicon, as_of)


def _may_be_time(span: Span) -> bool:
    """Whether a mended word of time, taken by itself, may belong to a longer expression: "last mounth"."""
    return span.corrected and span.kind == "grain"


def _recognised(tokens: tuple[Token, ...], lexicon: Lexicon, as_of: date) -> tuple[tuple[Token, ...], list[Span]]:
    tokens = unquoted(tokens, lexicon.keys, lexicon.phrases)
    times = TimeReader(tokens, as_of, lexicon.loaded_from)
    names = NameFinder(tokens, lexicon)
    candidates: list[Span] = []
    for i, token in enumerate(tokens):
        found = times.at(i)
        if found is not None and _is_every_weekday(tokens, i, found[0]):
            candidates.append(Span(i, found[0], "filler"))
        elif found is not None and _whole_words(tokens, i, found[0]):
            candidates.append(Span(i, found[0], "time", time=found[1]))
        if not token.quoted:
            candidates += _spoken(tokens, i, lexicon) + _vocabulary(tokens, i, lexicon.phrases)
            candidates += _number(tokens, i)
        candidates += names.at(i)
    spans = _best(candidates, len(tokens))
    return tokens, _with_thresholds(joined_words(_unbroken(names.mend(spans), tokens), tokens), tokens)


def _unbroken(spans: list[Span], tokens: tuple[Token, ...]) -> list[Span]:
    """An unknown word takes in what is joined to it: gpt-6 is one name, not a word and a number."""
    whole: list[Span] = []
    for span in spans:
        joins = whole and "unknown" in (whole[-1].kind, span.kind) and _cuts(tokens, span.start)
        if joins:
            whole[-1] = Span(whole[-1].start, span.end, "unknown")
        else:
            whole.append(span)
    return whole


def _with_thresholds(spans: list[Span], tokens: tuple[Token, ...]) -> list[Span]:
    """ "more than" without a number compares; "over" without one is a preposition."""
    result = []
    for index, span in enumerate(spans):
        following = _following(spans, index, tokens) if span.kind == "threshold" else _kind_at(spans, index + 1)
        loose = span.kind == "threshold" and following != "number"
        if span.kind == "unknown" and tokens[span.start].low == "but" and span.length == 1 and following in _NAMED:
            span = replace(span, kind="exclude")  # noqa: PLW2901 "all services but EC2"
        if index == 0 and tokens[0].low == "group" and any(token.low == "by" for token in tokens):
            span = replace(span, kind="filler", value="")  # noqa: PLW2901 "Group the spend by weekday"
        if span.kind == "unknown" and _is_my_doing(tokens, span.start):
            span = replace(span, kind="filler", value="verb")  # noqa: PLW2901 "I'm closing October"
        if span.kind == "unknown" and tokens[span.start].low == "between" and following in (*_NAMED, "dimension"):
            span = replace(span, kind="prep")  # noqa: PLW2901 "pick between gpt-5.5 and o4-mini"
        than = tokens[span.end - 1].low == "than"
        if index == 0 and span.kind == "change" and tokens[0].low == "drop":
            span = replace(span, kind="exclude")  # noqa: PLW2901 "drop credits" is an order, not a fall
        result.append(replace(span, kind="baseline" if than else "prep") if loose else span)
    return result


def _is_my_doing(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether it is what the asker is about: I'm closing the month."""
    before = [token.low for token in tokens[max(i - 2, 0) : i]]
    me = before[-1:] == ["i"] and tokens[i].after_possessive
    return tokens[i].low.endswith("ing") and (me or before == ["i", "am"])


def _kind_at(spans: list[Span], index: int) -> str:
    return spans[index].kind if index < len(spans) else "filler"


def _following(spans: list[Span], index: int, tokens: tuple[Token, ...]) -> str:
    """The kind of what is compared with, past an article: over the 20k mark."""
    article = index + 1 < len(spans) and tokens[spans[index + 1].start].low in ("the", "a", "our")
    return _kind_at(spans, index + 2 if article else index + 1)


def _is_every_weekday(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether "Monday to Sunday" lists the days of a week beside another period or the word weekday."""
    said = tuple(token.low for token in tokens[start:end])
    whole = len(said) == 3 and said[0] in ("monday", "mon") and said[2] in ("sunday", "sun")
    return whole and any(token.lemma in ("weekday", "dow") or token.low in MONTHS for token in tokens)


def _spoken(tokens: tuple[Token, ...], i: int, lexicon: Lexicon) -> list[Span]:
    """Grammar words, without fillers where something else is meant.

    "by account for AWS" asks for a dimension; "US" in capitals, and "the us", is a country.
    """
    found = _phrases(tokens, i, grammar())
    if not found and tokens[i].key not in lexicon.parts:
        found = _phrases(tokens, i, ordinary())
    if i > 0 and tokens[i - 1].low in _BEFORE_DIMENSIONS and found:
        asked = {span.end for span in _phrases(tokens, i, lexicon.phrases) if span.kind == "dimension"}
        found = [span for span in found if not asked or span.kind != "filler"]
    spelled = tokens[i].text == "US" and any(token.text != token.text.upper() for token in tokens)
    if tokens[i].low == "us" and (spelled or (i > 0 and tokens[i - 1].low == "the")):
        return [span for span in found if span.kind != "filler"]
    return found


def _phrases(tokens: tuple[Token, ...], i: int, table: PhraseTable) -> list[Span]:
    found = []
    for lemmas, kind, value in table.get(tokens[i].lemma, ()):
        end = i + len(lemmas)
        if end <= len(tokens) and all(tokens[i + n].lemma == lemma for n, lemma in enumerate(lemmas)):
            if any(token.quoted for token in tokens[i:end]) or not _whole_words(tokens, i, end):
                continue
            if any(_begins_a_sentence(token) for token in tokens[i + 1 : end]):
                continue
            found.append(Span(i, end, kind, value))
    return found


def _is_a_list(tokens: tuple[Token, ...]) -> bool:
    """Whether a comma parts the words: "by model, provider Anthropic" names two things."""
    return any("," in token.glue for token in tokens)


def _begins_a_sentence(token: Token) -> bool:
    """Whether a sentence ends before it: "what we spent in each. Week starting 5 October" """
    return token.text[:1].isupper() and bool(_SENTENCE_END.search(token.glue))


_SENTENCE_END = re.compile(r"[.!?]\s")


def _vocabulary(tokens: tuple[Token, ...], i: int, table: PhraseTable) -> list[Span]:
    """Metrics and dimensions; after by, per, each and which, a word that is both is a dimension: "per invoice"."""
    found = [span for span in _phrases(tokens, i, table) if not _is_a_list(tokens[i + 1 : span.end])]
    if i == 0 or tokens[i - 1].low not in _BEFORE_DIMENSIONS:
        return found
    dimensions = {span.end for span in found if span.kind == "dimension"}
    return [span for span in found if span.kind not in ("metric", "fixed") or span.end not in dimensions]


def _whole_words(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether no part of a joined name such as gpt-5-nano is cut off; words joined by a hyphen may be parted."""
    return not _cuts(tokens, start) and not _cuts(tokens, end)


def _cuts(tokens: tuple[Token, ...], i: int) -> bool:
    if not 0 < i < len(tokens) or not tokens[i].joined or tokens[i].is_symbol or tokens[i - 1].is_symbol:
        return False
    return not (tokens[i].low.isalpha() and tokens[i - 1].low.isalpha())


def _number(tokens: tuple[Token, ...], i: int) -> list[Span]:
    token, end = tokens[i], i + 1
    if token.low in ("$", "€", "£", "usd", "eur", "gbp"):
        if i + 1 < len(tokens) and _AMOUNT.match(tokens[i + 1].low):
            inner = _number(tokens, i + 1)
            return [Span(i, span.end, "number", number=span.number) for span in inner]
        return [Span(i, end, "metric", "EffectiveCost")] if token.is_symbol else []
    match = _AMOUNT.match(token.low)
    if match is None:
        word = NUMBERS.get(token.low) or TENS.get(token.low)
        if word is None:
            return []
        scaled = end < len(tokens) and tokens[end].low in _SCALES and len(tokens[end].low) > 1
        zeros = f"E{_SCALES[tokens[end].low]}" if scaled else ""
        return [Span(i, end + scaled, "number", number=f"{word}{zeros}")]
    scale = match.group(2)
    if scale is None and end < len(tokens) and tokens[end].low in _SCALES and len(tokens[end].low) > 1:
        scale, end = tokens[end].low, end + 1
    digits = match.group(1).replace(",", "")
    if end < len(tokens) and tokens[end].low in ("usd", "dollars", "dollar", "eur", "euros", "€", "$", "bucks"):
        end += 1
    return [Span(i, end, "number", number=digits + (f"E{_SCALES[scale]}" if scale else ""))]


def _best(candidates: list[Span], length: int) -> list[Span]:
    """The spans that cover the question best: long ones before short ones, then by kind."""
    by_end: dict[int, list[Span]] = {}
    for span in candidates:
        by_end.setdefault(span.end, []).append(span)
    best: list[tuple[float, Span | None]] = [(0.0, None)]
    for end in range(1, length + 1):
        choice: tuple[float, Span | None] = (best[end - 1][0], Span(end - 1, end, "unknown"))
        for span in by_end.get(end, ()):
            score = best[span.start][0] + _score(span)
            if score > choice[0]:
                choice = (score, span)
        best.append(choice)
    spans: list[Span] = []
    end = length
    while end > 0:
        chosen = best[end][1]
        if chosen is None:
            break
        spans.append(chosen)
        end = chosen.start
    return spans[::-1]


def _score(span: Span) -> float:
    weak = span.kind == "names" and span.value == "weak"
    return 20 * float(span.length**1.5) + (0.5 if weak else _PRIORITY.get(span.kind, 3))
