"""Whose a planned thing is, by its tags or labels: the keys that name a team on a bill."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

import knowledge


@cache
def _team_keys() -> tuple[str, ...]:
    return tuple(yaml.safe_load(knowledge.read("tag_keys.yaml"))["x_Team"])


def team_of(*labels: Any) -> str | None:
    """The team that the first of these mappings names; None where none does."""
    for one in labels:
        if not isinstance(one, Mapping):
            continue
        named = {str(key).rpartition("/")[2].lower().replace("-", "_").replace(" ", "_"): key for key in one}
        for key in _team_keys():
            value = one.get(named.get(key, ""))
            if isinstance(value, str) and value.strip():
                return value.strip()
    return None
