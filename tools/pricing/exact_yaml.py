"""YAML or JSON with every scalar as the text that is written, so that 0.1 stays 0.1."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tools.domain.errors import BadInput

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 20


@dataclass
class Located:
    """A document, and the line (from 1) on which each of its parts begins."""

    value: Any = None
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        return self.lines.get(path, 1)

    def where(self, file: str, path: tuple[str | int, ...], what: str = "rule") -> str:
        """`policies.yaml line 12, rule 'gpu-quota'`: the nearest part that is there; `what` has the name."""
        while path and path not in self.lines:
            path = path[:-1]
        value, name = self.value, ""
        for step in path:
            value = value[step]
            if isinstance(value, dict) and isinstance(value.get("name"), str):
                name = f", {what} {value['name']!r}"
        return f"{file} line {self.line(*path)}{name}"


def read_exact(path: Path) -> Located:
    """Read a YAML or JSON file: mappings, lists, text and None. Raises BadInput for anything else."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path.name} has {path.stat().st_size} bytes; such a file has at most {MAX_BYTES}")
        text = path.read_text("utf-8-sig")
    except OSError as fault:
        raise BadInput(f"{path} can't be read ({fault.strerror})") from fault
    except UnicodeDecodeError as fault:
        raise BadInput(f"{path.name} is not UTF-8 text (byte {fault.start}); save it as UTF-8") from fault
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path.name}{where}: not YAML or JSON: {getattr(fault, 'problem', None) or fault}") from fault
    document = Located()
    document.value = _value(path.name, node, (), document)
    return document


def _value(file: str, node: yaml.Node | None, path: tuple[str | int, ...], document: Located) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    document.lines[path] = line
    if len(path) > MAX_DEPTH or len(document.lines) > 1_000_000:
        raise BadInput(f"{file} line {line}: nested too deep")
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag.endswith(":null") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(file, item, (*path, index), document) for index, item in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            raise BadInput(f"{file} line {key.start_mark.line + 1}: {key.value!s:.40} stands there twice or is no name")
        found[key.value] = _value(file, value, (*path, key.value), document)
    return found
