"""In a scope an allocation tells of nothing outside it: no row, no amount, no name, and no share that needs them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.inform.allocation.conftest import Desk
from tests.semantic.bill import charge
from tests.store.scopes import load_bill, mixed_bill, permitted, random_scope
from tools.domain.allocation import AllocationRules
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Filter, Scope
from tools.inform.allocation.close import Occasion, close_month
from tools.inform.allocation.tool import AllocateRequest, allocate
from tools.inform.allocation.unowned import UnownedRequest, find_unowned
from tools.registry import ToolContext
from tools.store import Store

OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
RULES = AllocationRules.model_validate(
    {
        "allocate": {
            "x_Team": {
                "rules": [
                    {"name": "secret rule", "where": [{"dimension": "SubAccountId", "values": ["001"]}],
                     "split": "even", "among": ["search", "hidden-team"]},
                    {"name": "by cost", "where": [{"dimension": "SubAccountId", "values": ["002"]}],
                     "split": "proportional"},
                ],
                "fallback": [{"name": "rest", "split": "weighted", "weights": {"hidden-team": "1", "risk": "2"}}],
            }
        }
    }
)  # fmt: skip


def context(store: Store, scope: Scope, desk: Desk) -> ToolContext:
    return ToolContext(store=Store(store.path, scope=scope).snapshot(), as_of=date(2026, 12, 2), allocation=desk)


def october_cost(store: Store) -> Decimal:
    """What a store of only the permitted rows has."""
    sql = (
        'SELECT sum("EffectiveCost") FROM charges WHERE "x_CountsForCost" '
        "AND \"ChargePeriodStart\" >= '2026-10-01' AND \"ChargePeriodStart\" < '2026-11-01'"
    )
    return store.snapshot().query(sql).rows[0][0] or Decimal(0)


def texts(result: ToolResult) -> str:
    return " ".join(str(cell) for row in result.rows for cell in row) + " ".join(result.evidence.caveats)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("detail", [False, True])
def test_totals_are_those_of_the_permitted_rows_and_no_other_name_shows(
    tmp_path: Path, seed: int, detail: bool
) -> None:
    bill, scope = mixed_bill(seed), random_scope(seed)
    own = permitted(bill, scope)
    asked = context(load_bill(tmp_path / "whole", bill, bill), scope, Desk(RULES))
    result = allocate.run(asked, AllocateRequest(period=OCTOBER, compare_to=None, detail=detail))
    cost = october_cost(load_bill(tmp_path / "alone", own, bill))
    if result.no_data is not None:
        assert cost == 0
        return
    assert result.totals["TotalCost"] == cost
    seen = {row.get("x_Team") or None for row in own} | {None}
    granted = {value for one in scope.filters if one.dimension == "x_Team" for value in one.values}
    assert {row[0] for row in result.rows} <= seen | granted
    assert "hidden-team" not in texts(result)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("about", ["unowned", "coverage"])
def test_the_queue_in_a_scope_is_the_queue_of_only_its_rows(tmp_path: Path, seed: int, about: str) -> None:
    bill, scope = mixed_bill(seed), random_scope(seed)
    within = context(load_bill(tmp_path / "whole", bill, bill), scope, Desk(RULES))
    alone = context(load_bill(tmp_path / "alone", permitted(bill, scope), bill), Scope(), Desk(RULES))
    request = UnownedRequest(period=OCTOBER, about=about)  # type: ignore[arg-type]
    one, two = (find_unowned.run(asked, request) for asked in (within, alone))
    assert (one.columns, one.rows, one.totals, one.no_data) == (two.columns, two.rows, two.totals, two.no_data)


def test_a_split_by_figures_outside_the_scope_is_not_told(tmp_path: Path) -> None:
    bill = [
        charge(date(2026, 10, 31), "10", x_Team="search", SubAccountId="003"),
        charge(date(2026, 10, 31), "30", x_Team="ads", SubAccountId="003"),
        charge(date(2026, 10, 31), "4", x_Team="search", SubAccountId="002"),
    ]
    store, desk = load_bill(tmp_path, bill, bill), Desk(RULES)
    whole = allocate.run(context(store, Scope(), desk), AllocateRequest(period=OCTOBER))
    assert {row[0]: str(row[1]) for row in whole.rows} == {"ads": "33", "search": "11"}
    own = Scope(filters=(Filter(dimension="x_Team", values=("search",)),))
    part = allocate.run(context(store, own, desk), AllocateRequest(period=OCTOBER))
    assert [(row[0], str(row[1])) for row in part.rows] == [("search", "10"), (None, "4")]
    assert part.other_row == 1


def test_a_team_sees_its_own_lines_of_an_issued_statement_and_no_others(tmp_path: Path) -> None:
    bill = [
        charge(date(2026, 10, 31), "10", x_Team="search", SubAccountId="003"),
        charge(date(2026, 10, 31), "30", x_Team="ads", SubAccountId="003"),
        charge(date(2026, 10, 31), "4", SubAccountId="002"),
    ]
    store, desk = load_bill(tmp_path, bill, bill), Desk(RULES)
    when = Occasion("ada", datetime(2026, 11, 3, tzinfo=UTC))
    desk.closed.append(close_month(store.snapshot(), RULES, (), OCTOBER.start, when))
    own = Scope(filters=(Filter(dimension="x_Team", values=("search",)),))
    result = allocate.run(context(store, own, desk), AllocateRequest(period=OCTOBER))
    assert [(row[0], str(row[1])) for row in result.rows] == [("search", "11")]
    assert "ads" not in texts(result)
    narrower = Scope(filters=(*own.filters, Filter(dimension="SubAccountId", values=("003",))))
    live = allocate.run(context(store, narrower, desk), AllocateRequest(period=OCTOBER))
    assert [(row[0], str(row[1])) for row in live.rows] == [("search", "10")]


def test_what_a_rule_names_does_not_show_in_a_scope(tmp_path: Path) -> None:
    bill = [charge(date(2026, 10, 31), "10", x_Team="search"), charge(date(2026, 10, 31), "3", x_Team="secret-team")]
    rules = AllocationRules.model_validate(
        {"allocate": {"x_Team": {"rules": [{"name": "r", "target": "search",
         "where": [{"dimension": "x_Team", "values": ["secret-tem"]}]}]}}}
    )  # fmt: skip
    store = load_bill(tmp_path, bill, bill)
    own = Scope(filters=(Filter(dimension="x_Team", values=("search",)),))
    asked = context(store, own, Desk(rules))
    result = allocate.run(asked, AllocateRequest(period=OCTOBER))
    assert "secret" not in result.model_dump_json()
