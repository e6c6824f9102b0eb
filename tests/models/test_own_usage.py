"""What Outlay used itself: journalled with the answer, in the store exactly once, asked for like any other spend."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from agent.app import build_agent, open_store, own_usage_of
from agent.graph.agent import Agent
from agent.settings import load_settings
from agent.state.usage_journal import UsageJournal
from evals.hostile.behaved import calling
from evals.hostile.server import ScriptedServer
from tests.models.conftest import Configure
from tools.domain.model_usage import ModelUsage

USED = ModelUsage(model="gpt-4o-mini", provider="OpenAI", requests=2, input_tokens=1000, output_tokens=100)
NOON = datetime(2026, 10, 9, 12, 0, 1, tzinfo=UTC)


@pytest.fixture
def state(home: Path) -> Path:
    return load_settings(home).state_path


def own_tokens(home: Path) -> tuple[object, ...]:
    sql = (
        "SELECT CAST(sum(ConsumedQuantity) AS BIGINT), CAST(sum(x_Requests) AS BIGINT), any_value(x_CostBasis) "
        "FROM charges WHERE x_Source = 'outlay'"
    )
    return open_store(load_settings(home)).snapshot().query(sql).rows[0]


def test_it_is_in_the_store_once_however_often_it_is_folded(home: Path, state: Path) -> None:
    journal = UsageJournal(state)
    journal.append(USED, NOON)
    for _ in range(3):
        own_usage_of(load_settings(home)).fold()
    assert own_tokens(home) == (1100, 2, "estimate")
    journal.append(USED, NOON)
    (state / "own_usage" / "folded.json").unlink()
    own_usage_of(load_settings(home)).fold()
    assert own_tokens(home) == (2200, 4, "estimate")


def test_a_line_that_a_crash_cut_short_loses_no_other(home: Path, state: Path) -> None:
    journal = UsageJournal(state)
    journal.append(USED, NOON)
    path = state / "own_usage" / "2026-10-09.jsonl"
    path.write_bytes(path.read_bytes() + b'{"time": "2026-10-09T12:00')
    journal.append(USED, NOON.replace(minute=5))
    own_usage_of(load_settings(home)).fold()
    assert own_tokens(home) == (2200, 4, "estimate")


def test_a_store_that_went_back_gets_it_again(home: Path, state: Path) -> None:
    UsageJournal(state).append(USED, NOON)
    own_usage_of(load_settings(home)).fold()
    for path in sorted((home / "store").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    own_usage_of(load_settings(home)).fold()
    assert own_tokens(home) == (1100, 2, "estimate")


def test_what_did_outlay_itself_cost_is_answered(home: Path, state: Path) -> None:
    UsageJournal(state).append(USED, NOON)
    answer = build_agent(home).ask("what did Outlay itself cost this month", as_of=date(2026, 10, 10))
    assert answer.status == "answered"
    assert [figure.value for figure in answer.figures if figure.unit == "USD"] == [str(Decimal("0.00021"))]


def test_it_counts_in_full_where_an_invoice_counts_instead(home: Path, state: Path) -> None:
    from tools.ingest.usage import load_usage

    (home / "openai.csv").write_text("time,model,input_tokens,output_tokens,cost\n2026-10-09,gpt-4o-mini,5,5,2.5\n")
    load_usage(open_store(load_settings(home)), [home / "openai.csv"], provider="openai")
    UsageJournal(state).append(USED, NOON)
    agent = build_agent(home)
    own = agent.ask("what did Outlay itself cost this month", as_of=date(2026, 10, 10))
    whole = agent.ask("spend this month for OpenAI", as_of=date(2026, 10, 10))
    assert "0.00021" in {figure.value for figure in own.figures}
    assert "2.5" in {figure.value for figure in whole.figures}


def test_it_makes_no_bill_look_fresher(home: Path, state: Path) -> None:
    UsageJournal(state).append(USED, NOON)
    own_usage_of(load_settings(home)).fold()
    assert open_store(load_settings(home)).snapshot().loaded_through == date(2026, 10, 3)


def test_an_answer_by_a_model_lands_in_the_store(
    agent: Agent, server: ScriptedServer, configure: Configure, home: Path
) -> None:
    server.script = calling(("query_costs", {}))
    answer = agent.ask("spend", as_of=date(2026, 10, 10))
    own_usage_of(configure()).fold()
    cost = (
        open_store(configure())
        .snapshot()
        .query("SELECT sum(EffectiveCost), sum(ConsumedQuantity) FROM charges WHERE x_Source = 'outlay'")
    )
    assert answer.model_usage is not None
    assert tuple(cost.rows[0]) == (answer.model_usage.cost, answer.model_usage.tokens)
