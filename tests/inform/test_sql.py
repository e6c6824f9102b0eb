"""run_sql: one guarded SELECT over what the asker may see, marked as unreviewed."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from evals.campaigns.hostile_sql import good_statements
from tests.semantic.bill import Row, charge, load
from tests.store.scopes import load_bill, mixed_bill, permitted, random_scope
from tools.domain.errors import BadRequest, MixedCurrencies, NoData
from tools.domain.query import CostQuery
from tools.domain.result import ToolResult
from tools.inform.spend import query_costs
from tools.inform.sql import UNREVIEWED, SqlRequest, run_sql
from tools.registry import ToolContext
from tools.store import Store

ROOT = Path(__file__).parents[2]

DAY = date(2026, 10, 5)


def ask(context: ToolContext, sql: str) -> ToolResult:
    return run_sql.run(context, SqlRequest(sql=sql))


def units(result: ToolResult) -> list[str | None]:
    return [column.unit for column in result.columns]


def test_it_agrees_with_query_costs(billed: ToolContext) -> None:
    sql = (
        "SELECT x_Team, SUM(EffectiveCost) AS spend FROM daily WHERE x_CountsForCost "
        "AND ChargeDay BETWEEN '2026-10-01' AND '2026-10-31' GROUP BY x_Team ORDER BY spend DESC"
    )
    query = CostQuery.model_validate({"group_by": ["x_Team"], "period": {"start": "2026-10-01", "end": "2026-11-01"}})
    assert dict(ask(billed, sql).rows) == dict(query_costs.run(billed, query).rows)


def test_every_answer_says_that_nobody_has_reviewed_it(billed: ToolContext) -> None:
    assert ask(billed, "SELECT COUNT(*) AS n FROM daily").evidence.caveats[0] == UNREVIEWED


def test_money_keeps_its_currency_where_it_can_be_told(billed: ToolContext) -> None:
    result = ask(billed, "SELECT SUM(EffectiveCost) AS a, SUM(EffectiveCost) * 2 AS b, SUM(x_Rows) AS c FROM daily")
    assert units(result) == ["USD", None, "rows"]


def test_a_sum_over_no_rows_is_not_called_unpriced(billed: ToolContext) -> None:
    result = ask(billed, "SELECT SUM(EffectiveCost) FILTER (WHERE x_Team = 'nobody') AS spend FROM daily")
    assert (units(result), result.rows) == ([None], ((None,),))


def test_currencies_are_not_summed_in_silence(tmp_path: Path) -> None:
    bill = [charge(DAY, "10"), charge(DAY, "20", BillingCurrency="EUR")]
    context = load(tmp_path, bill)
    with pytest.raises(MixedCurrencies):
        ask(context, "SELECT SUM(EffectiveCost) AS spend FROM daily")
    result = ask(context, "SELECT BillingCurrency, SUM(EffectiveCost) AS spend FROM daily GROUP BY 1")
    assert (units(result), result.rows) == ([None, None], (("EUR", Decimal(20)), ("USD", Decimal(10))))


def test_overlapping_bases_are_pointed_out_unless_the_query_tells_them_apart(tmp_path: Path) -> None:
    context = load(tmp_path, [charge(DAY, "10"), charge(DAY, "9", x_CostBasis="provider_usage")])
    assert any(
        "several cost bases" in one
        for one in ask(context, "SELECT SUM(EffectiveCost) AS s FROM daily").evidence.caveats
    )
    told = ask(context, "SELECT SUM(EffectiveCost) AS s FROM daily WHERE x_CountsForCost")
    assert told.rows == ((Decimal(10),),)
    assert not any("several cost bases" in one for one in told.evidence.caveats)


def test_binary_numbers_are_said_to_be_rounded(billed: ToolContext) -> None:
    result = ask(billed, "SELECT AVG(EffectiveCost) AS mean_row FROM daily")
    assert "worked out in binary and rounded to fifteen digits: mean row" in result.evidence.caveats


def test_numbers_that_rows_are_grouped_by_are_names(billed: ToolContext) -> None:
    result = ask(billed, "SELECT YEAR(ChargeDay) AS year, COUNT(*) AS n FROM daily GROUP BY 1")
    assert [column.kind for column in result.columns] == ["dimension", "metric"]
    assert result.rows[0][0] == "2026"


def test_a_column_s_label_has_no_numeral(billed: ToolContext) -> None:
    result = ask(billed, 'SELECT QUANTILE_CONT(EffectiveCost, 0.95) AS p95, COUNT(*) AS "Saved $1,000,000" FROM daily')
    assert [column.label for column in result.columns] == ["p nine five", "saved one zero zero zero zero zero zero"]


def test_a_number_that_comes_from_no_data_is_refused(billed: ToolContext) -> None:
    for sql in ("SELECT 1000000 AS saved FROM daily", "SELECT x_Rows FROM daily UNION ALL SELECT 5"):
        with pytest.raises(BadRequest, match="no figure of the data"):
            ask(billed, sql)
    with pytest.raises(BadRequest, match="reads no data"):
        ask(billed, "SELECT 1 + 1 AS two")


def test_rows_without_an_order_come_in_the_same_one_each_time(billed: ToolContext) -> None:
    sql = "SELECT x_Model, x_Team, SUM(EffectiveCost) AS spend FROM daily GROUP BY ALL"
    first = ask(billed, sql)
    assert ask(billed, first.evidence.arguments["sql"]).rows == first.rows


def test_an_empty_result_is_no_data(billed: ToolContext) -> None:
    assert ask(billed, "SELECT x_Team FROM daily WHERE x_Team = 'nobody'").no_data_reason == "absent"


def test_an_empty_store_says_that_nothing_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(NoData, match="nothing is loaded"):
        ask(ToolContext(store=Store(tmp_path / "store").snapshot(), as_of=DAY), "SELECT x_Team FROM daily")


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT x_Taem FROM daily", "it has ChargeDay, x_Rows"),
        ("SELECT x_Team FROM costs", "the only one is daily"),
        ("SELECT x_Team FROM memory.main.daily", "without a schema"),
        ("SELECT meadian(EffectiveCost) FROM daily", "near are median"),
        ("SELECT x_Team FROM daily WHERE ChargeDay = current_date", "write the date"),
        ("SELECT x_Team FROM daily WHERE ChargeDay < now()", "write the date"),
        ("SELECT SUM(x_Team) FROM daily", "daily has ChargeDay"),
        ("SELEC x_Team FROM daily", "one SELECT"),
        ("DELETE FROM daily", "DELETE is not allowed"),
        ("SELECT x_Team FROM daily; SELECT 1", "holds 2 statements"),
        ("WITH daily AS (SELECT 1 AS a) SELECT a FROM daily", "give it another name"),
        ("SELECT x_Team::JSON FROM daily", "use one of date"),
    ],
)
def test_a_refusal_says_what_would_work(billed: ToolContext, sql: str, hint: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        ask(billed, sql)
    assert hint in str(refusal.value)


@pytest.mark.parametrize("seed", range(3))
def test_in_a_scope_it_is_that_sql_over_only_its_rows(tmp_path: Path, seed: int) -> None:
    bill, scope = mixed_bill(seed + 20), random_scope(seed + 20)
    inside = permitted(bill, scope)
    whole = load_bill(tmp_path / "whole", bill, bill)
    contexts = [
        ToolContext(store=store.snapshot(), as_of=DAY)
        for store in (Store(whole.path, scope=scope), load_bill(tmp_path / "alone", inside, bill))
    ]
    assert len({str(_told(contexts[0], sql)) for sql in _SQL}) > 1
    for sql in _SQL:
        assert _told(contexts[0], sql) == _told(contexts[1], sql)


_SQL: Sequence[str] = (
    "SELECT x_Team, x_Model, SUM(EffectiveCost) AS spend FROM daily GROUP BY ALL",
    "SELECT COUNT(*) AS n, COUNT(DISTINCT x_Team) AS teams FROM daily",
    "SELECT x_Team FROM daily WHERE x_Team = 'risk'",
    "SELECT SubAccountId, SUM(BilledCost) AS billed FROM daily WHERE x_CountsForCost GROUP BY 1",
    "SELECT * FROM daily ORDER BY ALL",
    "SELECT x_Nothing FROM daily",
)


def _told(context: ToolContext, sql: str) -> object:
    try:
        return ask(context, sql).model_dump(exclude={"evidence": {"generation", "scope"}})
    except (BadRequest, NoData) as fault:
        return str(fault)


def test_a_slice_of_the_hostile_campaign_finds_no_way_out() -> None:
    """In a process of its own: what a child's memory is counted as includes its parent's when it was forked."""
    code = "import json; from evals.campaigns.hostile_sql import run; print(json.dumps(run(220, 7), default=str))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(told.stdout.splitlines()[-1])
    assert found["faults"] == []
    assert found["good_statements_refused"] == []
    assert found["good_statements"] == len(good_statements()) >= 60


def test_rows_of_a_bill_are_what_is_copied(bill: list[Row], billed: ToolContext) -> None:
    assert ask(billed, "SELECT SUM(x_Rows) AS n FROM daily").rows == ((Decimal(len(bill)),),)
