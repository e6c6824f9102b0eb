"""What other assistants are offered, and what they get for a call."""

from pathlib import Path

import pytest
from mcp import Client

from agent.identity import ANYBODY
from agent.mcp.desk import Desk
from agent.settings import load_settings
from tests.mcp.assistants import Assistant, OverHttp, OverStdio, Told, call, refusal, told, tools
from tests.mcp.conftest import AS_OF, filled
from tools.catalog import CATALOG

OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


def test_every_tool_of_the_catalogue_is_offered_as_one_that_only_reads(assistant: Assistant) -> None:
    offered = tools(assistant)
    assert list(offered) == ["ask", *(tool.name for tool in CATALOG)]
    reading = {name for name, tool in offered.items() if tool.annotations and tool.annotations.read_only_hint}
    assert offered.keys() - reading == {"ask", "propose_remediation"}
    assert not any(tool.annotations and tool.annotations.destructive_hint for tool in offered.values())
    for tool in CATALOG:
        told_of, own = offered[tool.name], tool.request.model_json_schema()
        assert told_of.description == tool.description
        assert told_of.input_schema["properties"].keys() == own["properties"].keys() | {"as_of"}
        assert told_of.input_schema.get("required") == own.get("required")
        assert told_of.input_schema["additionalProperties"] is False


def only(model: str) -> dict[str, object]:
    return {"dimension": "x_Model", "values": [model]}


def test_each_tool_can_be_called_in_one_conversation(assistant: Assistant) -> None:
    calls = {
        "ask": {"question": "spend by model in October 2026"},
        "query_costs": {"group_by": ["x_Model"]},
        "explain_change": {"filters": [only("quartz-large")], "compare_filters": [only("quartz-small")]},
        "describe_data": {"about": "values", "dimension": "x_Team"},
        "lookup_prices": {"model": "gpt-4o", "on": "2026-10-01"},
        "search_playbooks": {"query": "how does prompt caching save money"},
        "simulate": {"traffic": "2"},
        "compare_scenarios": {"scenarios": [{"name": "double", "scenario": {"traffic": "2"}}]},
        "forecast_costs": {},
        "allocate": {"period": OCTOBER},
        "health_check": {},
        "find_unowned": {"period": OCTOBER},
        "run_sql": {"sql": "SELECT x_Model, SUM(EffectiveCost) AS spend FROM daily GROUP BY 1"},
    }
    without_tokens = dict.fromkeys(("simulate", "compare_scenarios"), "no_data")
    without_data = {
        "budget_status": {}, "unit_economics": {"per": "document"}, "reconcile": {}, "serving_costs": {},
        "find_anomalies": {}, "explain_anomaly": {"anomaly": "A-1b2c3d4"}, "find_runaway_spend": {},
        "find_savings": {}, "commitments": {"about": "coverage"}, "gpu_fleet": {},
        "policy_violations": {}, "realised_savings": {}, "list_proposals": {},
        "propose_remediation": {"lever": "idle_gpu"},
    }  # fmt: skip

    async def conversation(client: Client) -> dict[str, Told]:
        return {name: await told(client, name, arguments) for name, arguments in (calls | without_data).items()}

    replies = assistant.talk(conversation)
    statuses = dict.fromkeys(calls, "answered") | dict.fromkeys(without_data, "no_data") | without_tokens
    assert {name: reply.json["status"] for name, reply in replies.items()} == statuses
    assert not any(reply.is_error for reply in replies.values())
    assert statuses.keys() == tools(assistant).keys()


def test_a_result_has_exact_figures_with_units_totals_and_evidence(caller: Assistant) -> None:
    reply = call(caller, "query_costs", group_by=["x_Model"], period=OCTOBER, limit=1).json
    assert [(column["name"], column["unit"]) for column in reply["columns"]] == [
        ("x_Model", None),
        ("EffectiveCost", "USD"),
    ]
    assert reply["rows"] == [["quartz-large", "10.1"], ["other", "6.505"]]
    assert (reply["row_count"], reply["other_row"], reply["rows_left_out"]) == (3, 1, 0)
    assert reply["totals"] == {"EffectiveCost": "16.605"}
    evidence = reply["evidence"]
    assert "SUM(EffectiveCost)" in evidence["sql"]
    assert "2026-10-01" in evidence["parameters"]
    assert (evidence["period"], evidence["loaded_through"]) == (OCTOBER, "2026-10-31")
    assert evidence["generation"] == 1


def test_an_assistant_that_speaks_an_older_version_is_served_too(address: str) -> None:
    older = OverHttp(address, mode="legacy")
    assert tools(older).keys() == tools(OverHttp(address)).keys()
    assert call(older, "ask", question="total spend in October 2026").json["status"] == "answered"


def test_nothing_found_is_no_error_but_says_what_there_is(caller: Assistant) -> None:
    reply = call(caller, "query_costs", period={"start": "2025-01-01", "end": "2025-02-01"})
    assert (reply.is_error, reply.json["status"], reply.json["reason"]) == (False, "no_data", "not_loaded")
    assert "2026-10" in reply.json["message"]


@pytest.mark.parametrize(
    ("tool", "arguments", "way_out"),
    [
        ("query_costs", {"group_by": ["x_Modle"]}, "x_Model"),
        ("query_costs", {"metric": ["EffectiveCost"]}, "query_costs takes metrics, group_by"),
        ("query_costs", {"order_by": "time"}, "needs a granularity"),
        ("query_costs", {"as_of": "soon"}, "as_of='soon'"),
        ("run_sql", {"sql": "SELECT * FROM '/etc/passwd'"}, "the only one is daily"),
        ("run_sql", {"sql": "DROP TABLE daily"}, "SELECT"),
        ("ask", {}, "ask takes question, thread, as_of"),
    ],
)
def test_a_call_that_can_not_be_made_says_what_would_work(
    caller: Assistant, tool: str, arguments: dict[str, object], way_out: str
) -> None:
    reply = call(caller, tool, **arguments)
    assert reply.is_error
    assert way_out in reply.text


def test_a_tool_that_is_not_offered_is_an_error_of_the_protocol(caller: Assistant) -> None:
    assert "use one of allocate, ask" in refusal(caller, "delete_everything")


def test_the_day_is_the_server_s_unless_a_call_names_one(caller: Assistant) -> None:
    assert call(caller, "query_costs").json["evidence"]["period"]["start"] == "2026-10-01"
    later = call(caller, "query_costs", as_of="2026-11-20").json
    assert (later["status"], later["evidence"]["period"]["start"]) == ("no_data", "2026-11-01")


def test_a_thread_carries_on_from_one_connection_to_the_next(caller: Assistant, request: pytest.FixtureRequest) -> None:
    thread = request.node.name
    call(caller, "ask", question="spend in October 2026", thread=thread)
    answer = call(caller, "ask", question="and by team?", thread=thread).json
    assert answer["period"] == OCTOBER
    assert "x_Team" in [column["name"] for column in answer["tables"][0]["columns"]]


def test_a_long_table_is_cut_and_says_so(tmp_path: Path) -> None:
    home = filled(tmp_path / "home")
    desk = Desk(load_settings(home), ANYBODY)
    reply = desk.call("run_sql", {"sql": "SELECT a.x_Team FROM daily a, daily b, daily c, daily d, daily e"}).content
    assert (len(reply["rows"]), reply["rows_left_out"] > 0) == (200, True)
    assert any("the first 200 of" in caveat for caveat in reply["caveats"])


def test_ad_hoc_sql_that_is_switched_off_is_not_offered(home: Path) -> None:
    (home / "outlay.toml").write_text("[sql]\nenabled = false\n", encoding="utf-8")
    assistant = OverStdio(home, ("--as-of", AS_OF))
    assert "run_sql" not in tools(assistant)
    assert "use one of" in refusal(assistant, "run_sql")
