"""`outlay`: the command line. Each command lives in a file of its own and imports what it needs when it runs."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import (
    anomalies,
    ask,
    audit,
    budgets,
    chargeback,
    check,
    close,
    data,
    demo,
    doctor,
    forecast,
    gpus,
    health,
    ingest,
    knowledge,
    mcp,
    policies,
    proposals,
    savings,
    scenarios,
    sql,
    standing,
    telemetry,
    verify,
)
from agent.cli.chat import entry
from agent.cli.chat.quick import plain_options
from agent.cli.context import CliContext
from tools.domain.errors import NotPermitted, OutlayError

FAILED, REFUSED = 1, 3

app = typer.Typer(
    name="outlay",
    help="Ask what your AI spend is, and get every figure with its query.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("ask")(ask.ask)
app.command("chat")(entry.chat)
app.add_typer(ingest.app, name="ingest")
app.command("data")(data.data)
app.command("budgets")(budgets.budgets)
app.command("forecast")(forecast.forecast)
app.command("gpus")(gpus.gpus)
app.add_typer(anomalies.app, name="anomalies")
app.add_typer(knowledge.app, name="knowledge")
app.command("chargeback")(chargeback.chargeback)
app.command("close")(close.close)
app.add_typer(scenarios.app, name="scenarios")
app.command("health")(health.health)
app.add_typer(savings.app, name="savings")
app.add_typer(proposals.app, name="proposals")
app.add_typer(standing.app, name="standing")
app.add_typer(audit.app, name="audit")
app.add_typer(policies.app, name="policies")
app.command("check")(check.check)
app.command("sql")(sql.sql)
app.add_typer(telemetry.app, name="telemetry")
app.command("verify")(verify.verify)
app.command("mcp")(mcp.mcp)
app.command("doctor")(doctor.doctor)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Where the store, the state and outlay.toml are (OUTLAY_HOME; default ~/.outlay).", show_default=False
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"outlay {installed('outlay')}")
        raise typer.Exit
    context.obj = CliContext(home)


def main() -> None:
    """Run the command line. A fault on purpose is one sentence on stderr (or one JSON object with --json)."""
    try:
        chatting = plain_options(sys.argv[1:])
        if chatting is None:
            app()
        else:
            sys.exit(entry.hold(CliContext(chatting.home), chatting))
    except NotPermitted as fault:
        _report(fault, "refused")
        sys.exit(REFUSED)
    except OutlayError as fault:
        _report(fault)
        sys.exit(FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except KeyboardInterrupt:
        print("outlay: stopped; nothing was left half done", file=sys.stderr)
        sys.exit(130)
    except Exception as fault:
        if os.environ.get("OUTLAY_DEBUG"):
            raise
        message = f"this should not happen ({type(fault).__name__}: {fault}); OUTLAY_DEBUG=1 shows where"
        _report(OutlayError(message))
        sys.exit(FAILED)


def _report(fault: OutlayError, status: str = "failed") -> None:
    if "--json" in sys.argv:
        import json

        print(json.dumps({"status": status, "error": {"kind": type(fault).__name__, "message": str(fault)}}))
    print(f"outlay: {fault}", file=sys.stderr)
