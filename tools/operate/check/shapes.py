"""Parts of a plan by the shape they should have; what has another shape is as if it were not there."""

from collections.abc import Mapping, Sequence
from typing import Any


def mapping_of(value: Any, *path: str) -> Mapping[str, Any]:
    """The mapping at a path inside a value."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def list_of(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def mappings_of(value: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list."""
    return [one for one in list_of(value) if isinstance(one, Mapping)]


def texts_of(value: Any) -> list[str]:
    """The texts of a list."""
    return [one for one in list_of(value) if isinstance(one, str)]
