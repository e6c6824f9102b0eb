"""Allocate a period: every charge's cost goes to payers whose shares sum to it exactly."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.allocation import Rule
from tools.domain.period import Period
from tools.domain.scope import Filter
from tools.inform.allocation.branches import Branch
from tools.inform.allocation.grouping import CostMetric, Grouped, Source, group_charges, measure_payers
from tools.inform.allocation.shares import ChargeGroup, Share
from tools.inform.allocation.split import split
from tools.registry import SqlValue
from tools.semantic.model import load_model
from tools.semantic.numbers import EXACT

Weights = Mapping[str, Decimal]
_Basis = dict[tuple[date, str | None], dict[str, Decimal]]


@dataclass(frozen=True)
class Allocation:
    """All shares of a period, with the query behind them and what a reader should know."""

    shares: tuple[Share, ...]
    sql: str
    parameters: tuple[SqlValue, ...]
    notes: tuple[str, ...]


def allocate_period(
    source: Source, period: Period, metric: CostMetric = "EffectiveCost", filters: Sequence[Filter] = ()
) -> Allocation:
    """The shares of the charges that `filters` let through; splits go by all of a month's payers all the same."""
    grouped = group_charges(source, period, metric, filters)
    weights = _MonthlyWeights(source, period)
    shares, notes = [], list(grouped.notes)
    for group in grouped.groups:
        for share in _shares(group, grouped, weights):
            shares.append(share)
            if share.part == "unallocated" and share.rule is not None:
                notes.append(f"rule {share.rule!r} has nobody to split over in {share.month:%Y-%m}; unallocated there")
    return Allocation(tuple(shares), grouped.sql, grouped.parameters, tuple(dict.fromkeys(notes)))


def _shares(group: ChargeGroup, grouped: Grouped, weights: "_MonthlyWeights") -> Iterator[Share]:
    branch = grouped.branches[group.rule] if group.rule is not None else None
    if branch is None:
        yield _share(group, None, None, group.cost)
    elif branch.rule is None or branch.rule.split is None:
        yield _share(group, branch, group.payer, group.cost)
    elif weights.may_not_be_told(branch.rule):
        yield _share(group, branch, None, group.cost, is_outside=True)
    else:
        known = weights.of(branch.rule, group.month, group.currency)
        if not known:
            yield Share(
                group.month, group.currency, group.provider, group.service, "unallocated", branch.name, None, group.cost
            )
            return
        for payer, cost in split(group.cost, known).items():
            if cost:
                yield _share(group, branch, payer, cost)


def _share(
    group: ChargeGroup, branch: Branch | None, payer: str | None, cost: Decimal, *, is_outside: bool = False
) -> Share:
    part = "unallocated" if branch is None else branch.part
    rule = branch.name if branch is not None else None
    return Share(group.month, group.currency, group.provider, group.service, part, rule, payer, cost, is_outside)


class _MonthlyWeights:
    """What each month's payers are split by, measured once for each rule."""

    def __init__(self, source: Source, period: Period) -> None:
        self._source, self._period = source, period
        self._measured: dict[tuple[str, tuple[Filter, ...]], _Basis] = {}

    def may_not_be_told(self, rule: Rule) -> bool:
        """Whether it takes figures of payers that lie outside the asker's scope."""
        goes_by_data = rule.split == "proportional" or (rule.split == "even" and not rule.among)
        return goes_by_data and not self._source.reader.scope.is_whole

    def of(self, rule: Rule, month: date, currency: str | None) -> Weights:
        """Payer → weight; empty where nobody has any."""
        if rule.split == "weighted":
            return rule.weights
        if rule.split == "even" and rule.among:
            return dict.fromkeys(rule.among, Decimal(1))
        name = "EffectiveCost" if rule.split == "even" else rule.metric
        money = load_model().metric(name).monetary
        basis = self._basis(rule, name).get((month, currency if money else None), {})
        known = {payer: value for payer, value in sorted(basis.items()) if value > 0}
        if rule.among:
            known = {payer: value for payer, value in known.items() if payer in rule.among}
        return dict.fromkeys(known, Decimal(1)) if rule.split == "even" else known

    def _basis(self, rule: Rule, metric: str) -> _Basis:
        key = (metric, rule.metric_where)
        if key not in self._measured:
            found: _Basis = {}
            for one in measure_payers(self._source, self._period, rule, load_model().metric(metric)):
                of_month = found.setdefault((one.month, one.currency), {})
                of_month[one.payer] = EXACT.add(of_month.get(one.payer, Decimal(0)), one.value)
            self._measured[key] = found
        return self._measured[key]
