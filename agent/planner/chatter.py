"""Chatter: what people say around a question, "Board deck is due Thursday. What did we spend in Q3?".

A question that can't be read as a whole is read again without the sentences that ask nothing. What they name is kept
where the question points at it ("its", "there"), and their period where it has none of its own.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.planner.reading import Reading
from agent.planner.senses import Span
from agent.planner.text import Token, words

_ABBREVIATIONS = words("vs v approx no incl excl dept inc est eg ie etc mr ms dr st")
_SENTENCE = re.compile(r"[.!?;\n](?:\s|$)|:(?:\s|$)|\s[-–—]{1,2}\s|:\)|;\)|…|\.\.")
_ENDS = re.compile(r"[.!?;\n](?:\s|$)|\s[-–—]{1,2}\s|:\)|;\)|…|\.\.")
"""A sentence's end, unlike the colon of "I need a unit cost: dollars per call"."""
_COMMA = re.compile(r",(?:\s|$)")
_ASKS = words(
    "what which how who whose where when did does do is are was were has have can could would will please show give "
    "get list tell compare send kindly need pull just so top total break split plot chart the in "
    "for during on but and id"
)
"""Words that a question begins with after a comma: "hand on heart, which teams …"."""
_WANTS = words("want need would like wanted needed wish have am must")
"""What follows the "we" of "for the approval policy we want to know …"."""
_ADDS = words("i im ive id we were my whenever just cheers thanks ta thx sorry asking no settle don't")
"""Words that an afterthought begins with: "…, I've got goosebumps already"."""
_DOING = words(
    "writing preparing finishing drafting planning working reviewing wrapping heading trying wondering asking filling"
)
"""What somebody is about, said behind the question: "…, writing a post on it"."""
_LEADS = words("but")
"""Words that only tie the question to the chatter before it."""
_SUBSTANCE = frozenset(
    ["metric", "how_much", "price", "drivers", "rank", "most", "count", "share", "trend", "data", "change", "threshold"]
)
_QUESTIONS = frozenset(["how_much", "count", "drivers", "share"])
"""What makes a question of a sentence, be it understood or not."""
_HOLDS = frozenset(["exclude", "only", "override", "missing", "threshold", "by", "ratio", "compare", "baseline"])
"""What changes the question wherever it stands; nothing that holds it is chatter."""
_ASKED = frozenset(["by", "share", "ratio", "compare", "baseline", "trend", "grain", "metric", "rank", "most"])
"""What a sentence that is understood may add to the question."""
_CONDITIONS = words("if assuming suppose supposing unless provided given imagine since after until once when while")
"""First words of what narrows or changes the question by something that happened, or did not."""
_NARROWS = words("for in at on from of with by only just not without excluding except via within across")
_EXCUSES = ("just being", "just curious", "just checking", "just asking", "just wondering", "only asking")
_ASKS_BACK = words("how")
"""What takes up the question's own subject: "what did we spend in Q3, and how does that compare with Q2"."""
_BEFORE_ME = ("before i", "before we")
"""Openings that tell what is about to happen to the asker: "before I hop on a plane"."""
_POINTS = words("its it their them they those there that this these")
_PAIRED = {
    "is there",
    "are there",
    "was there",
    "were there",
    "that month",
    "this month",
    "that week",
    "that quarter",
    "this week",
}


@dataclass(frozen=True)
class Segment:
    """A stretch of the question between marks that part sentences; token positions, end exclusive."""

    start: int
    end: int
    spans: tuple[Span, ...]

    def has(self, kinds: frozenset[str]) -> bool:
        return any(span.kind in kinds for span in self.spans)


def main_question(reading: Reading, is_answered: Callable[[str], bool]) -> str | None:
    """The part of the question that asks, as a text of its own; None where nothing can be left out safely.

    `is_answered` tells whether a text, read by itself, would be looked up.
    """
    segments = _segments(reading)
    if len(segments) < 2:
        return None
    asking = [segment for segment in segments if segment.has(_SUBSTANCE) and is_answered(_text(reading, segment))]
    if len(asking) != 1:
        return None
    chatter = [segment for segment in segments if segment is not asking[0]]
    if not all(_is_chatter(reading, segment, segment.start > asking[0].start) for segment in chatter):
        return None
    kept = _kept(reading, asking[0], chatter)
    return None if kept is None else " ".join([*kept, _text(reading, asking[0])])


def _segments(reading: Reading) -> list[Segment]:
    cuts = [0, *(i for i in range(1, len(reading.tokens)) if _parts(reading.tokens, i)), len(reading.tokens)]
    found = []
    for start, end in pairwise(cuts):
        spans = tuple(span for span in reading.spans if start <= span.start < end)
        if spans:
            found.append(Segment(start, end, spans))
    return _merged(reading, found)


def _merged(reading: Reading, segments: Sequence[Segment]) -> list[Segment]:
    """What a comma parts belongs together where it is understood: "billed in October, split by provider"."""
    merged: list[Segment] = []
    for segment in segments:
        comma = bool(merged) and not _ENDS.search(reading.tokens[segment.start].glue)
        if comma and not (_has_unknown(reading, merged[-1]) or _has_unknown(reading, segment)):
            merged[-1] = Segment(merged[-1].start, segment.end, merged[-1].spans + segment.spans)
        else:
            merged.append(segment)
    return merged


def _has_unknown(reading: Reading, segment: Segment) -> bool:
    return any(segment.start <= span.start < segment.end for span in reading.unknown)


def _parts(tokens: Sequence[Token], i: int) -> bool:
    glue, low = tokens[i].glue, tokens[i].low
    if _SENTENCE.search(glue):
        return tokens[i - 1].low not in _ABBREVIATIONS
    if (
        low in ("i", "we")
        and i + 1 < len(tokens)
        and tokens[i + 1].low in _WANTS
        and tokens[0].low in ("for", "before")
    ):
        return True
    if low == "and" and i + 1 < len(tokens) and tokens[i + 1].low in _WANTS and tokens[0].low in ("i", "we"):
        return True
    return bool(_COMMA.search(glue)) and low in (_ASKS | _ADDS | _DOING)


def _text(reading: Reading, segment: Segment) -> str:
    tokens = reading.tokens[segment.start : segment.end]
    tokens = tokens[1:] if tokens[0].low in _LEADS and len(tokens) > 1 else tokens
    return "".join(
        ("" if i == 0 else token.glue or " ") + (f'"{token.text}"' if token.quoted else token.text)
        for i, token in enumerate(tokens)
    )


def _is_chatter(reading: Reading, segment: Segment, is_after: bool) -> bool:
    """Whether leaving it out can't change what is asked."""
    tokens = reading.tokens[segment.start : segment.end]
    opens = " ".join(token.low for token in tokens[:2])
    held = segment if opens not in _BEFORE_ME else Segment(segment.start, segment.end, segment.spans[1:])
    if held.has(_HOLDS) or tokens[0].low in _CONDITIONS or opens == "ever since":
        return False
    if tokens[0].low == "before" and opens not in _BEFORE_ME:
        return False
    if is_after and tokens[0].low in _NARROWS and opens not in _EXCUSES:
        return False
    if segment.has(_QUESTIONS) or segment.spans[0].kind == "which":
        return False
    unknown = [span for span in reading.unknown if segment.start <= span.start < segment.end]
    if not unknown and segment.has(_ASKED):
        return False
    return not any(
        _is_name(reading.tokens[at], at == segment.start) for span in unknown for at in range(span.start, span.end)
    )


def _is_name(token: Token, is_first: bool) -> bool:
    return token.quoted or not token.low.isalpha() or (token.text[0].isupper() and not is_first and len(token.text) > 3)


def _kept(reading: Reading, asking: Segment, chatter: Sequence[Segment]) -> list[str] | None:
    """What the chatter says that the question needs; None where the question needs what can't be told."""
    named = [span for segment in chatter for span in segment.spans if span.kind in ("names", "fixed")]
    named = [span for span in named if not span.value.startswith("x_TokenType")]
    timed = [span for segment in chatter for span in segment.spans if span.kind == "time"]
    kept: list[str] = []
    if _points(reading, asking):
        mine = {dimension for span in asking.spans for dimension in _dimensions(span)}
        pointed = [span for span in named if not _dimensions(span) & mine]
        if not pointed and not mine:
            return None
        kept += [_with_its_kind(reading, span) for span in pointed]
    elif any(not _is_settled(span, asking) for span in named):
        return None
    if not any(span.kind == "time" for span in asking.spans) and timed:
        kept += [reading.text(timed[0])] if len(timed) == 1 else []
    return kept


def _points(reading: Reading, asking: Segment) -> bool:
    own = next((span.end for span in asking.spans if span.kind in ("metric", "how_much")), asking.end)
    back = next((at for at in range(own, asking.end) if reading.tokens[at].low in _ASKS_BACK), asking.end)
    lows = [token.low for token in reading.tokens[asking.start : back]]
    pairs = {f"{a} {b}" for a, b in pairwise(lows)} & _PAIRED
    return bool(set(lows) & _POINTS - {word for pair in pairs for word in pair.split()})


def _dimensions(span: Span) -> set[str]:
    if span.kind == "fixed":
        return {span.value.partition("=")[0]}
    return {names.dimension for names in span.names}


def _is_settled(span: Span, asking: Segment) -> bool:
    """Whether the question itself says what of this kind it is about: by a name, or by a breakdown."""
    mine = {dimension for one in asking.spans for dimension in _dimensions(one)}
    mine |= {one.value for one in asking.spans if one.kind == "dimension"}
    return bool(_dimensions(span) & mine)


def _with_its_kind(reading: Reading, span: Span) -> str:
    """The name, with the word beside it that says what it is."""
    index = reading.spans.index(span)
    beside = [reading.spans[at] for at in (index - 1, index + 1) if 0 <= at < len(reading.spans)]
    kind = next((reading.text(one) for one in beside if one.kind == "dimension"), "")
    return f"{kind} {reading.text(span)}".strip()
