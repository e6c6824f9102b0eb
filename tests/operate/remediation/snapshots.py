"""Comparing snapshots of a world, field by field."""

import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from tests.operate.remediation.worlds import Snapshot


def differences(one: Snapshot, other: Snapshot, except_for: Mapping[str, str] | None = None) -> list[str]:
    """ "thing/field: was, is" for every field that differs, but those whose path an exception matches."""
    was, now = dict(_fields(one)), dict(_fields(other))
    paths = sorted(path for path in was.keys() | now.keys() if was.get(path, _ABSENT) != now.get(path, _ABSENT))
    allowed = [re.compile(pattern) for pattern in except_for or ()]
    return [
        f"{path}: was {was.get(path, _ABSENT)!r}, is {now.get(path, _ABSENT)!r}"
        for path in paths
        if not any(pattern.search(path) for pattern in allowed)
    ]


class _Absent:
    def __repr__(self) -> str:
        return "absent"


_ABSENT = _Absent()


def _fields(value: JsonValue | Snapshot, path: str = "") -> Iterator[tuple[str, object]]:
    parts: list[tuple[str, JsonValue]] = []
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = [(str(number), one) for number, one in enumerate(value)]
    if not parts:
        yield path, value
    for name, one in parts:
        yield from _fields(one, f"{path}/{name}" if path else name)


def things_changed(one: Snapshot, other: Snapshot) -> list[str]:
    """The things that differ in anything, or that only one of the two has."""
    return sorted(thing for thing in one.keys() | other.keys() if one.get(thing) != other.get(thing))
