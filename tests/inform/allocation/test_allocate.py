"""Shares against plain Python, and their exact sums."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.inform.allocation.conftest import with_rules
from tests.inform.allocation.oracle import Case, Row, Sums, allocated, tag
from tests.semantic.bill import charge, load, random_bill
from tools.domain.errors import BadRequest, MixedCurrencies, UnknownName
from tools.domain.period import Period
from tools.domain.scope import Filter
from tools.inform.allocation.tool import AllocateRequest, allocate
from tools.inform.spend import query_costs
from tools.registry import ToolContext

SEPTEMBER = Period(start=date(2026, 9, 1), end=date(2026, 10, 1))
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
PART_COLUMNS = {"direct": "DirectCost", "shared": "SharedCost", "fallback": "FallbackCost"}

RULES = """
allocate:
  x_Team:
    rules:
      - name: network
        where: [{dimension: ServiceName, values: [network]}]
        split: proportional
      - name: disks by tokens
        where: [{dimension: ServiceName, values: [Disks]}, {dimension: x_Team, operator: is_null}]
        split: proportional
        metric: Tokens
        among: [search, ads]
      - name: development machines
        where: [{dimension: tag:env, values: [dev]}, {dimension: ServiceName, operator: starts_with, values: [mach]}]
        split: weighted
        weights: {ads: 1, platform: 2.5}
      - name: risk's big models
        where: [{dimension: x_Model, operator: contains, values: [large]}]
        from: 2026-10-10
        until: 2026-10-20
        target: risk
    fallback:
      - name: inference
        where: [{dimension: ServiceName, operator: not_in, values: [Machines]}]
        split: even
"""


def _is_network(row: Row) -> bool:
    return row["ServiceName"] == "Network"


def _is_disk_of_nobody(row: Row) -> bool:
    return row["ServiceName"] == "Disks" and not row["x_Team"]


def _is_dev_machine(row: Row) -> bool:
    return tag(row, "env") == "dev" and row["ServiceName"] == "Machines"


def _is_risks(row: Row) -> bool:
    return "large" in row["x_Model"] and "2026-10-10" <= row["ChargePeriodStart"][:10] < "2026-10-20"


CASES = (
    Case(_is_network, by="EffectiveCost"),
    Case(_is_disk_of_nobody, by="Tokens", among=("search", "ads")),
    Case(_is_dev_machine, weights={"ads": Fraction(1), "platform": Fraction(5, 2)}),
    Case(_is_risks, target="risk"),
)
FALLBACK = (Case(lambda row: row["ServiceName"] != "Machines"),)


def of_month(bill: Sequence[Row], period: Period) -> list[Row]:
    return [row for row in bill if period.contains(date.fromisoformat(row["ChargePeriodStart"][:10]))]


def told(result: object) -> Sums:
    """A result's parts as the oracle has them."""
    sums: Sums = {}
    names = [column.name for column in result.columns]  # type: ignore[attr-defined]
    for row in result.rows:  # type: ignore[attr-defined]
        cells = dict(zip(names, row, strict=True))
        if cells["x_Team"] is None:
            sums[None, "unallocated"] = Fraction(cells["TotalCost"])
            continue
        for part, column in PART_COLUMNS.items():
            if cells.get(column):
                sums[cells["x_Team"], part] = Fraction(cells[column])
    return sums


def assert_same(found: Sums, truth: Sums) -> None:
    assert found.keys() == truth.keys()
    for key, value in truth.items():
        assert abs(found[key] - value) < Fraction(1, 10**18), key


@pytest.mark.parametrize("seed", range(5))
def test_shares_are_those_of_plain_python(tmp_path: Path, seed: int) -> None:
    bill = random_bill(seed, rows=150)
    context = with_rules(load(tmp_path, bill), tmp_path, RULES)
    for period in (SEPTEMBER, OCTOBER):
        result = allocate.run(context, AllocateRequest(period=period, compare_to=None))
        assert_same(told(result), allocated(of_month(bill, period), CASES, FALLBACK))


@pytest.mark.parametrize("seed", range(5))
def test_shares_sum_to_the_bill_to_the_last_digit_in_every_charge_group(tmp_path: Path, seed: int) -> None:
    bill = random_bill(seed, rows=150)
    context = with_rules(load(tmp_path, bill), tmp_path, random_rules(seed))
    result = allocate.run(context, AllocateRequest(period=OCTOBER, compare_to=None, detail=True))
    by_service: dict[object, Fraction] = defaultdict(Fraction)
    for row in result.rows:
        by_service[row[4]] += Fraction(str(row[5]))
    truth: dict[object, Fraction] = defaultdict(Fraction)
    for row in of_month(bill, OCTOBER):
        truth[row["ServiceName"]] += Fraction(row["EffectiveCost"])
    assert {name: value for name, value in by_service.items() if value} == {n: v for n, v in truth.items() if v}
    assert Fraction(str(result.totals["TotalCost"])) == sum(truth.values())


def random_rules(seed: int) -> str:
    """Rules of every kind in any order, with awkward weights."""
    chance = random.Random(seed)
    return "allocate:\n  x_Team:\n    rules:\n" + "\n".join(_random_rules(chance, 6))


def _random_rules(chance: random.Random, count: int) -> Iterator[str]:
    for number in range(count):
        service = chance.choice(["Machines", "Inference", "Disks", "Network", "Nowhere"])
        ways = [
            "split: even",
            "split: even, among: [search, nobody, ads]",
            "split: proportional",
            "split: proportional, metric: Tokens",
            "split: proportional, metric: ListCost, metric_where: [{dimension: ServiceName, values: [Disks]}]",
            f"split: weighted, weights: {{a: 0.{chance.randrange(1, 10**9)}, b: 3, c: {chance.randrange(7)}}}",
            "target: search",
            "take: tag:env, names: {prod: ads}",
        ]
        where = f"[{{dimension: ServiceName, values: [{service}]}}]"
        since = f"from: 2026-10-{chance.randrange(1, 29):02}, " if chance.random() < 0.5 else ""
        yield f"      - {{name: rule {number}, where: {where}, {since}{chance.choice(ways)}}}"


def test_without_rules_each_payer_has_what_query_costs_says(billed: ToolContext) -> None:
    result = allocate.run(billed, AllocateRequest(period=OCTOBER, compare_to=None))
    spend = query_costs.run(
        billed, query_costs.request(period=OCTOBER, group_by=("x_Team",), metrics=("EffectiveCost",))
    )
    assert {row[0]: row[1] for row in result.rows} == {row[0]: row[1] for row in spend.rows}
    assert any("no rules for x_Team" in caveat for caveat in result.evidence.caveats)


def test_what_changed_since_the_period_before_is_beside_each_payer(tmp_path: Path) -> None:
    bill = [charge(date(2026, 9, 3), "10", x_Team="a"), charge(date(2026, 10, 3), "15.5", x_Team="a")]
    result = allocate.run(load(tmp_path, bill), AllocateRequest(period=OCTOBER))
    cells = dict(zip([column.name for column in result.columns], result.rows[0], strict=True))
    assert (cells["TotalCost"], cells["TotalCost_previous"], cells["TotalCost_change"]) == (
        Decimal("15.5"), Decimal(10), Decimal("5.5"),
    )  # fmt: skip


def test_a_quarter_is_the_sum_of_its_months(tmp_path: Path) -> None:
    context = with_rules(load(tmp_path, random_bill(3, rows=150)), tmp_path, RULES)
    both = Period(start=SEPTEMBER.start, end=OCTOBER.end)
    parts = [told(allocate.run(context, AllocateRequest(period=one, compare_to=None))) for one in (SEPTEMBER, OCTOBER)]
    summed: Sums = defaultdict(Fraction)
    for key, value in (item for part in parts for item in part.items()):
        summed[key] += value
    assert told(allocate.run(context, AllocateRequest(period=both, compare_to=None))) == summed


def test_filtered_charges_and_the_others_sum_to_all(tmp_path: Path) -> None:
    context = with_rules(load(tmp_path, random_bill(4, rows=150)), tmp_path, RULES)
    only = {"dimension": "ServiceName", "values": ("Network", "Machines")}
    sums: Sums = defaultdict(Fraction)
    for operator in ("in", "not_in"):
        filters = (Filter(operator=operator, **only),)  # type: ignore[arg-type]
        for key, value in told(allocate.run(context, AllocateRequest(period=OCTOBER, filters=filters))).items():
            sums[key] += value
    assert_same(sums, told(allocate.run(context, AllocateRequest(period=OCTOBER))))


def test_only_the_payers_asked_for_are_shown(tmp_path: Path) -> None:
    context = with_rules(load(tmp_path, random_bill(5, rows=150)), tmp_path, RULES)
    result = allocate.run(context, AllocateRequest(period=OCTOBER, payers=("SEARCH",)))
    assert [row[0] for row in result.rows] == ["search"]


def test_currencies_are_never_summed(tmp_path: Path) -> None:
    bill = [
        charge(date(2026, 10, 3), "1", x_Team="a"),
        charge(date(2026, 10, 3), "1", BillingCurrency="EUR", x_Team="a"),
    ]
    context = load(tmp_path, bill)
    with pytest.raises(MixedCurrencies):
        allocate.run(context, AllocateRequest(period=OCTOBER))
    euros = (Filter(dimension="BillingCurrency", values=("EUR",)),)
    assert allocate.run(context, AllocateRequest(period=OCTOBER, filters=euros)).columns[1].unit == "EUR"


def test_nothing_loaded_for_a_period_is_not_zero(billed: ToolContext) -> None:
    period = Period(start=date(2024, 1, 1), end=date(2024, 2, 1))
    assert allocate.run(billed, AllocateRequest(period=period)).no_data_reason == "not_loaded"


def test_a_split_over_nobody_stays_unallocated_and_says_so(tmp_path: Path) -> None:
    rules = "allocate: {x_Team: {rules: [{name: all, split: proportional, metric: Tokens}]}}"
    context = with_rules(load(tmp_path, [charge(date(2026, 10, 3), "7", x_Team="a")]), tmp_path, rules)
    result = allocate.run(context, AllocateRequest(period=OCTOBER))
    assert result.rows[0][:2] == (None, Decimal(7))
    assert any("'all' has nobody to split over in 2026-10" in caveat for caveat in result.evidence.caveats)


def test_a_value_that_is_spelled_like_none_in_the_data_is_pointed_out(tmp_path: Path) -> None:
    rules = "allocate: {x_Team: {rules: [{name: n, where: [{dimension: ServiceName, values: [Netwrok]}], target: a}]}}"
    result = allocate.run(with_rules(load(tmp_path, random_bill(1, rows=50)), tmp_path, rules), AllocateRequest())
    assert any("'Netwrok' is not in the data; near it: Network" in caveat for caveat in result.evidence.caveats)


def test_evidence_of_other_rules_is_not_run_again(tmp_path: Path) -> None:
    context = with_rules(load(tmp_path, random_bill(1, rows=50)), tmp_path, RULES)
    arguments = allocate.run(context, AllocateRequest(period=OCTOBER)).evidence.arguments
    again = AllocateRequest.model_validate(arguments)
    assert allocate.run(context, again).evidence.arguments == arguments
    changed = with_rules(context, tmp_path, RULES.replace("2.5", "2.6"))
    with pytest.raises(BadRequest, match="the allocation rules have changed"):
        allocate.run(changed, again)


def test_a_filter_on_what_is_not_there_is_answered_with_what_is(billed: ToolContext) -> None:
    misspelt = (Filter(dimension="ServiceName", values=("Machnes",)),)
    with pytest.raises(UnknownName, match="Machines"):
        allocate.run(billed, AllocateRequest(period=OCTOBER, filters=misspelt))
    lacking = (Filter(dimension="x_Customer", values=("anybody",)),)
    result = allocate.run(billed, AllocateRequest(period=OCTOBER, filters=lacking))
    assert (result.no_data_reason, result.missing_column) == ("missing_column", "x_Customer")
