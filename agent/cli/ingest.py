"""`outlay ingest …`: files into the store."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import CliContext, shared

if TYPE_CHECKING:
    from tools.domain.load import LoadReport, Progress
    from tools.domain.records import RecordKind

app = typer.Typer(
    help="Load bills, usage, and what the business keeps beside them into the store.", no_args_is_help=True
)

Paths = Annotated[list[str], typer.Argument(help="Files, folders or globs; one call is one load.")]
Source = Annotated[
    str | None, typer.Option(help="What to call this load's source.", show_default="issuer and account in the files")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Watch = Annotated[bool, typer.Option("--watch", help="Stay, and load again whenever the files have changed.")]
Every = Annotated[float, typer.Option("--every", min=0.2, help="Seconds between two looks at the files.")]
LOOK_SECONDS = 30.0
Basis = Annotated[
    str | None, typer.Option(help="Where the money comes from: invoice, provider_usage, estimate or allocated.")
]


@app.command("focus")
def focus(
    context: typer.Context,
    paths: Paths,
    source: Source = None,
    basis: Basis = None,
    watch: Watch = False,
    every: Every = LOOK_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Load FOCUS 1.0 to 1.4 bills: CSV, CSV.gz, Parquet.

    Loading again replaces: a billing period of a source is held once. Files of FOCUS's InvoiceDetail and
    ContractCommitment are known by their columns, and kept beside the charges.

    Example: outlay ingest focus exports/2026-10/ --source aws-payer
    """
    cli = shared(context)

    def load(progress: "Callable[[Progress], None]") -> "LoadReport":
        from agent.app import open_store
        from tools.ingest.focus import load_focus
        from tools.ingest.focus_datasets import other_dataset

        if (kind := other_dataset(paths)) is not None:
            from tools.ingest.records import load_records

            return load_records(open_store(cli.settings), kind, paths, source=source, progress=progress)
        return load_focus(
            open_store(cli.settings), paths, source=source, basis=_basis(basis or "invoice"), progress=progress
        )

    _run(cli, load, as_json, _following(paths, watch, every))


@app.command("usage")
def usage(
    context: typer.Context,
    paths: Paths,
    provider: Annotated[str, typer.Option(help="Whose counting rules apply, such as openai, anthropic or litellm.")],
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="COLUMN=FIELD", help="What a column of the file is; repeat it.", show_default=False
        ),
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(help="Your price list (YAML or JSON); genai-prices fills what it lacks.")
    ] = None,
    assign: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="COLUMN=VALUE", help="A value for every row; repeat it.", show_default=False),
    ] = None,
    source: Source = None,
    basis: Basis = None,
    watch: Watch = False,
    every: Every = LOOK_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Load LLM usage, request by request or aggregated, and value it by price list.

    FIELDs: time end_time model provider requests input_tokens uncached_input_tokens cached_input_tokens
    cache_write_tokens cache_write_5m_tokens cache_write_1h_tokens output_tokens reasoning_tokens cost service_tier
    batch cache_ttl context_window status latency_seconds meter quantity, and any x_ column. Columns named like a FIELD
    map themselves. A gateway's usage (litellm) counts as an estimate unless --basis says otherwise.

    Example: outlay ingest usage usage.csv --provider openai --map team=x_Team --prices prices.yaml
    """
    cli = shared(context)
    columns, values = _pairs(column, "--map COLUMN=FIELD"), _pairs(assign, "--set COLUMN=VALUE")

    def load(progress: "Callable[[Progress], None]") -> "LoadReport":
        from agent.app import open_store
        from agent.price_lists import keep_price_list
        from tools.ingest.usage import load_usage

        report = load_usage(
            open_store(cli.settings),
            paths,
            provider=provider,
            columns=columns,
            prices=prices or cli.settings.prices.file,
            assign=values,
            source=source,
            basis=_basis(basis) if basis else None,
            progress=progress,
        )
        if prices:
            keep_price_list(cli.settings, prices)
        return report

    _run(cli, load, as_json, _following(paths, watch, every))


@app.command("gpu")
def gpu(
    context: typer.Context,
    paths: Paths,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="COLUMN=FIELD", help="What a column of the file is; repeat it.", show_default=False
        ),
    ] = None,
    assign: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="COLUMN=VALUE", help="A value for every sample; repeat it.", show_default=False),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="What to call this load's source.", show_default="the file's name")
    ] = None,
    watch: Watch = False,
    every: Every = LOOK_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Load GPU samples: CSV, CSV.gz, JSON lines or Parquet, such as DCGM's, nvidia-smi's or a cluster's trace.

    FIELDs: time host gpu mig gpu_utilization sm_active dram_active tensor_active memory_used_gib memory_total_gib
    power_watts energy_joules requests owner model_name gpus gpus_allocated sm_clock_mhz temperature_celsius throttled
    ecc_errors xid_errors end_time, and any x_ column. A FIELD may say another unit: gpu_utilization_percent,
    memory_used_mib, power_milliwatts. A row with an end_time stands for the whole span; --set time_zero=DATE says from
    when on a file's seconds count. Loading again replaces what is held of a source for the time that the files cover.

    Example: outlay ingest gpu dcgm.parquet --map team=x_Team --set x_Environment=production
    """
    cli = shared(context)
    columns, values = _pairs(column, "--map COLUMN=FIELD"), _pairs(assign, "--set COLUMN=VALUE")

    def load(progress: "Callable[[Progress], None]") -> "LoadReport":
        from agent.app import open_store
        from tools.ingest.gpu import load_gpu

        return load_gpu(
            open_store(cli.settings), paths, columns=columns, assign=values, source=source, progress=progress
        )

    _run(cli, load, as_json, _following(paths, watch, every))


RECORDS: dict["RecordKind", tuple[str, str]] = {
    "metrics": (
        "Load business metrics: customers, requests, documents, revenue. FIELDs: day metric value unit.",
        "outlay ingest metrics business_metrics.csv",
    ),
    "budgets": (
        "Load budgets. FIELDs: name start end (exclusive) last_day period (2026-10, 2026-Q4) amount currency owner.",
        "outlay ingest budgets budgets.csv --map department=x_Team",
    ),
    "events": (
        "Load changes: deployments, launches, price changes. FIELDs: time kind title.",
        "outlay ingest events deployments.csv",
    ),
    "runs": (
        "Load training runs, from a table or from MLflow's file store (a folder such as mlruns/). FIELDs: run_id name "
        "start end status epochs gpu_hours metric_name metric_value cost currency.",
        "outlay ingest runs mlruns/",
    ),
    "quality": (
        "Load quality scores by model and use case. FIELDs: day model use_case score metric samples.",
        "outlay ingest quality evaluations.jsonl",
    ),
    "owners": (
        "Load who owns what from when to when. FIELDs: kind (api_key, account, resource, …) key from to team product "
        "cost_centre person.",
        "outlay ingest owners owners.csv",
    ),
}
SAME_FOR_ALL = (
    "CSV, JSON, JSON lines or Parquet. Columns named like a FIELD map themselves; x_ columns, FOCUS dimensions and "
    "words such as team or project say what a row is about. Loading the same file (or --source) again replaces it."
)


def _records_command(kind: "RecordKind", what: str, example: str) -> None:
    @app.command(kind, help=f"{what}\n\n{SAME_FOR_ALL}\n\nExample: {example}")
    def command(
        context: typer.Context,
        paths: Paths,
        column: Annotated[
            list[str] | None,
            typer.Option(
                "--map", metavar="COLUMN=FIELD", help="What a column of the file is; repeat it.", show_default=False
            ),
        ] = None,
        source: Annotated[
            str | None, typer.Option(help="What to call this load's source.", show_default="the file's name")
        ] = None,
        watch: Watch = False,
        every: Every = LOOK_SECONDS,
        as_json: AsJson = False,
    ) -> None:
        cli, columns = shared(context), _pairs(column, "--map COLUMN=FIELD")

        def load(progress: "Callable[[Progress], None]") -> "LoadReport":
            from agent.app import open_store
            from tools.ingest.records import load_records

            return load_records(
                open_store(cli.settings), kind, paths, columns=columns, source=source, progress=progress
            )

        _run(cli, load, as_json, _following(paths, watch, every))


for _kind, (_what, _example) in RECORDS.items():
    _records_command(_kind, _what, _example)


def _following(paths: list[str], watch: bool, every: float) -> "Iterator[object] | None":
    """The moments at which the files have changed; None for a load that is done once."""
    if not watch:
        return None
    from agent.cli.follow import changes

    return changes(paths, every=every)


def _run(
    cli: CliContext,
    load: "Callable[[Callable[[Progress], None]], LoadReport]",
    as_json: bool,
    moments: "Iterator[object] | None",
) -> None:
    from agent.app import own_usage_of

    own_usage_of(cli.settings).fold()
    if (cli.settings.home / "demo").exists():
        cli.err.print(
            "note: this home holds the demo company, whose spend adds to yours; keep them apart with --home DIR"
        )
    if moments is None:
        _load_once(cli, load, as_json)
    else:
        _load_at(cli, load, as_json, moments)


def _load_once(cli: CliContext, load: "Callable[[Callable[[Progress], None]], LoadReport]", as_json: bool) -> None:
    from agent.cli.progress import load_progress
    from agent.cli.terminal import print_load_report

    with load_progress(cli.err) as progress:
        report = load(progress)
    if as_json:
        print(report.model_dump_json(), flush=True)
    else:
        print_load_report(cli.out, report)


def _load_at(
    cli: CliContext,
    load: "Callable[[Callable[[Progress], None]], LoadReport]",
    as_json: bool,
    moments: "Iterator[object]",
) -> None:
    """Load at each moment; what can't be loaded is told, and tried again when the files change.

    Ends with grace on SIGINT and SIGTERM, also where whoever started it in the background had SIGINT ignored.
    """
    import signal

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.default_int_handler)
    cli.err.print("watching; press Ctrl-C to stop")
    try:
        for _ in moments:
            if _told_faults(cli, lambda: _load_once(cli, load, as_json), "not loaded", "trying again when it changes"):
                _told_faults(cli, lambda: _alert(cli, as_json), "loaded, but not looked at for runaways", "")
    except KeyboardInterrupt:
        cli.err.print("stopped watching")


def _told_faults(cli: CliContext, act: "Callable[[], None]", what: str, then: str) -> bool:
    """Whether it could be done; a fault that a person can mend is told, and watching goes on."""
    from tools.domain.errors import OperatorFault

    try:
        act()
    except OperatorFault as fault:
        cli.err.print("; ".join(filter(None, (f"{what}: {fault}", then))), markup=False, soft_wrap=True)
        return False
    return True


def _alert(cli: CliContext, as_json: bool) -> None:
    """Tell what newly runs away by the hour: on stderr, and as a JSON line where those are asked for."""
    import json

    from agent.alerts import alert_fields, new_runaways

    currency, found = new_runaways(cli.settings)
    for one in found:
        told = alert_fields(one, currency)
        cli.err.print(
            f"ALERT: {told['what']} is running away since {one.since:%Y-%m-%d %H:%M} UTC: {currency} "
            f"{told['cost_per_hour']} an hour, usually {told['usual_per_hour']}; so far {told['excess']} above that",
            markup=False,
            soft_wrap=True,
        )
        if as_json:
            print(json.dumps({"alert": told}), flush=True)


def _pairs(options: list[str] | None, form: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for option in options or ():
        name, equals, value = option.partition("=")
        if not (name and equals and value):
            raise typer.BadParameter(f"{option!r} is not of the form {form}")
        if name in pairs:
            raise typer.BadParameter(f"{name} is given twice")
        pairs[name] = value
    return pairs


def _basis(name: str) -> "CostBasis":
    from typing import get_args

    from tools.domain.query import CostBasis

    for basis in get_args(CostBasis):
        if basis == name:
            return basis  # type: ignore[no-any-return]
    raise typer.BadParameter(f"--basis {name!r} is not known; use one of {', '.join(get_args(CostBasis))}")


if TYPE_CHECKING:
    from tools.domain.query import CostBasis
