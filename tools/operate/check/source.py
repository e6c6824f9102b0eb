"""The text of a plan, and its YAML or JSON documents with the line of every part."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.domain.errors import BadInput

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH, MAX_PARTS = 60, 2_000_000
STDIN = "-"
RENDER_FIRST = "template expressions {{ … }} have to be rendered first (helm template, kustomize build)"
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Source:
    """A plan's file."""

    name: str
    """As it was given, with forward slashes."""
    text: str


@dataclass(frozen=True)
class Document:
    """One document: mappings, lists, and every scalar as the text that is written; None for null."""

    value: Any
    lines: dict[Place, int]

    def line(self, *place: str | int) -> int:
        """The line of a part, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_source(path: str) -> Source:
    """The text of a file; of standard input for `-`. Raises BadInput for what is no text."""
    if path == STDIN:
        return Source("stdin", sys.stdin.read())
    file = Path(path)
    try:
        if file.is_dir():
            raise BadInput(f"{path} is a folder; name the files in it: outlay check {path}/*")
        if file.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path} has {file.stat().st_size} bytes; a plan has at most {MAX_BYTES}")
        return Source(_named(file), file.read_text("utf-8-sig"))
    except OSError as fault:
        raise BadInput(f"{path} can't be read ({fault.strerror})") from fault
    except UnicodeDecodeError:
        raise BadInput(f"{path} is no text; of a Terraform plan take the output of terraform show -json PLAN") from None


def _named(file: Path) -> str:
    """Relative to where the check runs, as code scanning wants it, where it lies below."""
    here = Path.cwd()
    return (file.relative_to(here) if file.is_absolute() and file.is_relative_to(here) else file).as_posix()


def documents(source: Source) -> tuple[Document, ...]:
    """The YAML documents of a text; empty ones are left out. Raises BadInput for what is no YAML."""
    try:
        nodes = list(yaml.compose_all(source.text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        hint = f"; {RENDER_FIRST}" if "{{" in source.text else ""
        raise BadInput(f"{source.name}{where}: not YAML or JSON: {getattr(fault, 'problem', fault)}{hint}") from None
    return tuple(_document(source, node) for node in nodes if node is not None)


def _document(source: Source, node: yaml.Node) -> Document:
    lines: dict[Place, int] = {}
    return Document(_value(source, node, (), lines), lines)


def _value(source: Source, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    line = node.start_mark.line + 1
    lines[place] = line
    if len(place) > MAX_DEPTH or len(lines) > MAX_PARTS:
        raise BadInput(f"{source.name} line {line}: nested too deep")
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag.endswith(":null") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(source, item, (*place, number), lines) for number, item in enumerate(node.value)]
    return dict(_pairs(source, node, place, lines))


def _pairs(source: Source, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Iterator[tuple[str, Any]]:
    """The pairs of a mapping, those that are merged in (<<) first, so that its own win."""
    merged = [value for key, value in node.value if key.tag.endswith(":merge")]
    for one in merged:
        for each in one.value if isinstance(one, yaml.SequenceNode) else [one]:
            if isinstance(each, yaml.MappingNode):
                yield from _pairs(source, each, place, lines)
    for key, value in node.value:
        if key.tag.endswith(":merge"):
            continue
        if not isinstance(key, yaml.ScalarNode):
            line = key.start_mark.line + 1
            raise BadInput(f"{source.name} line {line}: a mapping stands where a name should; {RENDER_FIRST}")
        found = _value(source, value, (*place, key.value), lines)
        lines[*place, key.value] = key.start_mark.line + 1
        yield key.value, found
