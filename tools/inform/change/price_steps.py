"""When a model's price changed: what was charged per million tokens, day by day, and where that stepped."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.inform.change.steps import stepped

LEAST_STEP = 0.01
_KEYS = ("x_TokenType", "SkuMeter", "x_ServiceTier", "ConsumedUnit", "PricingUnit")
Point = tuple[date, Decimal, Decimal]
"""Day, cost, quantity."""


@dataclass(frozen=True)
class Meter:
    """What a price is of."""

    kind: str | None
    tier: str | None
    unit: str | None

    @property
    def words(self) -> str:
        """`input tokens`, `batch output`: the kind of token or the meter, and a tier other than the standard one."""
        named = [self.tier if self.tier != "standard" else None, self.kind]
        return " ".join(one.replace("_", " ").lower() for one in named if one)

    @property
    def scale(self) -> int:
        """From its unit to a million tokens."""
        return 1 if (self.unit or "").upper().startswith("1M") else 1_000_000


def price_query(columns: Collection[str], metric: str) -> str | None:
    """Cost and quantity of a model by day and meter; its values are model, provider, first day, end. None where the
    bills have no quantities."""
    quantity = [name for name in ("ConsumedQuantity", "PricingQuantity") if name in columns]
    if not quantity or "HostProviderName" not in columns:
        return None
    keys = ", ".join(name if name in columns else f"NULL AS {name}" for name in _KEYS)
    return (
        f"SELECT CAST(ChargePeriodStart AS DATE) AS Day, {keys}, SUM({metric}) AS cost,\n"
        f"  SUM(COALESCE({', '.join(quantity)})) AS quantity\nFROM charges\n"
        "WHERE x_CountsForCost AND x_Model = ? AND HostProviderName = ?\n"
        "  AND ChargePeriodStart >= CAST(? AS DATE) AND ChargePeriodStart < CAST(? AS DATE)\n"
        "GROUP BY ALL\nHAVING quantity > 0 AND cost > 0\nORDER BY ALL"
    )


def price_step(model: str, currency: str, rows: Sequence[tuple[Any, ...]]) -> str | None:
    """The change of price of the costliest meter that has one, with its day; None where none has."""
    series: dict[Meter, list[Point]] = defaultdict(list)
    for day, kind, meter, tier, consumed, priced, cost, quantity in rows:
        series[Meter(kind or meter, tier, consumed or priced)].append((day, cost, quantity))
    for one, points in sorted(series.items(), key=lambda item: (-sum(point[1] for point in item[1]), str(item[0]))):
        prices = [float(cost / quantity) * one.scale for _, cost, quantity in points]
        if (found := stepped([point[0] for point in points], prices, LEAST_STEP)) is not None:
            day, before, after = found
            return f"price change on {day}: {model} {one.words} from {before:.4g} to {after:.4g} {currency} per million"
    return None
