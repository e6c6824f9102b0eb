"""@tool, ToolContext and the protocols that a tool may use.

A tool is one typed function; its docstring is its prompt. It takes a `ToolContext`, never a global, the clock or the
environment, and gives a `ToolResult`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel

from tools.domain.allocation import AllocationRules
from tools.domain.closing import Closing
from tools.domain.passage import Found
from tools.domain.period import Period
from tools.domain.recommendation import Status
from tools.domain.records import RecordReader
from tools.domain.remediation import Proposal, ProposalView, Wish
from tools.domain.result import ToolResult
from tools.domain.scope import Scope

SqlValue = str | int | Decimal | date | None


class Rows(Protocol):
    """A query's result: column names, and rows of Python values (DECIMAL as Decimal, DATE as date, text as str)."""

    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> Sequence[tuple[Any, ...]]: ...


class SandboxRows(NamedTuple):
    """The result of ad hoc SQL: text (dates as ISO), exact numbers, and floats where DuckDB worked in binary."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[str | Decimal | float | None, ...], ...]
    is_cut: bool
    """Whether there were more rows than are given."""


class SqlSandbox(Protocol):
    """Where ad hoc SQL runs: over a copy of the rollup `daily`, locked and limited. It reads nothing else, but it does
    not judge a statement: tools.inform.sql_guard does."""

    def parse(self, sql: str) -> Mapping[str, Any]:
        """The engine's own reading of a statement, as JSON."""
        ...

    def run(self, sql: str) -> SandboxRows:
        """Raises BadRequest for what the engine refuses, and for what takes too long or too much."""
        ...


class CostReader(RecordReader, Protocol):
    """A pinned generation of the cost store; what it reads never changes under a question.

    Tables: `charges` (one row per charge; every column of `columns`) and `daily` (the rollup: `ChargeDay` DATE, the
    columns of `rollup_columns`, the sums of ROLLUP_SUMS, `x_Rows`). Both have `x_CountsForCost` and `x_CountsForUsage`
    BOOLEAN: false where another basis counts for that provider and day. Besides, a table for each kind of record
    (tools.domain.records), which `records(kind)` reads typed, and `gpu_hours`, `gpu_minutes`, `gpu_samples`
    (tools.domain.gpu).
    """

    @property
    def generation(self) -> int: ...
    @property
    def scope(self) -> Scope:
        """What the asker may see; nothing outside it is here to be read."""
        ...

    @property
    def columns(self) -> frozenset[str]:
        """Columns that some loaded file carries with a value. Always has x_Source, x_Dataset, x_CostBasis."""
        ...

    @property
    def rollup_columns(self) -> frozenset[str]:
        """Those of `columns` that `daily` has too."""
        ...

    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def loaded_from(self) -> date | None: ...
    @property
    def loaded_through(self) -> date | None:
        """The last day with usage or charges, inclusive; None for an empty store."""
        ...

    @property
    def reach(self) -> Mapping[str, date]:
        """Provider → the last day that any of its accounts covers, inclusive."""
        ...

    @property
    def gpu_columns(self) -> frozenset[str]:
        """Columns of `gpu_hours` that some loaded sample fills."""
        ...

    @property
    def gpu_span(self) -> tuple[datetime, datetime] | None:
        """The earliest and the latest GPU sample, both inclusive; None when none is loaded."""
        ...

    @property
    def gpu_sources(self) -> tuple[str, ...]: ...
    def basis_decided(self, period: Period) -> tuple[str, ...]:
        """A sentence on which cost basis counts where several cover a day of the period; () where none do."""
        ...

    def query(self, sql: str, parameters: Sequence[SqlValue] = ()) -> Rows:
        """Run one SELECT with `?` parameters."""
        ...

    def sandbox(self) -> AbstractContextManager[SqlSandbox]:
        """A place for ad hoc SQL over the asker's `daily`: `rollup_columns`, ChargeDay, x_Rows and the two flags."""
        ...

    def values(self, dimension: str) -> tuple[str, ...]:
        """The known values of a vocabulary dimension, most costly first; () when it has none."""
        ...

    def tag_keys(self) -> tuple[str, ...]:
        """Keys of Tags, most frequent first."""
        ...


class PriceBook(Protocol):
    """Prices in force on a day; see tools.pricing."""

    def quote(self, model: str, day: date, provider: str | None = None) -> Sequence[Mapping[str, Any]]: ...


class PassageFinder(Protocol):
    """The playbooks and a company's documents; see tools.playbooks."""

    def find(self, query: str, limit: int) -> Found:
        """Up to `limit` passages, best first; none when nothing comes near."""
        ...


class AllocationDesk(Protocol):
    """How a home allocates cost, and what it has charged back."""

    def rules(self) -> AllocationRules:
        """The rules in force; none without allocation.yaml. Raises BadInput for a file that can't be used."""
        ...

    def closings(self) -> Sequence[Closing]:
        """The closed months, oldest first."""
        ...


class ProposalDesk(Protocol):
    """Proposals of a home. Nothing here changes anything outside Outlay: a person approves elsewhere."""

    def propose(self, wish: Wish) -> Proposal:
        """Plan a wish against the real systems and keep it for approval; the one that waits already, for the same.

        Raises:
            BadRequest: nothing is left to do, or too much for one plan.
            BadSetting: the system is not connected; says how it is.
            NotPermitted: nobody is known to propose it.
        """
        ...

    def proposals(self) -> Sequence[ProposalView]:
        """All of them, the newest first."""
        ...


@dataclass(frozen=True)
class ExpectedLag:
    """Days by which bills and usage usually trail the day they are about; `providers` overrides it for one of them."""

    days: int = 2
    providers: Mapping[str, int] = field(default_factory=dict)

    def of(self, provider: str) -> int:
        return self.providers.get(provider, self.days)


@dataclass(frozen=True)
class ToolContext:
    """What a tool may use: the pinned store with what the asker may see, and today's date as the question sees it."""

    store: CostReader
    as_of: date
    prices: PriceBook | None = None
    passages: PassageFinder | None = None
    allocation: AllocationDesk | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    """Exchange rates stated in settings: "EUR/USD" → USD per EUR."""
    lag: ExpectedLag = ExpectedLag()
    commitment_offers: Path | None = None
    """A file of offers that the company has negotiated; see tools.optimize.commitments."""
    policies: Path | None = None
    """The rules that spend is held to; see tools.operate.policies. There may be no such file."""
    anomaly_feedback: Mapping[str, str] = field(default_factory=dict)
    """What people said of anomalies, by id: `yes`, `no` or `planned`."""
    recommendation_status: Mapping[str, Status] = field(default_factory=dict)
    """What people decided on recommendations, by id."""
    remediations: ProposalDesk | None = None


@dataclass(frozen=True)
class Tool:
    """A tool as the agent sees it."""

    name: str
    request: type[BaseModel]
    run: Callable[[ToolContext, Any], ToolResult]

    @property
    def description(self) -> str:
        return (self.run.__doc__ or "").strip()


def tool(request: type[BaseModel]) -> Callable[[Callable[[ToolContext, Any], ToolResult]], Tool]:
    """Declare a tool: `@tool(Request) def query_costs(ctx, request) -> ToolResult`."""

    def declare(run: Callable[[ToolContext, Any], ToolResult]) -> Tool:
        if not run.__doc__:
            raise TypeError(f"tool {run.__name__} needs a docstring: it is the tool's prompt")
        return Tool(run.__name__, request, _scoped(run))

    return declare


def _scoped(run: Callable[[ToolContext, Any], ToolResult]) -> Callable[[ToolContext, Any], ToolResult]:
    """Evidence names the scope it was read in, whichever tool it comes from."""

    @wraps(run)
    def within(ctx: ToolContext, request: Any) -> ToolResult:
        result = run(ctx, request)
        if ctx.store.scope.is_whole:
            return result
        return result.model_copy(update={"evidence": result.evidence.model_copy(update={"scope": ctx.store.scope})})

    return within
