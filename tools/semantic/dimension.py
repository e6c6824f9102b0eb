"""Dimension: what costs are grouped and filtered by, as knowledge/dimensions.yaml declares it."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

TAG_PREFIX = "tag:"
SKU_PREFIX = "sku:"


class Dimension(BaseModel):
    """A column, a key of a JSON column, or a column with another to fall back on."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str
    label: str
    plural: str
    synonyms: tuple[str, ...] = ()
    column: str = ""
    fallback: str | None = Field(default=None, alias="else")
    json_column: str | None = Field(default=None, alias="json")
    identifier: str | None = Field(default=None, alias="id")
    type: Literal["text", "date"] = "text"

    @property
    def store_column(self) -> str:
        """The column of the store that it is read from."""
        return self.json_column or self.column or self.name

    @property
    def key(self) -> str:
        """The key inside a JSON column."""
        return self.column or self.name


def generic_dimension(name: str) -> Dimension | None:
    """`tag:KEY` and `sku:KEY` (a key of SkuPriceDetails), which need no declaration; None for other names."""
    prefix, _, key = name.partition(":")
    if not key.strip() or prefix.lower() not in ("tag", "sku"):
        return None
    json_column = "Tags" if prefix.lower() == "tag" else "SkuPriceDetails"
    return Dimension(name=f"{prefix.lower()}:{key}", label=key, plural=key, column=key, json=json_column)


def column_dimension(column: str) -> Dimension:
    """A column of the store that no file declares, such as `x_CostCenter` of someone's own bill."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", column.removeprefix("x_")).strip().lower() or column
    return Dimension(name=column, label=words, plural=words)
