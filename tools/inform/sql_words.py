"""The words that ad hoc SQL may use: the one loader of knowledge/sql.yaml."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

import knowledge


class SqlWords(BaseModel):
    """Allowed names by kind, and those refused with a reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    operators: frozenset[str]
    aggregates: frozenset[str]
    windows: frozenset[str]
    dates: frozenset[str]
    text: frozenset[str]
    numbers: frozenset[str]
    tables: frozenset[str]
    types: frozenset[str]
    changing: frozenset[str]
    labels: frozenset[str]
    """What a model may call its columns, besides the rollup's own words."""

    @field_validator("*", mode="before")
    @classmethod
    def _flat(cls, written: Any) -> frozenset[str]:
        """A list of names, or of lists of names."""
        return frozenset(_names(written))

    @property
    def functions(self) -> frozenset[str]:
        return self.operators | self.aggregates | self.windows | self.dates | self.text | self.numbers


def _names(written: Iterable[Any]) -> Iterable[str]:
    for one in written:
        if isinstance(one, str):
            yield one
        else:
            yield from _names(one)


@cache
def sql_words() -> SqlWords:
    """Raises ValueError when the file is not what it should be."""
    return SqlWords.model_validate(yaml.safe_load(knowledge.read("sql.yaml")))
