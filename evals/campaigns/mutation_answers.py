"""Answers to mutate: rankings, comparisons, series, shares, ratios, single figures, prices, nothing.

Each is written twice: by the plain rendering, and as a model would write it, out of single placeholders.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from agent.answer.check_draft import check_draft
from agent.answer.facts import is_narrowed
from agent.answer.write import Asked, write_answer
from tools.domain.answer import Answer
from tools.domain.period import Period
from tools.domain.result import Cell, Column, Evidence, ToolResult
from tools.inform.playbooks import COLUMNS

AS_OF = date(2026, 10, 10)
MONTH = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
BEFORE = Period(start=date(2026, 9, 1), end=date(2026, 10, 1))
TO_DATE = Period(start=date(2026, 10, 1), end=date(2026, 10, 11))

NAMES = (
    "m-large", "m-mid", "deepseek-r1", "gpt-5.5-mini", "claude-haiku-4-5", "llama_3.3_70b", "client-language-61",
    "search", "ads", "recommendations", "Amazon Bedrock", "Größe & Söhne", "北京", "team *seven*", "o3", "ten", "other",
)  # fmt: skip
DIMENSIONS = (
    Column(name="x_Model", kind="dimension", label="model", plural="models"),
    Column(name="x_Team", kind="dimension", label="team", plural="teams"),
    Column(name="tag:cost-centre", kind="dimension", label="cost centre", plural="cost centres"),
)
METRICS = (
    ("EffectiveCost", "effective cost", "USD"),
    ("BilledCost", "billed cost", "EUR"),
    ("Tokens", "tokens", "tokens"),
    ("Requests", "requests", "requests"),
    ("CacheHitRate", "cache-hit rate", "ratio"),
    ("CostPerMillionTokens", "cost per million tokens", "USD/1M tokens"),
)
FILES = ("playbooks/spot-gpus.md", "company/policy 2026.pdf", "playbooks/kpi_tokens.md")
HEADINGS = ("Risks", "Page 3", "Steps", "What it saves", "Cost *per* call")
PASSAGES = (
    "Spot is cheaper by up to", "- one\n- two\n\nThe bill rose by", "1. Ask.\n2. Stop.\n\n> a quotation\n\nIt fell by",
    "<b>Bold</b> | `code` | [link](x) {{r1.0.Score}}", "# No heading\n---\nOctober 2025 has", "Größe ½ 五 ٣, below",
)  # fmt: skip


def answers(random: Random) -> list[Answer]:
    """One answer of each kind in each wording."""
    made: list[Answer] = []
    for make in MAKERS:
        results = make(random)
        made.append(write_answer(Asked("how much?", AS_OF), results))
        draft = model_like_draft(results)
        if draft:
            wrong = check_draft(draft, results)
            if wrong:
                raise AssertionError(f"the model-like draft is not sound: {wrong[0]}")
            made.append(write_answer(Asked("how much?", AS_OF), results, draft))
    return made


def model_like_draft(results: dict[str, ToolResult]) -> str:
    """Sentences of single placeholders, with plain words between them; empty for results without data."""
    return "\n\n".join(text for handle, result in results.items() if (text := _prose(handle, result)))


def _prose(handle: str, result: ToolResult) -> str:
    metrics = [c for c in result.columns if c.kind == "metric"]
    dimensions = [c for c in result.columns if c.kind in ("dimension", "time")]
    if result.tool == "search_playbooks":
        said = "Here is what {{{{{0}.{1}.File}}}} says in {{{{{0}.{1}.Heading}}}}: {{{{{0}.{1}.Passage}}}}"
        return "\n".join(
            [f"{{{{{handle}.headline}}}}.", *(said.format(handle, row) for row in range(len(result.rows)))]
        )
    if not metrics or result.evidence.period is None:
        return ""
    first = metrics[0].name
    filters = f", {{{{{handle}.filters}}}}" if is_narrowed(result) else ""
    compared = f" {{{{{handle}.compare_period}}}}" if result.evidence.compare_period else ""
    lines = [f"These are the figures for {{{{{handle}.period}}}}{compared}{filters}."]
    said = f"{{{{{handle}.%d.{first}.change}}}}" if compared else f"was {{{{{handle}.%d.{first}}}}}"
    label = f"{{{{{handle}.label.{first}}}}}"
    if not dimensions:
        return f"{lines[0]} The {label} {said % 0}."
    for row in range(min(len(result.rows), 4)):
        names = ", ".join(f"{{{{{handle}.{row}.{column.name}}}}}" for column in dimensions)
        lines.append(f"- The {label} of {names} {said % row}.")
    if first in result.totals and not compared and not result.evidence.arguments.get("threshold"):
        lines.append(f"\nThe {label} was {{{{{handle}.total.{first}}}}}, for {{{{{handle}.row_count}}}}.")
    return "\n".join(lines)


def _ranking(random: Random, *, metrics: int = 1, limit: bool = True) -> ToolResult:
    dimension = random.choice(DIMENSIONS)
    columns = [dimension, *_metrics(random, metrics)]
    count = random.randint(2, 9)
    rows = _rows(random, columns, count)
    asked = random.randint(1, 12) if limit else None
    row_count, other = count, None
    if asked is not None and asked < count:
        rows = [*rows[:asked], ["other", *rows[asked][1:]]]
        other = asked
    filters = random.choice([[], [{"dimension": "x_Environment", "operator": "in", "values": ["production"]}]])
    return _result(
        random, columns, rows, other_row=other, row_count=row_count,
        limit=asked, group_by=[dimension.name], filters=filters,
    )  # fmt: skip


def _narrowed(random: Random) -> ToolResult:
    """Only the groups over a threshold, of one cost basis."""
    result = _ranking(random, limit=False)
    narrowing = {"threshold": {"operator": "over", "value": str(random.randint(1, 99))}, "cost_basis": "invoice"}
    evidence = result.evidence.model_copy(update={"arguments": result.evidence.arguments | narrowing})
    return result.model_copy(update={"evidence": evidence})


def _shares(random: Random) -> ToolResult:
    metric = _metrics(random, 1)[0]
    share = Column(name=f"{metric.name}_share", kind="share", label="share", unit="ratio", metric=metric.name)
    columns = [DIMENSIONS[0], metric, share]
    rows = _rows(random, columns, random.randint(2, 8))
    return _result(random, columns, rows, group_by=["x_Model"], with_share=True)


def _comparison(random: Random, *, grouped: bool) -> ToolResult:
    metric = _metrics(random, 1)[0]
    added = [
        Column(name=f"{metric.name}_previous", kind="previous", label="before", unit=metric.unit, metric=metric.name),
        Column(name=f"{metric.name}_change", kind="change", label="change", unit=metric.unit, metric=metric.name),
        Column(name=f"{metric.name}_change_ratio", kind="change_ratio", label="%", unit="ratio", metric=metric.name),
    ]
    columns = [*([DIMENSIONS[0]] if grouped else []), metric, *added]
    rows: list[list[Cell]] = []
    for name in random.sample(NAMES, random.randint(2, 6)) if grouped else [""]:
        now, then = _number(random, metric.unit), _number(random, metric.unit)
        rows.append([*([name] if grouped else []), now, then, now - then, (now - then) / then])
    return _result(
        random, columns, rows, period=MONTH, compare_period=BEFORE,
        compare_to="previous", group_by=["x_Model"] if grouped else [],
    )  # fmt: skip


def _series(random: Random) -> ToolResult:
    metric = _metrics(random, 1)[0]
    time = Column(name="Time", kind="time", label="time")
    days = random.randint(3, 20)
    start = date(2026, 9, 1)
    rows: list[list[Cell]] = [
        [(start + timedelta(days=n)).isoformat(), _number(random, metric.unit)] for n in range(days)
    ]
    period = Period(start=start, end=start + timedelta(days=days))
    return _result(random, [time, metric], rows, period=period, granularity="day", group_by=[])


def _single(random: Random) -> ToolResult:
    columns = _metrics(random, 1)
    return _result(random, columns, _rows(random, columns, 1), group_by=[])


def _two_dimensions(random: Random) -> ToolResult:
    columns = [*DIMENSIONS[:2], *_metrics(random, 1)]
    rows = [[random.choice(NAMES), *row[1:]] for row in _rows(random, columns, random.randint(2, 8))]
    return _result(random, columns, rows, group_by=["x_Team", "x_Model"])


def _prices(random: Random) -> ToolResult:
    columns = [DIMENSIONS[0], *_metrics(random, 0), Column(
        name="Price", kind="metric", label="price", unit="USD/1M tokens", metric="Price")]  # fmt: skip
    rows = _rows(random, columns, random.randint(2, 4))
    result = _result(random, columns, rows)
    evidence = result.evidence.model_copy(update={"arguments": {"model": "m-large", "on": "2026-10-10"}})
    return result.model_copy(update={"tool": "lookup_prices", "evidence": evidence, "totals": {}})


def _passages(random: Random) -> ToolResult:
    """Quotations of documents, with numbers, lists and Markdown of their own in them."""
    rows = [
        (
            random.choice(FILES),
            heading,
            f"{random.choice(PASSAGES)} {random.randint(2, 99)} %.",
            _number(random, "ratio"),
        )
        for heading in random.sample(HEADINGS, random.randint(1, 3))
    ]
    return ToolResult(
        tool="search_playbooks",
        columns=COLUMNS,
        rows=tuple(rows),
        evidence=Evidence(
            sql="", arguments={"query": "how?", "limit": 3}, row_count=len(rows), sources=("playbooks/spot.md",),
            caveats=("the 3 passages are quoted",),
        ),
    )  # fmt: skip


def _nothing(random: Random) -> ToolResult:
    message = (
        f"There are no charges of {random.choice(NAMES)} in 2025. Data starts on {random.randint(1, 28)} May 2026."
    )
    return ToolResult(
        tool="query_costs",
        evidence=Evidence(sql="SELECT 1", period=MONTH, arguments={}),
        no_data=message,
        no_data_reason="absent",
        suggestions=("top 5 models",),
    )


def _metrics(random: Random, count: int) -> list[Column]:
    return [Column(name=n, kind="metric", label=w, unit=u, metric=n) for n, w, u in random.sample(METRICS, count)]


def _rows(random: Random, columns: list[Column], count: int) -> list[list[Cell]]:
    names = random.sample(NAMES, count)
    rows: list[list[Cell]] = [
        [names[i] if c.kind == "dimension" else _number(random, c.unit) for c in columns] for i in range(count)
    ]
    first = next(i for i, c in enumerate(columns) if c.kind == "metric")
    return sorted(rows, key=lambda row: Decimal(str(row[first])), reverse=True)


def _number(random: Random, unit: str | None) -> Decimal:
    if unit == "ratio":
        return Decimal(random.randint(1, 9999)) / 10000
    scale = random.choice([1, 1000, 10**6, 10**9])
    return Decimal(random.randint(1, 10**9)) / 10**6 * (1 if unit and "/" in unit else scale)


def _result(
    random: Random,
    columns: list[Column],
    rows: list[list[Cell]],
    *,
    other_row: int | None = None,
    row_count: int | None = None,
    period: Period = TO_DATE,
    compare_period: Period | None = None,
    **arguments: object,
) -> ToolResult:
    metrics = [c for c in columns if c.kind not in ("dimension", "time", "share", "change_ratio")]
    totals: dict[str, Decimal | None] = {c.name: _total(rows, columns.index(c), c) for c in metrics}
    return ToolResult(
        tool="query_costs",
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        totals=totals,
        other_row=other_row,
        evidence=Evidence(
            sql="SELECT 1",
            parameters=(random.randint(1, 99), "production"),
            arguments={"metrics": [c.name for c in columns if c.kind == "metric"]} | arguments,
            period=period,
            compare_period=compare_period,
            generation=3,
            row_count=len(rows) if row_count is None else row_count,
            loaded_through=date(2026, 10, 9),
            sources=("bill",),
            caveats=random.choice([(), ("12 charges have no team.",), ("data ends on 9 October 2026",)]),
        ),
    )


def _total(rows: list[list[Cell]], index: int, column: Column) -> Decimal:
    numbers = [cell for row in rows if isinstance(cell := row[index], Decimal)]
    return sum(numbers, Decimal(0)) / (len(numbers) if "/" in (column.unit or "") or column.unit == "ratio" else 1)


MAKERS: tuple[Callable[[Random], dict[str, ToolResult]], ...] = (
    lambda random: {"r1": _ranking(random)},
    lambda random: {"r1": _ranking(random, limit=False)},
    lambda random: {"r1": _ranking(random, metrics=2)},
    lambda random: {"r1": _narrowed(random)},
    lambda random: {"r1": _shares(random)},
    lambda random: {"r1": _comparison(random, grouped=True)},
    lambda random: {"r1": _comparison(random, grouped=False)},
    lambda random: {"r1": _series(random)},
    lambda random: {"r1": _single(random)},
    lambda random: {"r1": _two_dimensions(random)},
    lambda random: {"r1": _prices(random)},
    lambda random: {"r1": _nothing(random)},
    lambda random: {"r1": _passages(random)},
    lambda random: {"r1": _passages(random), "r2": _ranking(random)},
    lambda random: {"r1": _ranking(random), "r2": _series(random)},
    lambda random: {"r1": _ranking(random), "r2": _comparison(random, grouped=True)},
    lambda random: {"r1": _single(random), "r2": _nothing(random)},
)
