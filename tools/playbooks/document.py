"""Document: a title, and sections that can be quoted one by one; read from Markdown with a few lines of front matter.

---
title: Idle GPUs
kind: lever
tags: idle gpu, zombie gpu
sources: NVIDIA DCGM documentation; FinOps Foundation KPI library
checked: 2026-11-24
---
What stands before the first heading.
## When it applies
…
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

DocumentKind = Literal["lever", "kpi", "explanation", "quirks", "company"]

LONGEST_PASSAGE = 1600
"""Characters; a longer section is told in parts, cut between paragraphs."""

_FENCE, _ASKED = "---", "Answers:"
_HEADING = re.compile(r"(#{1,3})\s+(.+?)\s*#*\s*$")


@dataclass(frozen=True)
class Section:
    """What stands under one heading, short enough to be quoted."""

    file: str
    title: str
    heading: str
    text: str
    asked: tuple[str, ...] = ()
    """Questions that it answers, in other words than its own."""


@dataclass(frozen=True)
class Document:
    """A file's sections, with what its front matter says."""

    file: str
    title: str
    kind: DocumentKind
    sections: tuple[Section, ...]
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    checked: str = ""


def parse_document(file: str, source: str, *, title: str = "", kind: DocumentKind | None = None) -> Document:
    """A Markdown file as a document; `title` stands in where neither front matter nor a first heading gives one.

    `kind` overrules the front matter's.

    Raises ValueError for a `kind` that is not known.
    """
    front, body = _front_matter(source)
    first = next((match[2] for line in body.splitlines() if (match := _HEADING.match(line)) and match[1] == "#"), "")
    name = front.get("title") or first or title or file
    return Document(
        file=file,
        title=name,
        kind=kind or _kind(file, front.get("kind", "")),
        sections=tuple(
            Section(file, name, part_heading, part, asked)
            for heading, block in _blocks(body)
            for asked, text in [_asked(block)]
            for part_heading, part in _parts(heading or name, text)
        ),
        tags=_split(front.get("tags", ""), ","),
        sources=_split(front.get("sources", ""), ";"),
        checked=front.get("checked", ""),
    )


def _kind(file: str, name: str) -> DocumentKind:
    kinds: dict[str, DocumentKind] = {kind: kind for kind in get_args(DocumentKind)}
    if name not in kinds:
        raise ValueError(f"{file}: kind={name!r} is not known; use one of {', '.join(kinds)}")
    return kinds[name]


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """`key: value` lines between two `---`; nothing else of YAML is read."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != _FENCE or _FENCE not in [line.strip() for line in lines[1:]]:
        return {}, text
    end = [line.strip() for line in lines].index(_FENCE, 1)
    pairs = (line.partition(":") for line in lines[1:end] if ":" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}, "\n".join(lines[end + 1 :])


def _blocks(body: str) -> Iterator[tuple[str, str]]:
    """Heading and text of each stretch; below a level-two heading a third level is told with it: `Spot › Risks`."""
    heading, above, lines, fenced = "", "", list[str](), False
    for line in body.splitlines():
        fenced ^= line.lstrip().startswith("```")
        match = None if fenced else _HEADING.match(line)
        if match is None:
            lines.append(line)
            continue
        if text := "\n".join(lines).strip():
            yield heading, text
        level, words = len(match[1]), match[2]
        heading = f"{above} › {words}" if level == 3 and above else words
        above = words if level == 2 else above if level == 3 else ""
        lines = []
    if text := "\n".join(lines).strip():
        yield heading, text


def _asked(block: str) -> tuple[tuple[str, ...], str]:
    first, _, rest = block.partition("\n")
    if not first.startswith(_ASKED):
        return (), block
    questions = tuple(f"{part.strip()}?" for part in first.removeprefix(_ASKED).split("?") if part.strip())
    return questions, rest.strip()


def _parts(heading: str, text: str) -> Iterator[tuple[str, str]]:
    parts = list(pieces(text, LONGEST_PASSAGE))
    for number, part in enumerate(parts, start=1):
        yield (f"{heading} (part {number} of {len(parts)})" if len(parts) > 1 else heading), part


def pieces(text: str, longest: int) -> Iterator[str]:
    """The text in pieces of at most `longest` characters: whole paragraphs, else lines, sentences, words."""
    held = ""
    for atom in _atoms(text, longest, ("\n\n", "\n", ". ", " ")):
        if held and len(held) + len(atom) > longest:
            yield held.strip()
            held = ""
        held += atom
    if held.strip():
        yield held.strip()


def _atoms(text: str, longest: int, separators: tuple[str, ...]) -> Iterator[str]:
    if len(text) <= longest:
        yield text
    elif not separators:
        yield from (text[start : start + longest] for start in range(0, len(text), longest))
    elif separators[0] not in text:
        yield from _atoms(text, longest, separators[1:])
    else:
        for part in text.split(separators[0]):
            yield from _atoms(part + separators[0], longest, separators[1:])


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())
