"""Rules judged over a real store."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.operate.policies.company import AS_OF, Charge, company
from tests.optimize.gpu.world import IDLE, WORK, Machine, world
from tools.domain.errors import BadInput
from tools.ingest.records import load_records
from tools.operate.policies.evaluate import evaluate, judge, window_of
from tools.operate.policies.policy_file import PolicyFile, load_policies
from tools.operate.policies.rule import Rule
from tools.store import Store

NODE = "8x H100 SXM node"


def rule(resource: str, *filters: dict[str, object], **more: object) -> PolicyFile:
    return PolicyFile(rules=(Rule.model_validate({"name": "r", "resource": resource, "filters": filters, **more}),))


def test_gpu_hours_over_a_team_s_quota_violate_it(tmp_path: Path) -> None:
    ctx = company(tmp_path, [
        Charge("200", NODE, "10", "search"), Charge("100", "p4d.24xlarge on demand", "5", "search"),
        Charge("20", NODE, "1", "ads"), Charge("999", "c7i.8xlarge", "500", "search"),
        Charge("999", NODE, "50", "search", day=date(2026, 10, 31)),
    ])  # fmt: skip
    (found,) = evaluate(ctx, rule("gpu_machine", {"column": "GpuHours", "above": "100"}, severity="high"))
    assert (found.target, found.owner, found.observed, found.limit) == ("search", "search", 120, 100)
    assert (found.unit, found.severity, found.period.start) == ("GPU-hours", "high", date(2026, 11, 1))
    assert found.facts == ("of A100, H100",)


def test_what_is_just_at_the_limit_is_within_it(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("200", NODE, "10", "search")])
    assert evaluate(ctx, rule("gpu_machine", {"column": "GpuHours", "above": "80"})) == ()
    assert len(evaluate(ctx, rule("gpu_machine", {"column": "GpuHours", "above": "79.999999"}))) == 1


def test_the_query_behind_a_violation_gives_its_figure_again(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("200", NODE, "10", "search"), Charge("40", NODE, "2", "search")])
    (found,) = evaluate(ctx, rule("gpu_machine", {"column": "GpuHours", "above": "1"}))
    (evidence,) = found.evidence
    rows = ctx.store.query(evidence.sql, evidence.parameters).rows
    assert sum(row[-2] for row in rows) * 8 == found.observed == 96


def test_a_forbidden_card_is_a_violation_wherever_it_is_not_allowed(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("60", "p5en.48xlarge", "1", "search"), Charge("60", "p5en.48xlarge", "1", "lab"),
                             Charge("20", NODE, "1", "search")])  # fmt: skip
    found = evaluate(ctx, rule(
        "gpu_machine", {"column": "Card", "is": "H200"}, {"column": "x_Team", "is_not": "lab"}, by=["x_Team", "Card"]
    ))  # fmt: skip
    assert [(one.target, one.observed, one.limit) for one in found] == [("search / H200", 8, 0)]


def test_dear_gpu_hours_are_told_by_their_price(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("64", NODE, "1", "search"), Charge("16", NODE, "1", "ads")])
    (found,) = evaluate(ctx, rule("gpu_machine", {"column": "PricePerGpuHour", "above": "6", "currency": "USD"}))
    assert (found.target, found.observed, found.unit) == ("search", 8, "USD")


def test_money_in_another_currency_is_not_held_to_the_limit(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("500", team="search", currency="EUR"), Charge("50", team="search")])
    assert evaluate(ctx, rule("charge", {"column": "EffectiveCost", "above": "100", "currency": "USD"})) == ()
    (found,) = evaluate(ctx, rule("charge", {"column": "EffectiveCost", "above": "100", "currency": "EUR"}))
    assert (found.observed, found.currency) == (500, "EUR")


def test_spend_without_a_team_is_a_share_of_all_spend(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("30"), Charge("70", team="search")])
    untagged = rule("charge", {"column": "x_Team", "missing": True}, {"column": "CostShare", "above": "0.25"})
    (found,) = evaluate(ctx, untagged)
    assert (found.target, found.owner, found.observed, found.unit) == ("no team", None, Decimal("0.3"), "ratio")


def test_spend_without_a_tag_of_one_s_own_can_be_asked_for(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("30", tags='{"cost-center": "cc-1"}', team="a"), Charge("70", team="b")])
    (found,) = evaluate(ctx, rule("charge", {"column": "tag:cost-center", "missing": True}))
    assert (found.target, found.observed) == ("b", 70)


def test_a_model_outside_the_allow_list_is_told_even_if_nobody_used_the_listed_ones(tmp_path: Path) -> None:
    ctx = company(tmp_path, [
        Charge("1", "tokens", model="gpt-x", tokens="1000"), Charge("1", "tokens", model="gpt-y", tokens="50"),
    ])  # fmt: skip
    found = evaluate(ctx, rule("llm_usage", {"column": "x_Model", "is_not": ["GPT-Y", "not-used-yet"]}))
    assert [(one.target, one.observed, one.unit) for one in found] == [("gpt-x", 1000, "tokens")]


def test_what_a_model_costs_is_all_that_is_billed_for_it(tmp_path: Path) -> None:
    ctx = company(tmp_path, [
        Charge("6", "tokens", model="gpt-x", tokens="10"), Charge("5", "a month's fee", model="gpt-x"), Charge("99"),
    ])  # fmt: skip
    (found,) = evaluate(ctx, rule("llm_usage", {"column": "EffectiveCost", "above": "10", "currency": "USD"}))
    assert (found.target, found.observed, found.unit) == ("gpt-x", 11, "USD")


def test_a_team_that_looks_mistyped_is_noted_with_the_nearest(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("200", NODE, "10", "research")])
    judged = judge(
        ctx, rule("gpu_machine", {"column": "x_Team", "is": "reserch"}, {"column": "GpuHours", "above": "1"})
    )
    assert judged.violations == ()
    assert "near it: research" in judged.readings["r"].notes[0]


def test_a_budget_is_told_by_the_share_that_is_used(tmp_path: Path) -> None:
    store = company(tmp_path, [Charge("95", team="search"), Charge("95", team="ads")]).store
    path = tmp_path / "budgets.csv"
    path.write_text("name,x_Team,start,end,amount,currency\nsearch,search,2026-11-01,2026-12-01,100,USD\n"
                    "ads,ads,2026-11-01,2026-12-01,1000,USD\n")  # fmt: skip
    load_records(Store(tmp_path / "store"), "budgets", [path])
    ctx = company(tmp_path, [])
    assert ctx.store.generation > store.generation
    (found,) = evaluate(ctx, rule("budget", {"column": "UsedShare", "above": "0.9"}))
    assert (found.target, found.observed, found.owner) == ("search", Decimal("0.95"), "search")


def test_a_run_that_cost_too_much_is_told(tmp_path: Path) -> None:
    company(tmp_path, [Charge("1", team="lab")])
    path = tmp_path / "runs.csv"
    path.write_text(
        "run_id,start,end,gpu_hours,cost,currency,status,x_Team\n"
        "a,2026-11-03,2026-11-04,100,500,USD,finished,lab\n"
        "b,2026-11-05,2026-11-06,10,50,USD,failed,lab\n"
    )
    load_records(Store(tmp_path / "store"), "runs", [path])
    ctx = company(tmp_path, [])
    (found,) = evaluate(ctx, rule("run", {"column": "EffectiveCost", "above": "100", "currency": "USD"}))
    assert (found.target, found.owner, found.observed, found.unit) == ("a", "lab", 500, "USD")


def test_idle_hours_are_those_of_joint_evidence_only(tmp_path: Path) -> None:
    def dark(hour: datetime, gpu: int) -> object:
        return None if hour.hour % 3 else IDLE

    ctx = world(
        tmp_path,
        Machine("m-idle", lambda hour, gpu: IDLE, gpus=2),
        Machine("m-busy", lambda hour, gpu: WORK, gpus=2),
        Machine("m-dark", dark, gpus=2),  # type: ignore[arg-type]
    )
    judged = judge(ctx, rule("idle_gpu", {"column": "IdleHours", "above": "150"}, period="week"))
    assert [(one.target, one.observed, one.owner) for one in judged.violations] == [("m-idle", 2 * 7 * 24, "ml")]
    assert "insufficient evidence" in judged.readings["r"].notes[0]


def test_a_rule_that_lacks_data_is_neither_kept_nor_violated(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("1", team="lab")])
    judged = judge(ctx, rule("idle_gpu", {"column": "IdleHours", "above": "1"}))
    assert (judged.violations, judged.held) == ((), ())
    assert "no GPU samples are loaded" in judged.unjudged["r"]


def test_rules_about_plans_are_left_to_the_check(tmp_path: Path) -> None:
    judged = judge(company(tmp_path, [Charge("1")]), rule("planned", {"column": "Gpus", "above": "1"}))
    assert (judged.violations, judged.held, judged.unjudged) == ((), (), {})


def test_a_rule_made_in_code_is_checked_too(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="EffectiveCost"):
        evaluate(company(tmp_path, [Charge("1")]), rule("charge", {"column": "EffectiveCots", "above": "1"}))


def test_the_most_severe_comes_first(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("10", team="a")])
    rules = [{"name": name, "resource": "charge", "severity": name} for name in ("low", "critical", "medium")]
    found = evaluate(ctx, PolicyFile.model_validate({"rules": rules}))
    assert [one.severity for one in found] == ["critical", "medium", "low"]


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [("month", (11, 1), (11, 21)), ("last_month", (10, 1), (11, 1)), ("week", (11, 13), (11, 20)),
     ("day", (11, 19), (11, 20))],
)  # fmt: skip
def test_a_rule_s_period_is_half_open(window: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    period = window_of(window, AS_OF)  # type: ignore[arg-type]
    assert (period.start, period.end) == (date(2026, *start), date(2026, *end))


TEAMS = ("a", "b", "c")
LEDGERS = st.lists(
    st.tuples(st.sampled_from(TEAMS), st.integers(1, 400), st.integers(0, 10**6), st.integers(1, 30)),
    min_size=1,
    max_size=9,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledger=LEDGERS, hours=st.integers(0, 3000), cents=st.integers(0, 10**6))
def test_a_violation_is_reported_exactly_where_the_observed_is_above_the_limit(
    tmp_path_factory: pytest.TempPathFactory, ledger: list[tuple[str, int, int, int]], hours: int, cents: int
) -> None:
    """Hours and cents of random days; those of October, and of the day after the question, count for nothing."""
    charges = [
        Charge(str(Decimal(cost) / 100), NODE, str(used), team, day=date(2026, 10, 31) + timedelta(days=day - 1))
        for team, used, cost, day in ledger
    ]
    ctx = company(tmp_path_factory.mktemp("home"), charges)
    inside = [one for one in charges if date(2026, 11, 1) <= one.day <= AS_OF]
    limit = Decimal(cents) / 100
    policies = PolicyFile.model_validate({"rules": [
        {"name": "hours", "resource": "gpu_machine", "filters": [{"column": "GpuHours", "above": hours}]},
        {"name": "money", "resource": "charge",
         "filters": [{"column": "EffectiveCost", "above": limit, "currency": "USD"}]},
    ]})  # fmt: skip
    found = {(one.rule, one.target): one.observed for one in evaluate(ctx, policies)}
    gpu_hours = {team: sum(8 * Decimal(o.hours) for o in inside if o.team == team) for team in TEAMS}
    money = {team: sum((Decimal(o.cost) for o in inside if o.team == team), Decimal(0)) for team in TEAMS}
    expected = {("hours", team): total for team, total in gpu_hours.items() if total > hours}
    expected |= {("money", team): total for team, total in money.items() if total > limit}
    assert found == expected


def test_the_home_s_file_is_read_as_the_tool_reads_it(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("10", team="a")], "rules:\n  - {name: none, resource: charge}\n")
    assert ctx.policies is not None
    assert [one.target for one in evaluate(ctx, load_policies(ctx.policies))] == ["a"]
