"""Search by shared words: BM25 (Robertson and Zaragoza, 2009), k1 1.2, b 0.5.

Beside the embedding it adds a little; where there is none it is all there is. A section counts with the questions that
it answers, as people seldom use the words of the text itself.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

from tools.playbooks.chunks import heading_questions
from tools.playbooks.document import Section

_K1, _B = 1.2, 0.5
_HEADING_WEIGHT = 2
"""Title and heading count as if they stood in the text this often."""
_WORD = re.compile(r"[a-z0-9]+")
_STOP_WORDS = """
    a an and are as at be by can could do does for from get had has have how i if in is it its me my of on or our
    should so than that the their there they this to us was we were what when where which who why will with would
    you your
"""
_STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s", "e")


class LexicalIndex:
    """BM25 over sections, in memory."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._counts = [Counter(_words(_told(section))) for section in sections]
        self._lengths = [counts.total() for counts in self._counts]
        self._average = sum(self._lengths) / max(len(self._lengths), 1)
        self._holding = Counter(word for counts in self._counts for word in counts)

    def search(self, query: str) -> list[tuple[int, float]]:
        """Positions of sections that share a word with the query, best first, with their scores."""
        words = set(_words(query))
        scored = [(position, self._score(position, words)) for position in range(len(self._counts))]
        return sorted(((p, s) for p, s in scored if s > 0), key=lambda one: (-one[1], one[0]))

    def _score(self, position: int, words: set[str]) -> float:
        counts, length = self._counts[position], self._lengths[position]
        return sum(
            self._rarity(word)
            * counts[word]
            * (_K1 + 1)
            / (counts[word] + _K1 * (1 - _B + _B * length / self._average))
            for word in words
            if word in counts
        )

    def _rarity(self, word: str) -> float:
        holding = self._holding[word]
        return math.log(1 + (len(self._counts) - holding + 0.5) / (holding + 0.5))


def _told(section: Section) -> str:
    led = f"{section.title} {section.heading}\n" * _HEADING_WEIGHT
    question = heading_questions().get(section.heading, "").format(topic=section.title)
    return "\n".join((led, question, *section.asked, section.text))


def _words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP]


def _stem(word: str) -> str:
    """A word without its ending, roughly: caching, cached and caches meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
