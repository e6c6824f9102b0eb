"""`python -m evals.same_figures`: the same questions four ways on the demo world, and whether the figures agree.

The ways: the built-in planner; a scripted model behind an OpenAI-compatible server on loopback, which calls what the
planner would and drafts the reply itself; `outlay ask --json`; another assistant over MCP (the SDK's client, stdio).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult

from agent.answer.render import to_json
from agent.app import build_agent, open_store
from agent.planner import BuiltinPlanner, Lexicon
from agent.settings import Settings, load_settings
from evals.demo.runner import ensure_home
from evals.demo.truth import TODAY
from evals.hostile.planning import planning
from evals.hostile.server import serving
from evals.machine import write_result
from evals.paths import CHECKOUT

QUESTIONS = (
    "how much did we spend in October 2026",
    "top 5 costly models",
    "top 5 costly models last month",
    "spend by team in October 2026",
    "spend by service in October 2026",
    "spend by provider and month this year",
    "which model cost most in October 2026, with share",
    "billed cost by day in October 2026",
    "list cost in October 2026",
    "contracted cost by model in October 2026",
    "credits in October 2026",
    "compare october 2026 with september 2026",
    "spend by model in October 2026 versus the month before",
    "spend of team search in October 2026",
    "spend without credits in October 2026",
    "spend by charge category in October 2026",
    "bottom 2 models in October 2026",
    "models above $5 in October 2026",
    "cheapest day of October 2026",
    "how many teams had costs in October 2026",
    "what share of October 2026 has no team",
    "which teams are there",
    "how did spend change in October 2026 and why",
    "spend by team in Q3 2026",
)
AGREED = ("status", "period", "currency", "tables", "evidence")
"""What all ways have to say alike; the wording of a model's reply is its own, with the figures of these tables."""
WORDED = (*AGREED, "figures", "text", "caveats", "suggestions")
"""What the built-in planner's ways have to say alike: the reply, word for word."""
MODEL = "scripted"
COMMAND = ("-c", "from agent.cli.main import main; main()")


def by_agent(settings: Settings, questions: Sequence[str], as_of: date) -> dict[str, Any]:
    """Each question to one agent, in threads of their own; nothing that a model uses becomes a charge of the home."""
    agent = build_agent(settings, tells_own_usage=False)
    return {question: to_json(agent.ask(question, as_of=as_of)) for question in questions}


def by_scripted_model(home: Path, questions: Sequence[str], as_of: date) -> dict[str, Any]:
    """Through the OpenAI client and a server on loopback."""
    store = open_store(load_settings(home, "builtin"))
    lexicon = Lexicon.of(store.snapshot())
    with serving(planning(BuiltinPlanner(lexicon=lambda: lexicon))) as server:
        endpoint = {"base_url": server.url, "endpoint": {"provider": "openai", "retries": 0}}
        answers = by_agent(load_settings(home, MODEL).model_copy(update=_validated(home, endpoint)), questions, as_of)
    if server.complaints:
        raise AssertionError(f"the strict server refused: {server.complaints[:3]}")
    return answers


def _validated(home: Path, changed: Mapping[str, Any]) -> dict[str, Any]:
    settings = Settings.model_validate({"home": home, "model": MODEL, **changed})
    return {name: getattr(settings, name) for name in changed}


def by_command_line(home: Path, questions: Sequence[str], as_of: date) -> dict[str, Any]:
    """`outlay ask --json`, a process for each question."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        printed = pool.map(lambda question: _printed(home, question, as_of), questions)
        return {question: json.loads(text) for question, text in zip(questions, printed, strict=True)}


def _printed(home: Path, question: str, as_of: date) -> str:
    line = [sys.executable, *COMMAND, "--home", str(home), "ask", question, "--json", "--as-of", str(as_of)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "OUTLAY_MODEL": "builtin"}
    return subprocess.run(line, capture_output=True, text=True, env=environment, check=False).stdout


def by_assistant(home: Path, questions: Sequence[str], as_of: date) -> dict[str, Any]:
    """`outlay mcp` over stdio, every question in one conversation."""
    line = [*COMMAND, "--home", str(home), "mcp", "--as-of", str(as_of)]
    server = StdioServerParameters(command=sys.executable, args=line, env={"PYTHONPATH": str(CHECKOUT)})

    async def conversation() -> dict[str, Any]:
        async with Client(server) as client:
            return {question: _told(await client.call_tool("ask", {"question": question})) for question in questions}

    return anyio.run(conversation)


def _told(result: object) -> Any:
    assert isinstance(result, CallToolResult)
    return result.structured_content


def differences(planner: Mapping[str, Any], other: Mapping[str, Any], parts: Sequence[str]) -> Iterator[str]:
    """What another way says otherwise, in a few words; a long table over MCP has its head alone."""
    for part in parts:
        mine, theirs = planner[part], other[part]
        if part == "tables":
            theirs = [{key: value for key, value in table.items() if key != "rows_left_out"} for table in theirs]
            heads = [len(table["rows"]) for table in theirs]
            mine = [table | {"rows": table["rows"][:head]} for table, head in zip(mine, heads, strict=False)]
            if [len(table["rows"]) + table.get("rows_left_out", 0) for table in other[part]] != [
                len(table["rows"]) for table in planner[part]
            ]:
                yield "another number of rows"
        if mine != theirs:
            yield f"{part}: {str(mine)[:200]} beside {str(theirs)[:200]}"


def main() -> int:
    home = ensure_home()
    planner = by_agent(load_settings(home, "builtin"), QUESTIONS, TODAY)
    ways = {
        "scripted model": (by_scripted_model(home, QUESTIONS, TODAY), AGREED),
        "command line": (by_command_line(home, QUESTIONS, TODAY), WORDED),
        "MCP": (by_assistant(home, QUESTIONS, TODAY), WORDED),
    }
    answered = sum(one["status"] == "answered" for one in planner.values())
    figures = sum(len(table["rows"]) for one in planner.values() for table in one["tables"])
    print(f"{len(QUESTIONS)} questions, {answered} answered by the built-in planner with {figures} rows")
    alike = {}
    for way, (answers, parts) in ways.items():
        found = {question: list(differences(planner[question], answers[question], parts)) for question in QUESTIONS}
        alike[way] = sum(not differing for differing in found.values())
        print(f"{way:<16}{alike[way]} of {len(QUESTIONS)} the same")
        for question, differing in found.items():
            for one in differing:
                print(f"  {question}: {one}")
    drafted = sum(one["model"] == MODEL for one in ways["scripted model"][0].values())
    print(f"the scripted model answered {drafted} of them itself")
    write_result(
        "same_figures", {"questions": len(QUESTIONS), "answered": answered, "rows": figures, "the_same": alike}
    )
    return int(any(count != len(QUESTIONS) for count in alike.values()))


if __name__ == "__main__":
    sys.exit(main())
