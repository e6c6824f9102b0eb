"""A well-behaved model for any question: it calls what the built-in planner would, and drafts the reply itself.

Over the wire it is a model like any other: it sees the messages and the heads of results, and writes placeholders.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import convert_to_messages

from evals.hostile.script import Call, Request, Script, Step, results_in, usage

CHARACTERS_PER_TOKEN = 4
MOST_ROWS = 10


def planning(planner: BaseChatModel) -> Script:
    """Plans with `planner`; a reply that is sent back is left to the plain rendering."""

    def script(request: Request) -> Step:
        read = len(json.dumps(request)) // CHARACTERS_PER_TOKEN
        last = request["messages"][-1]
        if last.get("name") == "check":
            return Step(usage=usage(read, 1))
        if results := results_in(request):
            text = draft(results)
            return Step(text, usage=usage(read, 1 + len(text) // CHARACTERS_PER_TOKEN))
        planned: Any = planner.invoke(convert_to_messages(request["messages"]))
        calls = tuple(Call(call["name"], json.dumps(call["args"])) for call in planned.tool_calls)
        return Step(calls=calls, usage=usage(read, 20 * len(calls) + 1))

    return script


def draft(results: Sequence[str]) -> str:
    """The one result as a headline and its rows; nothing where that would not say it all."""
    try:
        heads = [json.loads(text) for text in results]
    except ValueError:
        return ""  # a fault: it was told in words
    if len(heads) != 1 or heads[0]["no_data"] or heads[0]["compare_period"]:
        return ""
    return "\n".join(_lines(heads[0]))


def _lines(head: Mapping[str, Any]) -> Iterator[str]:
    """Only single figures, and lists of one dimension that the head shows whole."""
    handle, columns = head["result"], head["columns"]
    metrics = [column["name"] for column in columns if column["kind"] == "metric"]
    names = [column["name"] for column in columns if column["kind"] in ("dimension", "time")]
    rows = len(head["rows"])
    if len(metrics) != 1 or len(names) > 1 or "columns_in_table" in head or not 0 < rows <= MOST_ROWS:
        return
    if head["rows_in_table"] != rows:
        return
    if not names:
        yield f"{{{{{handle}.headline}}}}: {{{{{handle}.0.{metrics[0]}}}}}."
        return
    yield f"{{{{{handle}.headline}}}}:\n"
    for row in range(rows):
        yield f"- {{{{{handle}.{row}.{names[0]}}}}}: {{{{{handle}.{row}.{metrics[0]}}}}}"
