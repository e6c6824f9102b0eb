"""Judging a store: its ledger, whether it can answer, and the incidents in it. Shared by the anomaly tools."""

from dataclasses import dataclass
from datetime import date, timedelta

from tools.domain.errors import BadRequest, NoData
from tools.domain.scope import Filter
from tools.inform.anomalies.find_incidents import find_incidents
from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.ledger import WATCHED, Ledger, read_ledger
from tools.inform.anomalies.rules import RULES
from tools.registry import ToolContext

HISTORY_DAYS = RULES.history_seasons * RULES.season


@dataclass(frozen=True)
class Judged:
    """`since` is the first day that was judged; `others` are currencies that were left out."""

    incidents: tuple[Incident, ...]
    since: date
    through: date
    currency: str
    others: tuple[str, ...]
    ledger: Ledger
    """What was judged."""


def judge(ctx: ToolContext, currency: str | None, within: tuple[Filter, ...] = ()) -> Judged:
    """Incidents in what is loaded before the day that is asked as of.

    Raises:
        NoData: nothing is loaded, or too little history to know what is usual.
        BadRequest: `within` names a dimension that is not watched, or values that have no charges.
    """
    chosen, others = currency_of(ctx, currency)
    ledger = read_ledger(ctx.store, chosen, ctx.as_of)
    if ledger is None:
        raise NoData(_nothing(ctx, chosen), "absent" if ctx.store.loaded_through else "not_loaded")
    ledger = _narrowed(ledger, within)
    if ledger.days <= HISTORY_DAYS:
        last = ledger.day_at(ledger.days - 1)
        raise NoData(
            f"to tell what is unusual takes more than {HISTORY_DAYS} days of costs; there are {ledger.days} here, "
            f"{ledger.start} to {last}",
            "not_loaded",
        )
    first = ledger.start + timedelta(days=HISTORY_DAYS)
    return Judged(tuple(find_incidents(ledger)), first, ledger.day_at(ledger.days - 1), chosen, others, ledger)


def currency_of(ctx: ToolContext, asked: str | None) -> tuple[str, tuple[str, ...]]:
    """The currency asked for, or the one of most charges, and the others that there are."""
    if "BillingCurrency" not in ctx.store.rollup_columns:
        return asked or "USD", ()
    sql = 'SELECT "BillingCurrency" FROM daily WHERE x_CountsForCost GROUP BY 1 ORDER BY count(*) DESC, 1'
    known = [str(row[0]) for row in ctx.store.query(sql).rows if row[0] is not None]
    chosen = asked or (known[0] if known else "USD")
    return chosen, tuple(one for one in known if one != chosen)


def _nothing(ctx: ToolContext, currency: str) -> str:
    if ctx.store.loaded_through is None:
        return "nothing is loaded yet"
    return (
        f"there are no usage charges in {currency} before {ctx.as_of}; "
        f"the store is loaded from {ctx.store.loaded_from} through {ctx.store.loaded_through}"
    )


def _narrowed(ledger: Ledger, within: tuple[Filter, ...]) -> Ledger:
    """Only the leaves with the values asked for, as a company of their own."""
    import numpy as np

    kept = np.ones(len(ledger.values), np.bool_)
    for one in within:
        if one.operator not in ("in", "not_in") or one.dimension not in ledger.dimensions:
            raise BadRequest(
                f"anomalies can be narrowed by the values of {', '.join(WATCHED)} only; got {one.dimension} "
                f"{one.operator}"
            )
        place, wanted = ledger.dimensions.index(one.dimension), {value.casefold() for value in one.values}
        found = np.array([str(row[place]).casefold() in wanted for row in ledger.values])
        kept &= found if one.operator == "in" else ~found
    if not kept.any():
        raise BadRequest(f"no usage charge has {' and '.join(' or '.join(one.values) for one in within)}")
    number = np.cumsum(kept) - 1
    held = kept[ledger.leaf]
    values = tuple(row for row, keep in zip(ledger.values, kept, strict=True) if keep)
    return Ledger(
        ledger.dimensions, values, number[ledger.leaf[held]], ledger.day[held], ledger.cost[held], ledger.start,
        ledger.days, ledger.currency,
    )  # fmt: skip
