"""JSON Patch (RFC 6902) operations, with the preconditions that keep a patch from hitting a changed object."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

Operation = Mapping[str, JsonValue]


def pointer(*path: str | int) -> str:
    """A JSON Pointer (RFC 6901): ("limits", "nvidia.com/gpu") is /limits/nvidia.com~1gpu."""
    return "".join(f"/{str(one).replace('~', '~0').replace('/', '~1')}" for one in path)


def value_at(found: Any, *path: str | int) -> Any:
    """The value there; None where there is none."""
    for one in path:
        if isinstance(found, Sequence) and isinstance(one, int):
            found = found[one]
        else:
            found = found.get(one) if isinstance(found, Mapping) else None
    return found


def unless_changed(found: Mapping[str, Any], *path: str | int) -> Operation:
    """The precondition that the value there is what was found; where there was none, that nothing of it changed.

    RFC 6902 has no test for absence, and an object's resourceVersion changes with everything in it.
    """
    value = value_at(found, *path)
    if value is None:
        path, value = ("metadata", "resourceVersion"), found["metadata"]["resourceVersion"]
    return {"op": "test", "path": pointer(*path), "value": value}


def put(found: Mapping[str, Any], value: JsonValue, *path: str | int) -> tuple[Operation, ...]:
    """Make the value there this one, None: take it away."""
    if value is None:
        return ({"op": "remove", "path": pointer(*path)},) if value_at(found, *path) is not None else ()
    return ({"op": "add", "path": pointer(*path), "value": value},)
