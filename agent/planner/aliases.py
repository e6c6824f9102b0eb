"""Short names that people use for providers, services and regions; one typed loader for knowledge/aliases.yaml."""

from functools import cache

import yaml

import knowledge
from agent.planner.text import key_of


@cache
def aliases() -> dict[str, frozenset[str]]:
    """For each name's key the keys of all names that mean the same."""
    groups = yaml.load(knowledge.read("aliases.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise ValueError("knowledge/aliases.yaml is a list of lists of names")
    table: dict[str, frozenset[str]] = {}
    for group in groups:
        keys = frozenset(key_of(str(name)) for name in group)
        for key in keys:
            table[key] = table.get(key, frozenset()) | keys
    return table


@cache
def column_keys() -> frozenset[str]:
    """The keys of all tags that fill a column of their own when bills are loaded (knowledge/tag_keys.yaml)."""
    columns = yaml.load(knowledge.read("tag_keys.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(columns, dict):
        raise ValueError("knowledge/tag_keys.yaml is a mapping of columns to lists of tag keys")
    return frozenset(key_of(str(key)) for keys in columns.values() for key in keys)
