"""What is offered to other assistants: the home's reading tools, and `ask`."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from agent.mcp.reply import ToolReply
from tools.registry import Tool

ASK = "ask"


class AskRequest(BaseModel):
    """Answer a question about AI spend in plain words; every figure is checked against the query it comes from.

    Use it first: "top 5 costly models last month", "which team's spend grew most?", "how does caching save money".
    It gives text (Markdown), figures bound to their cells, tables, evidence (SQL, parameters, period) and caveats;
    `outlay verify ID` runs its queries again. status: answered; no_data (the store has nothing for that); clarify (two
    readings differ, suggestions has both); not_understood (suggestions has questions that work); refused; failed.
    For what a question can't say call query_costs; for names and periods describe_data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1, max_length=4000, description="in English, one question at a time")
    thread: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="a name for the conversation; a later question of that name carries on from it",
    )


class Day(BaseModel):
    """The day that a call is made as of; every tool takes it beside its own arguments."""

    model_config = ConfigDict(frozen=True)

    as_of: date | None = Field(default=None, description="ask as if today were this day; none: today")


class Offered(BaseModel):
    """A tool as other assistants are told of it."""

    model_config = ConfigDict(frozen=True)

    name: str
    description: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any] | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(self.input_schema["properties"])


def offered(tools: tuple[Tool, ...]) -> tuple[Offered, ...]:
    """`ask` first, as most questions need no other."""
    output = ToolReply.model_json_schema()
    ask = Offered(name=ASK, description=(AskRequest.__doc__ or "").strip(), input_schema=_input_schema(AskRequest))
    return ask, *(
        Offered(
            name=tool.name,
            description=tool.description,
            input_schema=_input_schema(tool.request),
            output_schema=output,
        )
        for tool in tools
    )


def _input_schema(request: type[BaseModel]) -> dict[str, Any]:
    schema = request.model_json_schema()
    schema.pop("description", None)
    return schema | {"properties": schema["properties"] | Day.model_json_schema()["properties"]}
