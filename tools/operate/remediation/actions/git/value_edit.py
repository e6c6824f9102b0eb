"""One value in a YAML or JSON file, changed where it stands: every other byte of the file stays. Pure.

The place is a JSON pointer (RFC 6901): /spec/replicas, /containers/0/image.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import PurePosixPath
from typing import Any

from tools.operate.remediation.action import NotApplicable

Scalar = str | int | float | bool | None
MOST_NODES = 100_000
_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9._/-]*$")


def with_value(path: str, text: str, pointer: str, value: Scalar, document: int = 0) -> str:
    """The file's text with another value at the pointer; `document`: which one of a YAML file, from 0.

    Raises:
        NotApplicable: the file is neither YAML nor JSON, has no such place, or changing it would change more.
    """
    parts = _parts(pointer)
    if PurePosixPath(path).suffix == ".json":
        return _in_json(text, parts, value)
    if PurePosixPath(path).suffix in (".yaml", ".yml"):
        return _in_yaml(text, parts, value, document)
    raise NotApplicable(f"{path} is neither YAML nor JSON; give a patch")


def _parts(pointer: str) -> list[str]:
    if not pointer.startswith("/"):
        raise NotApplicable(f"{pointer!r} is no place in a file; one looks like /spec/replicas")
    return [one.replace("~1", "/").replace("~0", "~") for one in pointer[1:].split("/")]


def _in_json(text: str, parts: list[str], value: Scalar) -> str:
    try:
        start, end = _json_span(text, _after_space(text, 0), parts)
        was = json.loads(text[start:end])
    except (ValueError, IndexError, RecursionError) as fault:
        raise NotApplicable(f"it can't be read as JSON: {fault}") from None
    if isinstance(was, dict | list):
        raise NotApplicable(f"/{'/'.join(parts)} holds more than one value; give a patch")
    return text[:start] + json.dumps(value, ensure_ascii=False) + text[end:]


def _json_span(text: str, at: int, parts: list[str]) -> tuple[int, int]:
    """Where the value at `parts` starts and ends, seen from a value that starts at `at`."""
    if not parts:
        return at, json.JSONDecoder().raw_decode(text, at)[1]
    found = [start for name, start in _json_children(text, at) if name == parts[0]]
    if len(found) != 1:
        raise NotApplicable(f"{parts[0]!r} is {'there more than once' if found else 'not there'}; give a patch")
    return _json_span(text, found[0], parts[1:])


def _json_children(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Name or index of each value in the object or array at `at`, and where it starts."""
    opening, at, number = text[at], _after_space(text, at + 1), 0
    if opening not in "{[":
        return
    while text[at] not in "}]":
        name = str(number)
        if opening == "{":
            name, at = scanstring(text, at + 1, True)
            at = _after_space(text, _after_space(text, at) + 1)
        yield name, at
        at = _after_space(text, json.JSONDecoder().raw_decode(text, at)[1])
        at, number = _after_space(text, at + 1) if text[at] == "," else at, number + 1


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _in_yaml(text: str, parts: list[str], value: Scalar, document: int) -> str:
    trees = _composed(text)
    if document >= len(trees):
        raise NotApplicable(f"the file has {len(trees)} documents, numbered from 0; there is none numbered {document}")
    node = _yaml_node(trees[document], parts)
    start, end = node.start_mark.index, node.end_mark.index
    old = text[start:end]
    if node.style in ("|", ">") or "\n" in old or old[:1] in ("&", "!", "*") or not old:
        raise NotApplicable(f"/{'/'.join(parts)} is written in a way that is not edited here; give a patch")
    new = text[:start] + _yaml_scalar(value, node.style) + text[end:]
    wanted = [(document, *parts)]
    if _differing(trees, _composed(new)) not in (wanted, []):
        raise NotApplicable(f"changing /{'/'.join(parts)} would change other values too, by an anchor; give a patch")
    return new


def _yaml_scalar(value: Scalar, style: str | None) -> str:
    """The value as YAML writes it: plain where it was plain, and reads back as the same."""
    plain = isinstance(value, str) and style is None and bool(_PLAIN.match(value))
    written = [str(value)] if plain else []
    for text in (*written, json.dumps(value, ensure_ascii=False), json.dumps(value)):
        if _reads_as(text, value):
            return text
    raise NotApplicable(f"{value!r} can't be written as YAML here; give a patch")


def _reads_as(text: str, value: Scalar) -> bool:
    import yaml

    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError:
        return False
    return type(read) is type(value) and bool(read == value)


def _composed(text: str) -> list[Any]:
    import yaml

    try:
        return list(yaml.compose_all(text, yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError) as fault:
        told = " ".join(str(fault).split())[:200]
        raise NotApplicable(f"it can't be read as YAML: {told}") from None


def _yaml_node(node: Any, parts: list[str]) -> Any:
    import yaml

    for part in parts:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if getattr(key, "value", None) == part]
        elif isinstance(node, yaml.SequenceNode) and part.isdigit():
            found = node.value[int(part) : int(part) + 1]
        else:
            found = []
        if len(found) != 1:
            raise NotApplicable(f"{part!r} is {'there more than once' if found else 'not there'}; give a patch")
        node = found[0]
    if not isinstance(node, yaml.ScalarNode):
        raise NotApplicable(f"/{'/'.join(parts)} holds more than one value; give a patch")
    return node


def _differing(one: list[Any], other: list[Any]) -> list[tuple[int | str, ...]]:
    """Places where two files differ."""
    was, now = (dict(_leaves(trees)) for trees in (one, other))
    return sorted((path for path in was.keys() | now.keys() if was.get(path) != now.get(path)), key=str)


def _leaves(trees: list[Any]) -> list[tuple[tuple[int | str, ...], tuple[str, str]]]:
    leaves = [leaf for number, tree in enumerate(trees) for leaf in islice(_walk(tree, (number,)), MOST_NODES + 1)]
    if len(leaves) > MOST_NODES:
        raise NotApplicable("the file's anchors unfold to too many values; give a patch")
    return leaves


def _walk(node: Any, path: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], tuple[str, str]]]:
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(value, (*path, str(getattr(key, "value", key))))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*path, str(number)))
    if not isinstance(node, yaml.ScalarNode):
        yield path, (getattr(node, "tag", ""), f"{len(getattr(node, 'value', ()))} values")
    else:
        yield path, (node.tag, node.value)
