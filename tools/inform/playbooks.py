"""search_playbooks: passages of the playbooks and of a company's own documents, word for word."""

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.errors import NoData
from tools.domain.passage import Found
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.registry import ToolContext, tool

TOOL = "search_playbooks"
QUOTED = "what is quoted, its numbers included, stands in the documents named; none of it is a figure of your data"
COLUMNS = (
    Column(name="File", kind="dimension", label="file", plural="files"),
    Column(name="Heading", kind="dimension", label="heading", plural="headings"),
    Column(name="Passage", kind="quotation", label="passage"),
    Column(name="Score", kind="metric", label="score", metric="Score"),
)


class PlaybookRequest(BaseModel):
    """What to look for in the documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str = Field(min_length=1, max_length=4000, description="the question, in whole words, as the person put it")
    limit: int = Field(default=3, ge=1, le=10, description="how many passages")


@tool(PlaybookRequest)
def search_playbooks(ctx: ToolContext, request: PlaybookRequest) -> ToolResult:
    """Passages from the cost playbooks and the company's own policies that bear on a question, best first.

    Use it for knowledge: what a KPI or a FOCUS term means and how it is computed, how a GPU or LLM cost lever works,
    what it saves, its risks and steps, how a provider counts tokens, what the company's policy says. Each row quotes
    one section (File, Heading, Passage); Score orders them. For amounts spent and used call query_costs; for prices
    lookup_prices. Passages are quotations: never mix their numbers with figures of the data.
    """
    if ctx.passages is None:
        raise NoData("no documents are at hand here", "not_loaded")
    found = ctx.passages.find(request.query, request.limit)
    evidence = Evidence(
        sql="",
        arguments=request.model_dump(mode="json"),
        generation=ctx.store.generation,
        row_count=len(found.passages),
        sources=tuple(dict.fromkeys(passage.file for passage in found.passages)),
        caveats=(*([QUOTED] if found.passages else []), *found.notes),
    )
    if not found.passages:
        return ToolResult(tool=TOOL, evidence=evidence, no_data=_NOTHING, no_data_reason="absent")
    return ToolResult(tool=TOOL, columns=COLUMNS, rows=_rows(found), evidence=evidence)


_NOTHING = "nothing in the playbooks or in your own documents comes near this question"


def _rows(found: Found) -> tuple[tuple[Cell, ...], ...]:
    return tuple((one.file, one.heading, one.text, one.score) for one in found.passages)
