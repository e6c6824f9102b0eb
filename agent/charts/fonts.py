"""Fonts for the names of a chart: DejaVu Sans, and others that are installed here for what it has no glyph of."""

from dataclasses import dataclass
from functools import cache

MAIN = "DejaVu Sans"
"""Comes with matplotlib."""
_SHOWS_BOXES = "Last Resort"
"""A font with a box for every character, which says nothing."""


@dataclass(frozen=True)
class Fonts:
    """Families in the order in which a glyph is looked for, and the characters that none of them has."""

    families: tuple[str, ...]
    missing: frozenset[str]


def fonts_for(text: str) -> Fonts:
    """The fewest further fonts that an installed choice allows, those with most of the missing glyphs first."""
    families, missing = [MAIN], _without_glyph(text)
    others = {name: letters for name, letters in _installed().items() if name != MAIN} if missing else {}
    while missing and others:
        best = max(sorted(others), key=lambda name: len(missing & others[name]))
        if not missing & others[best]:
            break
        families.append(best)
        missing -= others.pop(best)
    return Fonts(tuple(families), frozenset(missing))


def _without_glyph(text: str) -> set[str]:
    from matplotlib.font_manager import findfont

    return {letter for letter in text if letter.isprintable()} - _letters(findfont(MAIN))


@cache
def _installed() -> dict[str, frozenset[str]]:
    """The families installed here with what each can write; a file that can't be read is left out."""
    from matplotlib.font_manager import fontManager

    found: dict[str, frozenset[str]] = {}
    for entry in fontManager.ttflist:
        if entry.name.startswith(_SHOWS_BOXES) or entry.name in found or entry.style != "normal":
            continue
        try:
            found[entry.name] = _letters(entry.fname)
        except (OSError, RuntimeError):
            continue
    return found


@cache
def _letters(path: str) -> frozenset[str]:
    from matplotlib.font_manager import get_font

    return frozenset(map(chr, get_font(path).get_charmap()))
