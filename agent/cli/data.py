"""`outlay data`: what is in the store."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import shared

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from tools.store import StoreSummary
    from tools.store.summary import GpuSummary, RecordSummary, SourceSummary

MOST_SHOWN = 15
NUMBERS = ("rows", "effective cost", "billed cost")


def data(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quarantine: Annotated[bool, typer.Option("--quarantine", help="List the rows that loads kept out.")] = False,
) -> None:
    """Show what is in the store: sources, periods, rows, freshness, gaps, unpriced usage, quarantined rows, defects.

    Example: outlay data
    """
    from agent.app import open_store, own_usage_of

    cli = shared(context)
    own_usage_of(cli.settings).fold()
    store = open_store(cli.settings)
    if quarantine:
        _list_quarantine(cli.out, store.quarantined_rows(), as_json)
        return
    summary = store.summary()
    if as_json:
        print(summary.model_dump_json())
    elif summary.rows or summary.records or summary.gpu:
        _print_summary(cli.out, summary)
    else:
        cli.out.print("The store is empty. Load something: outlay demo, or outlay ingest focus PATH")


def _print_summary(console: "Console", summary: "StoreSummary") -> None:
    from rich.table import Table
    from rich.text import Text

    size = f"{summary.size_bytes / 1e6:,.0f} MB, generation {summary.generation}"
    console.print(
        f"[bold]{summary.rows:,} charges[/bold], {summary.loaded_from} to {summary.loaded_through} ({size})\n"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("source", overflow="fold")
    for heading in ("basis", "rows", "from", "to", "effective cost", "billed cost"):
        table.add_column(heading, justify="right" if heading in NUMBERS else "left", no_wrap=True)
    for source in summary.sources:
        table.add_row(*(Text(cell) for cell in _source_cells(source)))
    console.print(table)
    for heading, lines in _remarks(summary):
        shown = [Text(f"  {line}", style="dim") for line in lines[:MOST_SHOWN]]
        if shown:
            console.print(f"\n[bold]{heading}[/bold]")
            console.print(*shown, sep="\n")
        if len(lines) > MOST_SHOWN:
            console.print(Text(f"  … {len(lines) - MOST_SHOWN} more; --json has them all", style="dim"))


def _source_cells(source: "SourceSummary") -> Iterator[str]:
    yield source.source
    yield ", ".join(source.cost_bases).replace("_", " ")
    yield f"{source.rows:,}"
    yield str(source.first_day)
    yield str(source.last_day)
    yield "\n".join(_amount(total.EffectiveCost, total.currency) for total in source.totals)
    yield "\n".join(_amount(total.BilledCost, total.currency) for total in source.totals)


def _amount(amount: Decimal | None, currency: str) -> str:
    from agent.answer.display import money_text

    return "–" if amount is None else money_text(amount, currency)


def _remarks(summary: "StoreSummary") -> "Iterator[tuple[str, list[str]]]":
    yield "Which basis counts", list(summary.basis_notes)
    gaps = [
        f"{one.source}: {_days('billing periods', one.missing_billing_periods)}"
        for one in summary.sources
        if one.missing_billing_periods
    ]
    gaps += [f"{one.source}: {_days('days', one.missing_days)}" for one in summary.sources if one.missing_days]
    yield "Gaps", gaps
    yield (
        "Unpriced usage (in no total)",
        [
            f"{one.x_Model}: {one.ConsumedQuantity or 0:,.0f} {one.ConsumedUnit}, {one.first_day} to {one.last_day}"
            for one in summary.unpriced
        ],
    )
    yield (
        "Quarantined rows (list them: outlay data --quarantine)",
        [f"{one.rows:,} × {one.reason}" for load in summary.quarantined for one in load.reasons],
    )
    yield "Beside the charges", [_records(one) for one in summary.records]
    yield "GPU samples", [_gpu(one) for one in summary.gpu]
    yield "Departures from FOCUS, loaded all the same", _defects(summary, notes=False)
    yield "Notes", _defects(summary, notes=True)


def _records(one: "RecordSummary") -> str:
    span = f", {one.first_day} to {one.last_day}" if one.first_day else ""
    return f"{one.kind}: {one.rows:,} in {one.source}{span}"


def _gpu(one: "GpuSummary") -> str:
    return f"{one.source}: {one.rows:,}, {one.first_time:%Y-%m-%d %H:%M} to {one.last_time:%Y-%m-%d %H:%M} UTC"


def _defects(summary: "StoreSummary", *, notes: bool) -> list[str]:
    """What loads found, the same finding of several loads as one line."""
    rows: dict[str, int] = {}
    for load in summary.loads:
        for defect in load.defects:
            if (defect.defect == "note") == notes:
                text = f"{defect.column}: {defect.detail or defect.defect}"
                rows[text] = rows.get(text, 0) + defect.rows
    return [text if notes else f"{text} ({count:,} rows)" for text, count in rows.items()]


def _days(what: str, days: "tuple[date, ...]") -> str:
    shown = ", ".join(str(day) for day in days[:5])
    return f"{len(days)} {what} without data: {shown}{' …' if len(days) > 5 else ''}"


def _list_quarantine(console: "Console", rows: "tuple[QuarantinedRow, ...]", as_json: bool) -> None:
    if as_json:
        import json

        print(json.dumps({"rows": [row.model_dump(mode="json") for row in rows]}))
        return
    if not rows:
        console.print("No row is quarantined.")
        return
    from rich.text import Text

    from agent.cli.terminal import held

    for row in rows:
        console.print(Text(f"{row.file}: {row.reason}{held(row.money)}"))
        console.print(Text(f"  {row.row}", style="dim"))


if TYPE_CHECKING:
    from tools.store.summary import QuarantinedRow
