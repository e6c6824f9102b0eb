"""Names of things in the data, as people write them: other punctuation, other case, shortened, mistyped."""

from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.planner.asides import ASIDES
from agent.planner.lexicon import Lexicon
from agent.planner.misspelt import is_real
from agent.planner.phrases import grammar
from agent.planner.senses import Names, Span
from agent.planner.text import Token, key_of, words

_MOST_WORDS = 8
_NEVER_CORRECTED = words("act override filler fixed again it help savings unbuilt anomaly forecast")
_NOT_PARTS = words(
    "the and for new all our per total other mean api data text embedding large base "
    "infrastructure services service general purpose management tools "
    "europe america asia pacific eu us usa emea apac central west east north south"
)


_NAME_PARTS = words("names unknown filler dimension fixed number data act savings unbuilt anomaly")
"""What a word of a mistyped name may also mean by itself: the report of "report writr"."""
_ORDINARY = words("filler dimension data act savings unbuilt anomaly")
_LITTLE = 3
_LONG = 7
"""Letters from which a word may be a typing error for one of change: "fumble" is none for "tumble"."""


class NameFinder:
    """Finds values of the data in one question."""

    def __init__(self, tokens: tuple[Token, ...], lexicon: Lexicon) -> None:
        self._tokens, self._lexicon = tokens, lexicon

    def at(self, i: int) -> list[Span]:
        """The names that start at token `i`, spelled right but for case and punctuation."""
        found = []
        for end in range(i + 1, min(i + _MOST_WORDS, len(self._tokens)) + 1):
            if end > i + 1 and (self._tokens[end - 1].quoted or "," in self._tokens[end - 1].glue):
                break
            if self._cut(i) or self._cut(end):
                continue
            key = self._key(i, end)
            if not key:
                continue
            if names := self._lexicon.keys.get(key):
                if not self._is_just_a_number(i, end, key) and not self._is_the_rest(i, end, key):
                    if self._is_put_together(i, end, names):
                        continue
                    weak = self._is_weak(i, end)
                    found.append(Span(i, end, "names", "weak" if weak else "", names=tuple(names)))
            elif end - i > 1 and (names := self._lexicon.parts.get(key)):
                found.append(Span(i, end, "names", "weak", names=tuple(names)))
        return found

    def mend(self, spans: list[Span]) -> list[Span]:
        """Explain unknown words by shortened names, then by typing errors."""
        spans = [self._part(span) if span.kind == "unknown" else span for span in spans]
        spans = [self._beside_its_kind(spans, index) for index in range(len(spans))]
        spans = _narrowed(spans)
        mended: list[Span] = []
        skip_to = 0
        for span in spans:
            if span.start < skip_to:
                continue
            better = self._nearest(span, spans) if span.kind == "unknown" else None
            if better is not None:
                while mended and mended[-1].start >= better.start:
                    mended.pop()
                skip_to = better.end
            mended.append(better or span)
        return mended

    def _beside_its_kind(self, spans: list[Span], index: int) -> Span:
        """An ordinary word that is set beside a name of its own dimension is a name: "search vs platform"."""
        span = spans[index]
        if span.kind not in ("dimension", "metric", "filler", "fixed") or span.length > 1:
            return span
        mine = self._lexicon.keys.get(self._key(span.start, span.end), ())
        singular = self._tokens[span.start].low == self._tokens[span.start].lemma
        before = self._tokens[span.start - 1].low if span.start else ""
        named = before in ("for", "besides", "except", "excluding", "but", "than", "minus")
        kinds = {one.value for one in spans if one.kind == "dimension" and one is not span}
        named = named or (before == "not" and any(names.dimension in kinds for names in mine))
        if mine and span.kind == "dimension" and singular and named:
            return Span(span.start, span.end, "names", names=tuple(mine))
        for step in (-1, 1):
            joint, other = index + step, index + 2 * step
            if mine and 0 <= other < len(spans) and spans[joint].kind in ("link", "baseline"):
                shared = {names.dimension for names in spans[other].names} & {names.dimension for names in mine}
                if shared:
                    return Span(span.start, span.end, "names", names=tuple(n for n in mine if n.dimension in shared))
        return span

    def _key(self, start: int, end: int) -> str:
        return key_of("".join(token.low for token in self._tokens[start:end]))

    def _is_just_a_number(self, start: int, end: int, key: str) -> bool:
        """Whether "5" stands for a count rather than for a thing of that name."""
        token = self._tokens[start]
        if self._is_said_to_be_one(start, end):
            return False
        return key.isdecimal() and end - start == 1 and not token.quoted and len(key) < 6

    def _is_the_rest(self, start: int, end: int, key: str) -> bool:
        """Whether "other" is what is left rather than a thing of that name."""
        return key in ("other", "others") and not self._tokens[start].quoted and not self._is_said_to_be_one(start, end)

    def _is_weak(self, start: int, end: int) -> bool:
        """Whether the name is also an ordinary word, and nothing says that the name is meant."""
        token = self._tokens[start]
        if token.quoted or self._is_said_to_be_one(start, end):
            return False
        if tuple(token.lemma for token in self._tokens[start:end]) in self._lexicon.spoken:
            return True
        if end - start > 1:
            return False
        capital = start > 0 and token.text[0].isupper()
        return not capital and self._is_ordinary(token)

    def _is_put_together(self, start: int, end: int, names: list[Names]) -> bool:
        """Whether an account is called by a project and an environment, which then are meant: "copilot production"."""
        accounts = all("Account" in one.dimension for one in names)
        quoted = any(token.quoted for token in self._tokens[start:end])
        if end - start < 2 or not accounts or quoted or self._is_said_to_be_one(start, end):
            return False
        return any(
            self._names_one(start, at, "x_Project") and self._names_one(at, end, "x_Environment")
            for at in range(start + 1, end)
        )

    def _names_one(self, start: int, end: int, dimension: str) -> bool:
        return any(names.dimension == dimension for names in self._lexicon.keys.get(self._key(start, end), ()))

    def _is_ordinary(self, token: Token) -> bool:
        """Whether the word has a meaning of its own."""
        single = (token.lemma,)
        return any(
            lemmas == single and kind != "fixed" and value not in ASIDES
            for table in (grammar(), self._lexicon.phrases)
            for lemmas, kind, value in table.get(token.lemma, ())
        )

    def _is_said_to_be_one(self, start: int, end: int) -> bool:
        """Whether the words beside it say what it is: "the platform team", "cost center 1234"."""
        dimensions = {names.dimension for names in self._lexicon.keys.get(self._key(start, end), ())}
        phrases = self._lexicon.phrases
        for first in range(max(start - 3, 0), len(self._tokens)):
            if first in range(start, end) or first > end:
                continue
            for lemmas, kind, value in phrases.get(self._tokens[first].lemma, ()) if dimensions else ():
                after = first + len(lemmas)
                said = tuple(token.lemma for token in self._tokens[first:after]) == lemmas
                if said and kind == "dimension" and value in dimensions and (after == start or first == end):
                    return True
        return False

    def _cut(self, i: int) -> bool:
        tokens = self._tokens
        if not 0 < i < len(tokens) or not tokens[i].joined or tokens[i].is_symbol or tokens[i - 1].is_symbol:
            return False
        return not (tokens[i].low.isalpha() and tokens[i - 1].low.isalpha())

    def _part(self, span: Span) -> Span:
        key = self._tokens[span.start].key
        if {key, key.removesuffix("s")} & _NOT_PARTS or self._cut(span.start) or self._cut(span.end):
            return span
        names = self._lexicon.parts.get(key) or self._lexicon.parts.get(key.removesuffix("s"))
        if not names and key.endswith("s") and len(key) > 3:
            names = self._lexicon.keys.get(key[:-1])
        return replace(span, kind="names", names=tuple(names)) if names else span

    def _nearest(self, span: Span, spans: list[Span]) -> Span | None:
        """The name or word that the unknown word is a typing error for."""
        word = self._tokens[span.start]
        if word.is_symbol or self._is_the_rest(span.start, span.end, word.key):
            return None
        for start, end in self._windows(span.start):
            if self._takes_understood(start, end, spans):
                continue
            close = self._close_key(self._key(start, end))
            if close is None or not self._holds_known_words(close, spans, start, end):
                continue
            names = tuple(self._lexicon.keys[close])
            if not self._is_broken_down(start) and not (end - start == 1 and is_real(word)):
                return Span(start, end, "names", names=names, corrected=True)
        return None if word.quoted or is_real(word) else self._close_word(span)

    def _is_broken_down(self, i: int) -> bool:
        """Whether "by" or "per" stands before it: "by cluster" asks for a dimension, not for a thing named clusters."""
        return i > 0 and self._tokens[i - 1].low in ("by", "per", "each", "every")

    def _windows(self, i: int) -> list[tuple[int, int]]:
        """Stretches around a word that may be one mistyped name, the widest first; none cuts a joined name."""
        found = []
        for start in range(max(i - 2, 0), i + 1):
            for end in range(i + 1, min(i + 6, len(self._tokens)) + 1):
                blanks = sum(not token.joined for token in self._tokens[start + 1 : end])
                if blanks <= 2 and not self._cut(start) and not self._cut(end):
                    found.append((start, end))
        return sorted(found, key=lambda window: window[0] - window[1])

    def _takes_understood(self, start: int, end: int, spans: list[Span]) -> bool:
        """Whether the stretch begins or ends with a word that says something else: "output toks", "produce in"."""
        edges = [span for span in spans if span.start <= start < span.end or span.start < end <= span.end]
        return end - start > 1 and any(
            self._is_apart(span, start, end) and (span.kind not in _NAME_PARTS or self._is_small(span))
            for span in edges
        )

    def _is_apart(self, span: Span, start: int, end: int) -> bool:
        """Whether the span is not written together with the rest of the stretch, as in ml-producton."""
        joint = span.end if span.start <= start else span.start
        return not (start < joint < end and self._tokens[joint].joined)

    def _is_small(self, span: Span) -> bool:
        """Whether it is a little word, or one that counts tokens of a kind."""
        little = span.kind == "filler" and len(self._tokens[span.start].low) <= _LITTLE
        return little or (span.kind == "fixed" and span.value.startswith("x_TokenType"))

    def _holds_known_words(self, close: str, spans: list[Span], start: int, end: int) -> bool:
        """Whether the words beside the mistyped one, which are spelled right, are in the name as they are."""
        within = [one for one in spans if start <= one.start and one.end <= end and one.kind in _ORDINARY]
        return all(self._key(one.start, one.end) in close for one in within)

    def _close_key(self, key: str) -> str | None:
        allowed = _allowed_edits(key)
        if not allowed:
            return None
        match = process.extractOne(key, self._lexicon.keys.keys(), scorer=OSA.distance, score_cutoff=allowed)
        return match[0] if match is not None and _may_be(key, match[0]) else None

    def _close_word(self, span: Span) -> Span | None:
        lemma, text = self._tokens[span.start].lemma, self._tokens[span.start].text
        if span.start > 0 and text[0].isupper() and not text.isupper():
            return None
        if len(lemma) < 4 or self._cut(span.start) or self._cut(span.end):
            return None
        allowed = 1 if len(lemma) < 9 else 2
        words = [*self._lexicon.words, *grammar()]
        match = process.extractOne(lemma, words, scorer=OSA.distance, score_cutoff=allowed)
        if match is None or not _may_be(lemma, match[0]):
            return None
        for table in (self._lexicon.phrases, grammar()):
            for lemmas, kind, value in table.get(match[0], ()):
                if kind == "change" and len(lemma) < _LONG:
                    return None
                if len(lemmas) == 1 and kind not in _NEVER_CORRECTED:
                    return replace(span, kind=kind, value=value, corrected=True)
        return None


def _narrowed(spans: list[Span]) -> list[Span]:
    """Shortened names in a row narrow each other: "gemini flash" is the flash of the geminis."""
    narrowed: list[Span] = []
    for span in spans:
        before = narrowed[-1] if narrowed else None
        if before is not None and (both := _both(before, span)):
            narrowed[-1] = Span(before.start, span.end, "names", names=both)
        else:
            narrowed.append(span)
    return narrowed


def _both(first: Span, second: Span) -> tuple[Names, ...]:
    if first.kind != "names" or second.kind != "names":
        return ()
    pairs = [
        (a, b) for a in first.names for b in second.names if a.dimension == b.dimension and not (a.exact or b.exact)
    ]
    common = [(a, tuple(value for value in a.values if value in b.values)) for a, b in pairs]
    return tuple(replace(a, values=values) for a, values in common if values)


def _allowed_edits(word: str) -> int:
    """Typing errors that a word of this length may hold."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2 if len(word) < 14 else 3


def _may_be(typed: str, known: str) -> bool:
    """A typing error changes no digit, and seldom the first letter."""
    if "".join(c for c in typed if c.isdigit()) != "".join(c for c in known if c.isdigit()):
        return False
    return typed[0] == known[0] or (len(typed) >= 6 and len(typed) == len(known))
