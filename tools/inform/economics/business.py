"""Business metrics as series: which rows count for a question, and how the days of a period add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from tools.domain.errors import NoData
from tools.domain.period import Period, first_of_next_month
from tools.domain.records import BusinessMetric
from tools.domain.scope import Filter
from tools.registry import ToolContext
from tools.semantic.numbers import over, total


class MetricRules(BaseModel):
    """knowledge/business_metrics.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: tuple[str, ...]
    benefit: tuple[str, ...]
    units: tuple[str, ...]


@cache
def load_metric_rules() -> MetricRules:
    text = (files("knowledge") / "business_metrics.yaml").read_text("utf-8")
    return MetricRules.model_validate(yaml.safe_load(text))


@dataclass(frozen=True)
class Series:
    """One metric's values that count for a question, by the first day of what they cover.

    `is_monthly`: every value is stamped with the first of a month, and covers it. `is_level`: the mean of the values
    stands for a period, not their sum. `is_shared`: the values are of the whole business, though a part was asked for.
    """

    name: str
    values: dict[date, Decimal]
    unit: str | None
    is_monthly: bool
    is_level: bool
    is_shared: bool = False

    @property
    def noun(self) -> str:
        """What one of it is: `active_customers` → `active customer`."""
        return " ".join(singular(word) for word in words_of(self.name))

    @property
    def covered(self) -> Period:
        last = max(self.values)
        end = first_of_next_month(last) if self.is_monthly else last + timedelta(days=1)
        return Period(start=min(self.values), end=end)

    def clipped(self, period: Period) -> Period | None:
        """The part of a period that the values cover; monthly ones cover whole months only."""
        both = self.covered.overlap(period)
        if both is None or not self.is_monthly:
            return both
        months = [day for day in self.values if period.start <= day and first_of_next_month(day) <= period.end]
        return Period(start=min(months), end=first_of_next_month(max(months))) if months else None

    def amount(self, period: Period) -> Decimal | None:
        """The sum of the values in a period, for a level their mean; None without a value."""
        inside = [value for day, value in self.values.items() if period.contains(day)]
        added = total(inside)
        return over(added, Decimal(len(inside))) if self.is_level else added

    def missing_days(self, period: Period) -> int:
        """Days of the period without a value; 0 for monthly values."""
        return 0 if self.is_monthly else period.days - sum(period.contains(day) for day in self.values)


def series_named(ctx: ToolContext, name: str, filters: Sequence[Filter]) -> Series:
    """The metric that people mean by a name. Raises NoData, saying what is loaded or how to load it."""
    rows = ctx.store.records("metrics")
    if not rows:
        hint = "load some: outlay ingest metrics FILE (date, metric, value, and any dimension)"
        raise NoData(f"no business metric is loaded, so there is no {name} to divide by; {hint}", "not_loaded")
    known = sorted({row.metric for row in rows})
    found = matching(name, known)
    if found is None:
        raise NoData(f"no business metric is called {name}; loaded are {', '.join(known[:12])}", "absent")
    return build_series(found, [row for row in rows if row.metric == found], filters)


def all_series(ctx: ToolContext, filters: Sequence[Filter]) -> list[Series]:
    """Every metric that is loaded, by name."""
    rows = ctx.store.records("metrics")
    return [
        build_series(name, [row for row in rows if row.metric == name], filters)
        for name in sorted({row.metric for row in rows})
    ]


def is_benefit(name: str) -> bool:
    """Whether a metric is money that the spend brings."""
    return bool(set(words_of(name)) & set(load_metric_rules().benefit))


def matching(name: str, known: Iterable[str]) -> str | None:
    """The metric with all the words of `name`, plural or not; of several the one with the fewest more."""
    asked = {singular(word) for word in words_of(name)}
    fits = [one for one in known if asked and asked <= {singular(word) for word in words_of(one)}]
    return min(fits, key=lambda one: (len(words_of(one)), one)) if fits else None


def words_of(name: str) -> list[str]:
    return name.lower().replace("_", " ").replace("-", " ").split()


def singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def build_series(name: str, rows: Sequence[BusinessMetric], filters: Sequence[Filter]) -> Series:
    """Rows of one metric as a series: those inside the filters, else those of the whole business."""
    inside = [row for row in rows if filters and all(holds(row, one) for one in filters)]
    chosen = inside or _whole(rows)
    return Series(
        name=name,
        values=_summed(chosen),
        unit=next((row.unit for row in chosen if row.unit), None),
        is_monthly=all(row.day.day == 1 for row in chosen),
        is_level=bool(set(words_of(name)) & set(load_metric_rules().mean)) and not is_benefit(name),
        is_shared=bool(filters) and not inside,
    )


def _summed(rows: Iterable[BusinessMetric]) -> dict[date, Decimal]:
    by_day: dict[date, list[Decimal]] = {}
    for row in rows:
        by_day.setdefault(row.day, []).append(row.value)
    return {day: total(values) or Decimal(0) for day, values in sorted(by_day.items())}


def _whole(rows: Sequence[BusinessMetric]) -> list[BusinessMetric]:
    """Each day's rows about everything where there are some, else all of its slices."""
    whole = {row.day for row in rows if not row.slice}
    return [row for row in rows if not row.slice or row.day not in whole]


def holds(row: BusinessMetric, one: Filter) -> bool:
    """Whether a row is inside a filter."""
    value = row.slice.get(one.dimension)
    if one.operator == "in":
        return value is not None and value.lower() in {other.lower() for other in one.values}
    if one.operator == "not_in":
        return value is not None and value.lower() not in {other.lower() for other in one.values}
    return False
