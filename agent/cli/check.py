"""`outlay check`: plans priced before they run, and held to the policies. Made for pipelines."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import shared

if TYPE_CHECKING:
    from tools.operate.check.report import CheckReport
    from tools.operate.policies.policy_file import PolicyFile

VIOLATES = 4
FORMATS = ("text", "json", "markdown", "sarif")


def check(
    context: typer.Context,
    plans: Annotated[
        list[str],
        typer.Argument(metavar="PLAN…", help="Terraform plan JSON, Kubernetes, Slurm, training; - for stdin."),
    ],
    policies: Annotated[Path | None, typer.Option(help="Instead of the home's policies.yaml.", metavar="FILE")] = None,
    output_format: Annotated[
        str, typer.Option("--format", help="text, json, markdown or sarif.", metavar="F")
    ] = "text",
    team: Annotated[str | None, typer.Option(help="Whose it is, whatever the plan says.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write it here, and a line of summary to stderr.")] = None,
    hours: Annotated[
        str | None, typer.Option(help="Of what runs on, and of jobs without a time limit.", show_default="730 a month")
    ] = None,
    card: Annotated[str | None, typer.Option(help="Of jobs and pods that name no card, such as H100.")] = None,
    gpus: Annotated[int | None, typer.Option(min=1, help="Of a training config that does not say.")] = None,
    provider: Annotated[str | None, typer.Option(help="Where jobs and pods run.")] = None,
    region: Annotated[str | None, typer.Option(help="Where jobs and pods run.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if today were this day.", show_default="today")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Price plans before they run and hold them to the policies. Exit code 4: a policy is violated.

    Example: outlay check job.sbatch --team search --format markdown
    """
    from agent.plan_check import check_home
    from tools.operate.check.options import CheckOptions

    chosen = "json" if as_json else output_format
    if chosen not in FORMATS:
        raise typer.BadParameter(f"{chosen} is not known; use one of {', '.join(FORMATS)}", param_hint="--format")
    options = CheckOptions(team, _hours(hours), _card(card), gpus, provider, region)
    day = as_of.date() if as_of else date.today()
    report, rules = check_home(shared(context).settings, plans, policies, options, day)
    _write(_rendered(report, rules, chosen), report, output)
    raise typer.Exit(VIOLATES if report.is_blocked or (strict and report.has_warnings) else 0)


def _hours(text: str | None) -> Decimal | None:
    from tools.operate.check.numbers import number_of

    if text is None:
        return None
    found = number_of(text)
    if not found:
        raise typer.BadParameter(f"{text} is no number of hours", param_hint="--hours")
    return found


def _card(text: str | None) -> str | None:
    from tools.inform.gpus.cards import cards
    from tools.operate.check.instances import named_card

    if text is not None and named_card(text) is None:
        raise typer.BadParameter(f"{text} is not known; use one of {', '.join(cards())}", param_hint="--card")
    return text


def _rendered(report: "CheckReport", rules: "PolicyFile", chosen: str) -> str:
    import json

    if chosen == "markdown":
        from tools.operate.check.as_markdown import as_markdown

        return as_markdown(report)
    if chosen == "text":
        from tools.operate.check.as_text import as_text

        return as_text(report)
    if chosen == "sarif":
        from tools.operate.check.as_sarif import as_sarif

        return json.dumps(as_sarif(report, rules.rules), indent=2, ensure_ascii=False) + "\n"
    from tools.operate.check.as_json import as_json

    return json.dumps(as_json(report), ensure_ascii=False) + "\n"


def _write(text: str, report: "CheckReport", output: Path | None) -> None:
    import sys

    from tools.domain.errors import BadInput
    from tools.operate.check.sentences import total, verdict

    if output is None:
        print(text, end="")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise BadInput(f"{output} can't be written ({fault.strerror})") from fault
    print(f"{total(report)}: {verdict(report)}; written to {output}", file=sys.stderr)
