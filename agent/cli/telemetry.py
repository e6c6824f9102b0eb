"""`outlay telemetry …`: GPU samples from this machine's driver, or from a Prometheus that scrapes DCGM's exporter."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.context import CliContext, shared

if TYPE_CHECKING:
    from tools.domain.gpu import GpuSample
    from tools.telemetry.sampling import Sampler
    from tools.telemetry.source import GpuSource

app = typer.Typer(help="GPU samples from NVML or Prometheus into the store.", no_args_is_help=True)

NO_NVML = 3
BATCH = timedelta(minutes=1)
_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M"]
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
AsJson = Annotated[bool, typer.Option("--json", help="Print each sample as a JSON line; the store is left alone.")]


@app.command("nvml")
def nvml(
    context: typer.Context,
    interval: Annotated[str, typer.Option(help="Time between two samples, such as 5s or 1m.")] = "5s",
    lasting: Annotated[
        str | None, typer.Option("--for", help="Stop after this long, such as 10m.", show_default="until Ctrl-C")
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Keep every call with its result or error code in this file.")
    ] = None,
    replay: Annotated[Path | None, typer.Option(help="Sample from a recording instead of the driver.")] = None,
    host: Annotated[str | None, typer.Option(help="What to call this machine.", show_default="its name")] = None,
    as_json: AsJson = False,
) -> None:
    """Sample every local NVIDIA GPU: use, memory, power, energy, clocks, errors, MIG instances, whose processes run.

    Without a driver it says so and exits 3. A GPU that is lost, a driver that is reloaded and a changed MIG layout are
    told on stderr and survived; what can't be read is missing, never zero.

    Example: outlay telemetry nvml --interval 5s --for 10m
    """
    from platform import node

    from tools.telemetry.nvml import NvmlMissing
    from tools.telemetry.sampling import Sampler

    cli = shared(context)
    with ExitStack() as stack:
        try:
            source = _source(stack, duration(interval), duration(lasting) if lasting else None, record, replay)
        except NvmlMissing as fault:
            cli.err.print(
                f"there is no NVML here: {fault}; sample on a machine with an NVIDIA driver, or --replay FILE"
            )
            raise typer.Exit(NO_NVML) from None
        sampler = Sampler(source, host or node() or "localhost")
        _sample(cli, sampler, as_json)


def duration(text: str) -> timedelta:
    """`5s`, `500ms`, `2m`, `1h`, `1d`; a plain number is seconds."""
    found = _DURATION.match(text.strip())
    if found is None or not float(found[1]):
        raise typer.BadParameter(f"{text!r} is no duration; write it as 5s, 2m or 1h")
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2] or "s"])


def _source(
    stack: ExitStack, interval: timedelta, lasting: timedelta | None, record: Path | None, replay: Path | None
) -> "GpuSource":
    from tools.domain.errors import BadInput
    from tools.telemetry.nvml import LiveNvml
    from tools.telemetry.source import RecordingSource, ReplaySource

    source: GpuSource = ReplaySource(replay) if replay else LiveNvml(interval, lasting)
    if record is None:
        return source
    try:
        file = stack.enter_context(record.open("x", encoding="utf-8"))
    except OSError as fault:
        raise BadInput(f"{record} can't be written: {fault.strerror}; name a new file") from None
    return RecordingSource(source, file, "recorded by outlay telemetry nvml")


def _sample(cli: CliContext, sampler: "Sampler", as_json: bool) -> None:
    """Until the source ends or somebody stops it; what was sampled by then is kept."""
    import signal

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    taken = 0
    waiting: list[GpuSample] = []
    try:
        for samples in _told(cli, sampler):
            taken += len(samples)
            if as_json:
                _print(samples)
                continue
            waiting += samples
            if waiting and samples and samples[-1].time - waiting[0].time >= BATCH:
                waiting = _written(cli, sampler.host, waiting)
    except KeyboardInterrupt:
        cli.err.print("stopped sampling")
    if waiting:
        _written(cli, sampler.host, waiting)
    cli.err.print(f"{taken:,} samples of {sampler.host}")


def _told(cli: CliContext, sampler: "Sampler") -> Iterator[list["GpuSample"]]:
    for samples in sampler.rounds():
        for notice in sampler.notices:
            cli.err.print(notice, markup=False, soft_wrap=True)
        sampler.notices.clear()
        yield samples


def _print(samples: Sequence["GpuSample"]) -> None:
    import json

    from tools.telemetry.writing import sample_row

    for one in samples:
        print(json.dumps(sample_row(one)), flush=True)


def _written(cli: CliContext, host: str, samples: list["GpuSample"]) -> list["GpuSample"]:
    """Write a batch; gives what is still waiting, which is all of it when the store can't be written now."""
    from agent.app import open_store
    from tools.domain.errors import StoreFault
    from tools.telemetry.writing import write_samples

    try:
        write_samples(open_store(cli.settings), samples, f"nvml {host}")
    except StoreFault as fault:
        cli.err.print(f"not written, trying again: {fault}", markup=False, soft_wrap=True)
        return samples
    return []


@app.command("prometheus")
def prometheus(
    context: typer.Context,
    url: Annotated[str, typer.Option(help="The Prometheus that scrapes DCGM's exporter.", metavar="URL")],
    start: Annotated[
        datetime, typer.Option("--from", formats=_MOMENTS, help="The first moment, UTC.", show_default=False)
    ],
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_MOMENTS, help="Up to, not including.", show_default="now")
    ] = None,
    step: Annotated[str, typer.Option(help="Time between two samples, such as 30s; the scrape's own is best.")] = "60s",
    selector: Annotated[str, typer.Option(help='Only these series, such as cluster="a".', show_default="all")] = "",
    token_file: Annotated[Path | None, typer.Option(help="A file with a bearer token.")] = None,
    source: Annotated[str | None, typer.Option(help="What to call this source.", show_default="the server")] = None,
    as_json: AsJson = False,
) -> None:
    """Read GPU samples from a Prometheus that scrapes DCGM's exporter; reading a span again replaces it.

    Example: outlay telemetry prometheus --url http://prometheus:9090 --from 2026-10-01 --to 2026-10-08
    """
    from datetime import UTC
    from urllib.parse import urlsplit

    from agent.app import open_store
    from tools.domain.errors import BadInput, NoData
    from tools.telemetry.dcgm import read_dcgm
    from tools.telemetry.prometheus import Prometheus
    from tools.telemetry.writing import write_samples

    cli = shared(context)
    after = end or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    if start >= after:
        raise BadInput(f"--from {start} is not before {after}; name an earlier moment")
    server = Prometheus(url, token_file.read_text("utf-8").strip() if token_file else None)
    name, taken = source or f"prometheus {urlsplit(url).netloc}", 0
    for samples in read_dcgm(server, start, after, duration(step), selector):
        taken += len(samples)
        if as_json:
            _print(samples)
        else:
            write_samples(open_store(cli.settings), samples, name)
            cli.err.print(f"{taken:,} samples through {samples[-1].time:%Y-%m-%d %H:%M}")
    if not taken:
        raise NoData(f"{url} has no DCGM series from {start} to {after}; is the exporter scraped there?", "absent")
