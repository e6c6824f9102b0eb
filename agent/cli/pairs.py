"""KEY=VALUE options."""

from typing import TYPE_CHECKING

from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from pydantic import JsonValue


def pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """As text. Raises BadInput for one without an equals sign."""
    found: dict[str, str] = {}
    for one in given or ():
        key, equals, value = one.partition("=")
        if not equals or not key:
            raise BadInput(f"{option} {one!r} is no KEY=VALUE")
        found[key] = value
    return found


def values(given: list[str] | None, option: str = "--set") -> "dict[str, JsonValue]":
    """Numbers, true, false and JSON as such, all else as text; amounts stay exact."""
    import json

    found: dict[str, JsonValue] = {}
    for key, value in pairs(given, option).items():
        try:
            found[key] = json.loads(value, parse_float=str)
        except ValueError:
            found[key] = value
    return found
