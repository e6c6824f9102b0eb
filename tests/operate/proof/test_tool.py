"""realised_savings answers from the bills of the targets that a plan changed, and from nothing else."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.operate.proof.machines import APPLIED, always, change_of, context, cost, office, since, store_of
from tools.domain.errors import UnknownName
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.domain.scope import Filter, Scope
from tools.operate.proof.request import RealisedRequest
from tools.operate.proof.tool import realised_savings
from tools.registry import ToolContext

AS_OF = APPLIED + timedelta(days=29)
"""Four whole weeks after the change."""


@pytest.fixture
def ctx(tmp_path: Path) -> ToolContext:
    machines = {"i-a": cost(always("24")), "i-b": cost(office("10")), "i-c": cost(always("5"), always("5"))}
    changes = change_of("i-a", "i-b"), change_of("i-c", proposal="p-2")
    return context(store_of(tmp_path, machines), *changes, as_of=AS_OF)


def ask(ctx: ToolContext, **arguments: object) -> ToolResult:
    return realised_savings.run(ctx, RealisedRequest.model_validate(arguments))


def column(result: ToolResult, name: str) -> list[object]:
    return [row[result.column_index(name)] for row in result.rows]


def test_each_change_is_told_beside_its_estimate_with_a_total(ctx: ToolContext) -> None:
    found = ask(ctx)
    assert column(found, "Proposal") == ["p-1", "p-2"]
    assert column(found, "Realised") == [Decimal(872), Decimal(0)]
    assert column(found, "Status") == ["proven", "not proven"]
    assert (found.totals["Realised"], found.evidence.period) == (Decimal(872), since(count=28))
    low, high = found.totals["RealisedLow"], found.totals["RealisedHigh"]
    assert low is not None
    assert high is not None
    assert low < 872 < high


def test_targets_and_weeks_add_up_to_the_same(ctx: ToolContext) -> None:
    assert column(ask(ctx, by="target", proposal="p-1"), "Realised") == [Decimal(672), Decimal(200)]
    weekly = ask(ctx, by="week", proposal="p-1")
    assert column(weekly, "Realised") == [Decimal(218)] * 4
    assert weekly.totals["Realised"] == Decimal(872)


def test_a_plan_that_was_rejected_has_saved_nothing(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"i-a": cost(always("24"))})
    found = ask(context(store, as_of=AS_OF, rejected=[change_of("i-a")]))
    assert found.no_data is not None
    assert "no remediation was applied yet" in found.no_data
    other = context(store, change_of("i-a", proposal="p-2"), as_of=AS_OF, rejected=[change_of("i-a")])
    assert ask(other, proposal="p-1").no_data == "p-1 was never applied, so it has saved nothing; applied were p-2"


def test_the_query_behind_it_gives_the_daily_costs_again(ctx: ToolContext) -> None:
    found = ask(ctx, proposal="p-1")
    rows = ctx.store.query(found.evidence.sql, found.evidence.parameters).rows
    assert {row[1] for row in rows} == {"i-a", "i-b", "i-c"}
    assert sum(row[6] for row in rows if row[1] == "i-a") == 24 * 64
    assert ask(ctx, **found.evidence.arguments).rows == found.rows


def test_only_days_count_that_the_providers_usual_lag_lets_be_complete(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"i-a": cost(always("24"))})
    assert column(ask(context(store, change_of("i-a"), as_of=AS_OF, lag=2)), "Days") == [Decimal(26)]


def test_days_that_are_not_loaded_are_no_saving(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"i-a": cost(always("24"), weeks=1)})
    assert column(ask(context(store, change_of("i-a"), as_of=AS_OF)), "Days") == [Decimal(7)]


def test_a_quarter_counts_its_own_days_only(ctx: ToolContext) -> None:
    asked = Period(start=date(2026, 10, 1), end=date(2026, 10, 13))
    found = ask(ctx, period=asked, proposal="p-1")
    assert (column(found, "Days"), column(found, "Realised")) == ([Decimal(7)], [Decimal(218)])


def test_on_an_earlier_day_what_came_later_had_not_happened(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"i-a": cost(always("24"))})
    change = change_of("i-a", undone=APPLIED + timedelta(days=20))
    early = ask(context(store, change, as_of=APPLIED + timedelta(days=11)))
    assert (column(early, "Realised"), column(early, "UndoneOn")) == ([Decimal(240)], [None])
    assert ask(context(store, change, as_of=APPLIED - timedelta(days=1))).no_data is not None


def test_what_a_commitment_paid_for_is_told_as_capacity(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"i-a": cost(always("24"))}, committed=["i-a"])
    found = ask(context(store, change_of("i-a"), as_of=AS_OF))
    assert column(found, "Saves") == ["capacity"]
    assert any("the bill falls only when the commitment ends" in one for one in found.evidence.caveats)


def test_an_arn_that_ends_in_the_target_is_the_target_and_another_id_is_not(tmp_path: Path) -> None:
    arn = "arn:aws:ec2:us-west-2:1:instance/i-a"
    store = store_of(tmp_path, {arn: cost(always("24")), "xi-a": cost(always("7"), always("7"))})
    assert column(ask(context(store, change_of("i-a"), as_of=AS_OF)), "Realised") == [Decimal(672)]


def test_only_those_that_drifted_back_where_that_is_asked(ctx: ToolContext, tmp_path: Path) -> None:
    assert ask(ctx, drifted_only=True).no_data == "nothing has drifted back: no target of an applied change costs again"
    again = cost(always("24"), lambda day: "24" if day >= date(2026, 10, 20) else "0")
    store = store_of(tmp_path / "again", {"i-a": again, "i-b": cost(always("1"))})
    changes = change_of("i-a"), change_of("i-b", proposal="p-2")
    found = ask(context(store, *changes, as_of=AS_OF), drifted_only=True)
    assert column(found, "CostsAgain") == ["i-a since 2026-10-20"]


def test_who_may_not_see_a_target_is_not_told_of_it(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"i-a": cost(always("24"))})
    nothing = Scope(filters=(Filter(dimension="HostProviderName", values=("Nordhaven",)),))
    assert ask(context(store, change_of("i-a"), as_of=AS_OF, scope=nothing)).rows == ()


def test_rows_of_an_unknown_kind_are_refused_with_those_there_are(ctx: ToolContext) -> None:
    with pytest.raises(UnknownName, match="proposal, target, week"):
        ask(ctx, by="month")
