"""`outlay close`: issue a month's chargeback, once."""

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.context import CliContext, shared

if TYPE_CHECKING:
    from agent.closing import Closed

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def close(
    context: typer.Context,
    period: Annotated[
        str | None, typer.Argument(metavar="PERIOD", help="The month, such as 2026-10.", show_default=False)
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="List the closed months instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Close a month: its chargeback is issued and never changes; what is restated later is adjusted in the next month.

    Usage without an invoice is accrued by the provider's records. Closing a month again changes nothing.

    Example: outlay close 2026-10
    """
    from agent.app import asker_of, open_store
    from agent.closing import close as close_month
    from agent.closing import closed_months

    cli = shared(context)
    asker = asker_of(cli.settings)
    if as_list:
        _list(cli, closed_months(cli.settings, asker), as_json)
        return
    closed = close_month(cli.settings, open_store(cli.settings, asker), asker, month_of(period))
    if as_json:
        import json

        print(json.dumps(_told(closed)))
    else:
        _print(cli, closed)


def month_of(text: str | None) -> date:
    """`2026-10` as its first day. Raises BadParameter."""
    match = _MONTH.fullmatch(text or "")
    if match is None or not 1 <= int(match[2]) <= 12:
        raise typer.BadParameter(f"{text!r} is no month; write one such as 2026-10", param_hint="PERIOD")
    return date(int(match[1]), int(match[2]), 1)


def _print(cli: CliContext, closed: "Closed") -> None:
    from rich.text import Text

    from agent.answer.display import money_text
    from agent.closing_report import accrual_sentences, adjustment_sentences, statement_rows

    closing, out = closed.closing, cli.out
    verb = "is closed" if closed.is_new else f"was closed on {closing.closed_at:%Y-%m-%d}; nothing has changed"
    out.print(Text(f"{closing.month:%B %Y} {verb}.", style="bold"))
    for statement in closing.statements:
        out.print()
        out.print(_table(statement.dimension, statement_rows(statement), money_text))
    for sentences in (accrual_sentences(closing), adjustment_sentences(closing)):
        if sentences:
            out.print()
            out.print(*(Text(sentence) for sentence in sentences), sep="\n")
    out.print()
    note = f"data through {closing.loaded_through}, rules {closing.rules.digest}, generation {closing.generation}"
    out.print(Text(note, style="dim"))
    out.print(Text(str(closed.file), style="dim"), soft_wrap=True)


def _table(dimension: str, rows: "list[dict[str, Any]]", money: "Any") -> "Any":
    from rich.table import Table
    from rich.text import Text

    shown = [name for name in rows[0] if name not in ("payer", "currency") and any(row[name] for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(dimension.removeprefix("x_"), overflow="fold")
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        name = "(unallocated)" if row["payer"] is None else row["payer"]
        table.add_row(Text(name), *(Text(money(row[part], row["currency"])) for part in shown))
    return table


def _list(cli: CliContext, found: "tuple[Closed, ...]", as_json: bool) -> None:
    from rich.text import Text

    if as_json:
        import json

        print(json.dumps({"closed": [_told(one) for one in found]}))
        return
    if not found:
        cli.out.print("No month is closed yet. Close one: outlay close 2026-10")
    for one in found:
        closing = one.closing
        by = f" by {closing.closed_by}" if closing.closed_by else ""
        cli.out.print(
            Text(f"{closing.month:%Y-%m}  closed {closing.closed_at:%Y-%m-%d %H:%M} UTC{by}  {one.file.name}")
        )


def _told(closed: "Closed") -> dict[str, Any]:
    from agent.closing_report import statement_rows

    closing = closed.closing
    statements = [
        {
            "dimension": one.dimension,
            "payers": [_plain(row) for row in statement_rows(one)],
            "adjustments": [adjustment.model_dump(mode="json") for adjustment in one.adjustments],
        }
        for one in closing.statements
    ]
    return {
        "status": "closed" if closed.is_new else "already_closed",
        "period": closing.period.model_dump(mode="json"),
        "closed_at": closing.closed_at.isoformat(),
        "closed_by": closing.closed_by,
        "generation": closing.generation,
        "loaded_through": closing.loaded_through.isoformat(),
        "rules": closing.rules.digest,
        "statements": statements,
        "accruals": [one.model_dump(mode="json") for one in closing.accruals],
        "file": str(closed.file),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in row.items()}
