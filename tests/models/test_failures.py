"""When the endpoint fails, the built-in planner answers the same question and says so."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.answer.check import check_answer
from agent.app import build_agent
from agent.graph.agent import Agent
from evals.hostile.behaved import calling
from evals.hostile.script import Call, Step, in_turn
from evals.hostile.server import ScriptedServer, serving
from tests.models.conftest import Configure
from tools.domain.answer import Answer

AS_OF = date(2026, 10, 10)
QUESTION = "top 5 costly models"
LIE = "It cost 999 dollars"
CALL = Step(calls=(Call("query_costs", '{"group_by": ["x_Team"]}'),))


def falls_back(answer: Answer, because: str) -> bool:
    told = [caveat for caveat in answer.caveats if "the built-in planner answers instead" in caveat]
    return (
        (answer.status, answer.model, check_answer(answer)) == ("answered", "builtin", ())
        and "1. m-large: $7.50" in answer.text
        and len(told) == 1
        and because in told[0]
        and "999" not in " ".join((answer.text, *answer.caveats, *answer.suggestions))
    )


@pytest.mark.parametrize(
    ("step", "because"),
    [
        (Step(LIE, trouble="status", status=401), "refused the key (HTTP 401)"),
        (Step(LIE, trouble="status", status=404), "HTTP 404"),
        (Step(LIE, trouble="status", status=429), "HTTP 429"),
        (Step(LIE, trouble="status", status=400), "HTTP 400"),
        (Step(LIE, trouble="status", status=503), "HTTP 503"),
        (Step("http://127.0.0.1:9/v1/chat/completions", trouble="redirect"), "not followed"),
        (Step(LIE, trouble="refuse"), "broke off"),
        (Step(LIE, trouble="drop"), "broke off"),
        (Step(LIE, trouble="cut"), "broke off"),
        (Step(LIE, trouble="no_finish"), "broke off"),
        (Step(LIE, trouble="empty_choices"), "broke off"),
        (Step(LIE, trouble="no_choices"), "broke off"),
        (Step(LIE, trouble="broken_json"), "can't be read"),
        (Step(LIE, trouble="not_sse"), "can't be read"),
        (Step(LIE, trouble="packed"), "can't be read"),
        (Step(LIE, trouble="wrong_types"), "can't be read"),
        (Step(f"{LIE}.", trouble="wrong_role"), "can't be read"),
        (Step(LIE, trouble="error_event"), "can't be read"),
    ],
)
@pytest.mark.parametrize("is_second", [False, True])
def test_a_fault_of_the_endpoint(
    agent: Agent, server: ScriptedServer, step: Step, because: str, is_second: bool
) -> None:
    server.script = in_turn(*([CALL] if is_second else []), step)
    answer = agent.ask(QUESTION, as_of=AS_OF)
    assert falls_back(answer, because), answer.caveats


def test_a_port_where_nobody_listens(configure: Configure) -> None:
    with serving() as gone:
        url = gone.url
    assert falls_back(build_agent(configure(base_url=url)).ask(QUESTION, as_of=AS_OF), "can't be reached")


def test_an_endpoint_that_says_nothing_in_time(configure: Configure, server: ScriptedServer) -> None:
    server.script = in_turn(Step(trouble="keep_alive"))
    caps = {"seconds": 1}
    answer = build_agent(configure(model_caps=caps)).ask(QUESTION, as_of=AS_OF)
    assert falls_back(answer, "1 seconds are the cap for one answer")


def test_a_passing_fault_is_tried_again(configure: Configure, server: ScriptedServer) -> None:
    well = calling(("query_costs", {"group_by": ["x_Model"], "limit": 5}))
    asked: list[int] = []

    def script(request: object) -> Step:
        asked.append(1)
        return Step(trouble="status", status=429) if len(asked) == 1 else well(request)  # type: ignore[arg-type]

    server.script = script
    answer = build_agent(configure(endpoint={"timeout_seconds": 2, "retries": 2})).ask(QUESTION, as_of=AS_OF)
    assert (answer.model, answer.caveats) == ("scripted", answer.caveats)
    assert len(asked) == 3
    assert not any("built-in" in caveat for caveat in answer.caveats)


@pytest.mark.parametrize("calls", [(), (Call("delete_everything"),), (Call("query_costs", '{"limit": '),)])
def test_a_model_that_makes_no_usable_call(agent: Agent, server: ScriptedServer, calls: tuple[Call, ...]) -> None:
    server.script = in_turn(Step(LIE, calls=calls))
    assert falls_back(agent.ask(QUESTION, as_of=AS_OF), "no call that could be run")


def test_what_a_failed_model_used_is_still_reported(agent: Agent, server: ScriptedServer) -> None:
    server.script = in_turn(CALL, Step(trouble="status", status=500))
    used = agent.ask(QUESTION, as_of=AS_OF).model_usage
    assert used is not None
    assert (used.requests, used.output_tokens) == (2, 40)


def test_a_thread_goes_on_after_a_failure(agent: Agent, server: ScriptedServer) -> None:
    server.script = in_turn(CALL, Step(trouble="drop"), Step(trouble="status"))
    agent.ask(QUESTION, as_of=AS_OF, thread="t")
    answer = agent.ask("and by team?", as_of=AS_OF, thread="t")
    assert "search: $6.00" in answer.text
    server.script = calling(("query_costs", {"group_by": ["x_Model"]}))
    assert agent.ask("and by model?", as_of=AS_OF, thread="t").model == "scripted"
    assert server.complaints == []


def test_the_key_goes_to_the_endpoint_and_nowhere_else(
    configure: Configure, server: ScriptedServer, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server.key = "sk-secret-1"
    settings = configure(api_key=SecretStr("sk-secret-1"))
    server.script = calling(("query_costs", {}))
    assert build_agent(settings).ask("spend", as_of=AS_OF, thread="t").model == "scripted"
    server.key = "another"
    failed = build_agent(settings).ask("spend", as_of=AS_OF)
    assert "refused the key" in failed.caveats[-1]
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"sk-secret" not in kept
    assert "sk-secret" not in "".join(capfd.readouterr()) + repr(settings) + str(failed)


@pytest.mark.parametrize(
    ("step", "caps", "because"),
    [
        (Step(trouble="endless_text"), {}, "characters are the cap"),
        (Step(trouble="endless_text"), {"tokens": 9_000}, "9,000 tokens are the cap"),
        (Step(trouble="endless_text"), {"money": "0.03"}, "0.03 USD is the cap"),
        (Step(trouble="endless_calls"), {}, "16 calls are the cap"),
        (Step(trouble="huge_line"), {}, "can't be read"),
        (Step(trouble="slow"), {"seconds": 1}, "1 seconds are the cap"),
        (CALL, {"requests": 2}, "2 requests are the cap"),
    ],
)
def test_a_model_that_never_stops_is_stopped_at_a_cap(
    configure: Configure, server: ScriptedServer, step: Step, caps: dict[str, object], because: str
) -> None:
    numbered = iter(range(1000))

    def script(request: object) -> Step:
        calls = tuple(Call(c.name, f'{{"group_by": ["x_Team"], "limit": {next(numbered) + 1}}}') for c in step.calls)
        return replace(step, calls=calls)

    server.script = script
    settings = configure(model_caps={"seconds": 20} | caps)
    answer = build_agent(settings).ask(QUESTION, as_of=AS_OF)
    assert falls_back(answer, because), answer.caveats
    assert answer.model_usage is not None
    assert answer.model_usage.requests <= settings.model_caps.requests
