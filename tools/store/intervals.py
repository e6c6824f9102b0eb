"""Usage records replace the interval that they cover: what the store holds outside it is written again beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tools.store.engine import identifier, text
from tools.store.layout import Layout
from tools.store.manifest import Manifest, Segment
from tools.store.plan import LoadPlan
from tools.store.relations import charges_relation

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Merged:
    """The relation to write: the load's rows and those kept of the segments it replaces."""

    relation: str
    old: tuple[Segment, ...] = ()
    kept_rows: int = 0
    loads: Mapping[tuple[str, date], tuple[str, ...]] = field(default_factory=dict)
    """(source, billing period) → the earlier loads that kept rows come from."""


def merge_kept_rows(
    connection: "duckdb.DuckDBPyConnection", layout: Layout, manifest: Manifest, plan: LoadPlan
) -> Merged:
    """Find, for each source, the interval [earliest start, latest end) and the rows outside it to keep."""
    if plan.replace == "billing_period":
        return Merged(plan.relation)
    old, inside = _overlapped(connection, manifest, plan)
    if not old:
        return Merged(plan.relation)
    kept = f"SELECT * FROM ({charges_relation(layout, old)}) WHERE NOT ({inside})"
    present = {name for one in old for name in one.columns} | _columns(connection, plan.relation)
    names = ", ".join(identifier(name) for name in sorted(_columns(connection, f"({kept})") & present))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW kept_rows AS SELECT {names} FROM ({kept})")
    counts = connection.execute(
        'SELECT "x_Source", CAST("BillingPeriodStart" AS DATE), count(*) FROM kept_rows GROUP BY ALL'
    ).fetchall()
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW merged_rows AS SELECT * FROM {plan.relation} UNION ALL BY NAME FROM kept_rows"
    )
    loads = {(source, period): _loads_of(old, source, period) for source, period, _ in counts}
    return Merged("merged_rows", tuple(old), sum(count for *_, count in counts), loads)


def _overlapped(
    connection: "duckdb.DuckDBPyConnection", manifest: Manifest, plan: LoadPlan
) -> tuple[list[Segment], str]:
    end_of_row = (
        'GREATEST(COALESCE("ChargePeriodEnd", "ChargePeriodStart"), "ChargePeriodStart" + INTERVAL 1 MICROSECOND)'
    )
    spans = connection.execute(
        f'SELECT "x_Source", min("ChargePeriodStart"), max({end_of_row}), '
        f'list(DISTINCT CAST("BillingPeriodStart" AS DATE)) FROM {plan.relation} GROUP BY 1'
    ).fetchall()
    old, inside = list[Segment](), []
    for source, start, end, periods in spans:
        inside.append(
            f'("x_Source" = {text(source)} AND "ChargePeriodStart" >= TIMESTAMP \'{start}\' '
            f"AND \"ChargePeriodStart\" < TIMESTAMP '{end}')"
        )
        own = [one for one in manifest.segments if (one.source, one.dataset) == (source, plan.dataset)]
        old += [
            one for one in own if one.billing_period in periods or (one.first_start < end and one.last_start >= start)
        ]
    return old, " OR ".join(inside)


def _columns(connection: "duckdb.DuckDBPyConnection", relation: str) -> set[str]:
    return {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}


def _loads_of(old: list[Segment], source: str, period: date) -> tuple[str, ...]:
    loads = [load for one in old if (one.source, one.billing_period) == (source, period) for load in one.loads]
    return tuple(dict.fromkeys(loads))
