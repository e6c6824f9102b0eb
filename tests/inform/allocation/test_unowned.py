"""What nobody owns, biggest first, with the payer that is nearest to it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.inform.allocation.conftest import with_rules
from tests.inform.allocation.test_owners import on, owned
from tests.semantic.bill import Row, load
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.inform.allocation.unowned import UnownedRequest, find_unowned

OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
BILL: list[Row] = [
    on(3, "50", SubAccountId="acc", ResourceId="r-1"),
    on(4, "8", SubAccountId="acc", ResourceId="r-1"),
    on(3, "70", SubAccountId="acc", ServiceName="Disks"),
    on(3, "20", SubAccountId="acc", x_Team="search"),
    on(3, "30", SubAccountId="acc", x_Team="ads"),
    on(3, "9", SubAccountId="other", x_ApiKey="key-1", ServiceName="Nowhere"),
    on(3, "5", ChargeCategory="Tax", ServiceName="Tax"),
]


def table(result: ToolResult) -> list[dict[str, object]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def test_the_biggest_come_first_by_the_most_specific_thing_that_they_name(tmp_path: Path) -> None:
    rows = table(find_unowned.run(load(tmp_path, BILL), UnownedRequest(period=OCTOBER)))
    assert [(row["Kind"], row["Thing"], row["ServiceName"], row["UnownedCost"]) for row in rows] == [
        ("account", "acc", "Disks", Decimal(70)),
        ("resource id", "r-1", "Machines", Decimal(58)),
        ("API key", "key-1", "Nowhere", Decimal(9)),
        ("provider", "Example Cloud", "Tax", Decimal(5)),
    ]


def test_whom_to_ask_has_most_of_what_is_nearest(tmp_path: Path) -> None:
    rows = table(find_unowned.run(load(tmp_path, BILL), UnownedRequest(period=OCTOBER)))
    assert [(row["AskFirst"], row["Near"], row["NearShare"]) for row in rows] == [
        ("ads", "account", Decimal("0.6")),
        ("ads", "account and service", Decimal("0.6")),
        ("ads", "provider", Decimal("0.6")),
        ("ads", "provider", Decimal("0.6")),
    ]


def test_the_shares_and_the_rest_sum_to_all_that_is_unowned(tmp_path: Path) -> None:
    result = find_unowned.run(load(tmp_path, BILL), UnownedRequest(period=OCTOBER, limit=2))
    rows = table(result)
    assert result.totals["UnownedCost"] == Decimal(142)
    assert (result.other_row, rows[2]["UnownedCost"], result.evidence.row_count) == (2, Decimal(14), 4)


def test_what_has_an_owner_or_is_shared_by_a_rule_is_not_in_the_queue_and_a_fallback_is(tmp_path: Path) -> None:
    context = owned(tmp_path, BILL, "resource,r-1,,,ads,,ana\n")
    rules = """
allocate:
  x_Team:
    rules: [{name: tax, where: [{dimension: ChargeCategory, values: [Tax]}], split: even}]
    fallback: [{name: rest, target: search}]
"""
    rows = table(find_unowned.run(with_rules(context, tmp_path, rules), UnownedRequest(period=OCTOBER)))
    assert [row["Thing"] for row in rows] == ["acc", "key-1"]
    assert rows[0]["AskPerson"] == "ana"


def test_everything_owned_is_said(tmp_path: Path) -> None:
    result = find_unowned.run(load(tmp_path, [on(3, "1", x_Team="a")]), UnownedRequest(period=OCTOBER))
    assert result.no_data_reason == "absent"
    assert "every charge" in (result.no_data or "")


def test_coverage_tells_where_most_is_missing_and_whom_to_ask(tmp_path: Path) -> None:
    bill = [
        on(3, "50", SubAccountId="acc", Tags='{"env": "prod"}', x_Team="ads"),
        on(3, "40", SubAccountId="acc"),
        on(3, "10", SubAccountId="other"),
    ]
    rows = table(find_unowned.run(load(tmp_path, bill), UnownedRequest(period=OCTOBER, about="coverage")))
    by_name = {row["Carries"]: row for row in rows}
    for name in ("team", "tag env"):
        row = by_name[name]
        assert (row["Coverage"], row["CoveredCost"], row["MissingCost"]) == (Decimal("0.5"), Decimal(50), Decimal(50))
        assert (row["BiggestGap"], row["GapCost"], row["AskFirst"]) == ("Example Cloud, acc", Decimal(40), "ads")
