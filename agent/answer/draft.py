"""A draft taken apart: lines, statements and tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from agent.answer.grammar import PLACEHOLDER

TokenKind = Literal["word", "gap", "mark", "placeholder", "stray"]

_TOKENS = re.compile(
    rf"(?P<placeholder>{PLACEHOLDER.pattern})|(?P<word>[A-Za-z]+)|(?P<gap> +)|(?P<mark>[,.;:])|(?P<stray>.)", re.ASCII
)
LIST_MARK = "- "


@dataclass(frozen=True)
class Token:
    """A stretch of a draft; `handle` and `path` are a placeholder's."""

    kind: TokenKind
    text: str
    handle: str = ""
    path: str = ""


@dataclass(frozen=True)
class Statement:
    """A sentence, or what a list item says."""

    tokens: tuple[Token, ...]

    @cached_property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens).strip()


@dataclass(frozen=True)
class Line:
    is_item: bool
    """Whether it starts with a list mark or a rank."""
    statements: tuple[Statement, ...]


def lines_of(draft: str) -> tuple[Line, ...]:
    """The lines of a draft; an empty line has no statements. Nothing is lost: what is not known is a stray token."""
    return tuple(_line(text) for text in draft.split("\n"))


def _line(text: str) -> Line:
    marked = text.startswith(LIST_MARK)
    tokens = tuple(_tokens(text[len(LIST_MARK) :] if marked else text))
    ranked = bool(tokens) and tokens[0].kind == "placeholder" and tokens[0].path.endswith(".rank")
    return Line(marked or ranked, tuple(_statements(tokens)))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKENS.finditer(text):
        kind = match.lastgroup if match.lastgroup in ("word", "gap", "mark", "stray") else "placeholder"
        if kind == "placeholder":
            yield Token("placeholder", match.group(), match.group(2), match.group(3))
        else:
            yield Token(_kind(kind), match.group())


def _kind(name: str | None) -> TokenKind:
    kinds: dict[str | None, TokenKind] = {"word": "word", "gap": "gap", "mark": "mark"}
    return kinds.get(name, "stray")


def _statements(tokens: tuple[Token, ...]) -> Iterator[Statement]:
    """Split after each full stop that a gap or the line's end follows."""
    start = 0
    for index, token in enumerate(tokens):
        ends = token.text == "." and (index + 1 == len(tokens) or tokens[index + 1].kind == "gap")
        if ends:
            yield Statement(tokens[start : index + 1])
            start = index + 1
    rest = Statement(tokens[start:])
    if rest.text:
        yield rest
