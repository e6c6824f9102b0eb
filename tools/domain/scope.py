"""Row filters: those a question asks for, and those granted to the asker."""

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tools.domain.focus import BY_NAME

TAG = "tag:"
FilterOperator = Literal["in", "not_in", "contains", "starts_with", "is_null", "is_not_null"]


class Filter(BaseModel):
    """One condition on a dimension; several filters are joined by AND, several values by OR."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dimension: str = Field(description="a dimension such as ServiceName, x_Model or tag:team")
    operator: FilterOperator = "in"
    values: tuple[str, ...] = Field(
        default=(), description="values as they stand in the data; none for is_null and is_not_null"
    )


class Scope(BaseModel):
    """What the asker may see. The store applies it; no prompt can widen it. Empty: everything.

    A row is inside when for each filter its column (or tag) has exactly one of the values; a row without a value is
    outside. Other than in a question, names and values are compared as they are written.
    """

    model_config = ConfigDict(frozen=True)

    filters: tuple[Filter, ...] = ()

    @field_validator("filters")
    @classmethod
    def _can_be_applied(cls, filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
        for one in filters:
            if one.operator != "in" or not one.values:
                raise ValueError(f"a scope lists the values of {one.dimension} that may be seen")
            if not _is_filterable(one.dimension):
                raise ValueError(
                    f"{one.dimension!r} can't be what a scope goes by; use a text column of FOCUS such as SubAccountId "
                    "or ServiceName, an x_ column such as x_Team, or tag:KEY"
                )
        by_name = sorted(filters, key=lambda one: (one.dimension, one.values))
        return tuple(one.model_copy(update={"values": tuple(sorted(set(one.values)))}) for one in by_name)

    @property
    def is_whole(self) -> bool:
        return not self.filters

    @property
    def digest(self) -> str:
        """The same for scopes that let the same rows through by the same filters."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]

    def covers(self, other: "Scope") -> bool:
        """Whether all that `other` lets through is certain to be inside this scope."""
        return all(
            any(theirs.dimension == own.dimension and set(theirs.values) <= set(own.values) for theirs in other.filters)
            for own in self.filters
        )


def _is_filterable(dimension: str) -> bool:
    if dimension.startswith(TAG):
        return len(dimension) > len(TAG)
    known = BY_NAME.get(dimension)
    return known.kind == "text" if known else dimension.startswith("x_") and len(dimension) > 2
