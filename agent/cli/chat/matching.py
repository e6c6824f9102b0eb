"""Which names a half-typed question may mean, best first."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from agent.cli.chat.names import Name

MOST_WORDS = 5
"""Words before the cursor that may be the beginning of one name."""
SHORTEST_INSIDE = 3
"""Letters that a name is searched for anywhere inside."""
MOST_MATCHES = 40
_WORD = re.compile(r"\S+")
_PIECE = re.compile(r"[^\W_]+")


class Match(NamedTuple):
    """A name, and how many characters before the cursor it takes the place of."""

    name: "Name"
    length: int


def matches(before_cursor: str, names: "Sequence[Name]") -> list[Match]:
    """Names that begin with what is typed, then those with a word that does, then those that hold it.

    Among equals the longer stretch of text wins, then a name that people say, then the costlier one.
    """
    ranked = sorted(
        (
            (how, -len(typed), name.is_code, name.place, order, Match(name, len(typed)))
            for typed in _endings(before_cursor)
            for order, name in enumerate(names)
            if (how := _how(typed.lower(), name.text.lower())) is not None
        ),
        key=lambda entry: entry[:-1],
    )
    best: dict[str, Match] = {}
    for *_, match in ranked:
        best.setdefault(match.name.text, match)
    return list(best.values())[:MOST_MATCHES]


def _endings(text: str) -> Iterator[str]:
    """The last word, the last two, … as they are typed; nothing after a space."""
    if not text or text[-1].isspace():
        return
    for start in [word.start() for word in _WORD.finditer(text)][-MOST_WORDS:]:
        yield text[start:]


def _how(typed: str, name: str) -> int | None:
    """0 the name begins so, 1 a word of it does, 2 it holds it; None: not at all, or it is typed in full."""
    if typed == name:
        return None
    if name.startswith(typed):
        return 0
    if any(name.startswith(typed, piece.start()) for piece in _PIECE.finditer(name)):
        return 1
    return 2 if len(typed) >= SHORTEST_INSIDE and typed in name else None
