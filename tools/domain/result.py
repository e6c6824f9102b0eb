"""ToolResult: typed cells with their evidence; numbers and names, never prose."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoDataReason
from tools.domain.period import Period
from tools.domain.scope import Scope

Cell = str | Decimal | None
"""A name or ISO date, an exact number, or unknown. Counts are Decimals too."""

ColumnKind = Literal[
    "dimension",
    "time",
    "metric",
    "share",
    "previous",
    "change",
    "change_ratio",
    "quotation",
    "detail",
    "limit",
    "background",
]
"""`quotation`: a passage of a document, told word for word and as such. `detail`: text about a row, not its name.
`limit`: what stands beside a forecast; `background`: the same, for machines and single statements, not for tables."""


class Column(BaseModel):
    """A column of a result.

    `unit`: an ISO currency, `tokens`, `requests`, `ratio` (0–1), `USD/1M tokens`, …; None for names.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    kind: ColumnKind
    label: str
    """What people call it: "effective cost", "model"."""
    plural: str = ""
    """For dimensions: "models"."""
    unit: str | None = None
    metric: str | None = None
    """The metric a metric, share, previous or change column belongs to."""


class Evidence(BaseModel):
    """Enough to run a result's query again, and to judge it."""

    model_config = ConfigDict(frozen=True)

    sql: str
    parameters: tuple[str | int | Decimal | date | None, ...] = ()
    arguments: dict[str, Any] = Field(default_factory=dict)
    """The tool's request as JSON, with defaults resolved (period, order)."""
    period: Period | None = None
    compare_period: Period | None = None
    generation: int = 0
    """The store's generation that was read; `outlay verify` reads the same one."""
    scope: Scope = Field(default=Scope(), exclude_if=lambda scope: scope.is_whole)
    """What the asker might see. Left out when it is everything, so that older answers keep their seal."""
    row_count: int = 0
    """Groups found before `limit` cut them."""
    loaded_through: date | None = None
    """The last day with data, inclusive."""
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()


class ToolResult(BaseModel):
    """What a tool gives: rows of cells in the order of `columns`.

    `totals` has, for each additive metric column, the total over all groups (not only those shown), and
    for each ratio its value over all groups. `other_row` is the index of the row that sums up what `limit` cut off.
    """

    model_config = ConfigDict(frozen=True)

    tool: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    totals: dict[str, Decimal | None] = Field(default_factory=dict)
    other_row: int | None = None
    evidence: Evidence
    no_data: str | None = None
    """Set when there is nothing: the message for people. Rows are empty then."""
    no_data_reason: NoDataReason | None = None
    missing_column: str | None = None
    suggestions: tuple[str, ...] = ()
    """Questions that would have an answer."""

    def column_index(self, name: str) -> int:
        """The position of a column. Raises KeyError when there is none of that name."""
        for index, column in enumerate(self.columns):
            if column.name == name:
                return index
        raise KeyError(name)
