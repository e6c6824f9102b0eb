"""Row filters: those a question asks for, and those granted to the asker."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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
    """What the asker may see. The store applies it; no prompt can widen it. Empty: everything."""

    model_config = ConfigDict(frozen=True)

    filters: tuple[Filter, ...] = ()
