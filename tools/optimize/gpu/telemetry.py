"""What GPU samples say of each host over a window: from the hourly rollup, put together in the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from tools.domain.recommendation import Cash
from tools.registry import ToolContext
from tools.telemetry.activity import UNKNOWN, VERDICTS, Verdict
from tools.telemetry.activity_sql import verdict_sql
from tools.telemetry.limits import activity_rules

JOINT = frozenset({"SmActiveMean", "DramActiveMean", "PowerWattsMean"})
STALE_DAYS = 7
"""Samples that end longer ago say nothing of what machines do now."""
ORDER: Sequence[Verdict] = ("working", UNKNOWN, "waiting", "zombie", "idle")
"""What a host did is what the first of these says that one of its GPUs did."""


@dataclass(frozen=True)
class Window:
    """Whole hours, the end exclusive, UTC."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d} to {self.end - timedelta(hours=1):%Y-%m-%d}"


@dataclass(frozen=True)
class HostSummary:
    """One host in a window. `verdicts`: GPU-hours by what the host did in the hour. None is not known."""

    host: str
    first: datetime
    last: datetime
    gpus: int
    verdicts: Mapping[Verdict, int]
    used_gpus: int
    """GPUs that worked in some hour, or held memory in one."""
    model_name: str | None
    owner: str | None
    sm_mean: float | None
    sm_peak: float | None
    """The 95th percentile of the hours of GPUs that worked."""
    dram_peak: float | None
    memory_peak_gib: float | None
    """The most that one GPU held."""
    memory_total_gib: float | None
    watts: float | None
    """Mean draw of one GPU in hours without work."""
    requests: float | None

    @property
    def gpu_hours(self) -> int:
        return sum(self.verdicts.values())

    def spanned_gpu_hours(self, inside: Window) -> Fraction:
        """GPU-hours from the first sample to the window's end, sampled or not; at least those sampled."""
        seconds = int((inside.end - self.first).total_seconds())
        return max(Fraction(self.gpus * seconds, 3600), Fraction(self.gpu_hours))


@dataclass(frozen=True)
class Member:
    """The group that a host belongs to, and what less of the host saves."""

    group: str
    cash: Cash


@dataclass(frozen=True)
class GroupHour:
    """A group of hosts in an hour: GPUs that ran, those of them that are paid as they run, and those that worked."""

    hour: datetime
    gpus: int
    cash_gpus: int
    working_gpus: int
    requests: float

    def above(self, gpus: int, cash: Cash) -> int:
        """GPUs that ran beyond so many, of those that are paid so: what is paid as it runs goes first."""
        spare = max(0, self.gpus - gpus)
        of_cash = min(spare, self.cash_gpus)
        return of_cash if cash == "cash" else spare - of_cash


@dataclass(frozen=True)
class GpuPeak:
    """One GPU: the 95th percentile of its hours' SM activity, and the most memory held, of all that it has."""

    sm: float
    memory_gib: float
    total_gib: float


def missing_samples(ctx: ToolContext, *columns: str) -> str | None:
    """What a lever that needs joint evidence lacks, besides some `columns` of the rollup; None when nothing is missing.

    Utilisation, allocation or a duty cycle alone is no evidence of idleness.
    """
    have, span = ctx.store.gpu_columns, ctx.store.gpu_span
    if span is None:
        return "GPU samples (outlay ingest gpu)"
    if "MemoryUsedGiBMean" not in have or not JOINT & have:
        return (
            "SM or DRAM activity or power, and memory held, of the GPUs (outlay ingest gpu): utilisation, allocation "
            "or duty cycle alone is insufficient evidence"
        )
    if (ctx.as_of - span[1].date()).days > STALE_DAYS:
        return f"GPU samples of the last days; those loaded end on {span[1]:%Y-%m-%d} (outlay ingest gpu)"
    lacking = [one for one in columns if one not in have]
    return f"{', '.join(lacking)} of the GPUs (outlay ingest gpu)" if lacking else None


def window(ctx: ToolContext, days: int) -> Window:
    """The last `days` days that samples reach, up to the question's day. Only for a store with samples."""
    span = ctx.store.gpu_span
    if span is None:
        raise ValueError("no GPU samples are loaded; ask missing_samples first")
    asked = datetime.combine(ctx.as_of, datetime.min.time()) + timedelta(days=1)
    last = span[1].astimezone(UTC).replace(tzinfo=None) if span[1].tzinfo else span[1]
    end = min(last.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), asked)
    return Window(end - timedelta(days=days), end)


def summaries(ctx: ToolContext, inside: Window, hosts: Collection[str] = ()) -> dict[str, HostSummary]:
    """Each host of the window, or of those named."""
    counts = ", ".join(f"(sum(h.gpus) FILTER (h.state = '{verdict}'))::BIGINT AS \"{verdict}\"" for verdict in VERDICTS)
    sql = f"""{_hours_sql(ctx, hosts)},
by_gpu AS (
    SELECT "Host", "Gpu", bool_or(verdict = 'working' OR memory > {activity_rules().limits.held_gib}) AS used
    FROM gpus GROUP BY ALL
),
of_gpus AS (
    SELECT "Host", count(*) AS gpus, count(*) FILTER (used) AS used_gpus FROM by_gpu GROUP BY ALL
),
measures AS (
    SELECT "Host", any_value(model_name) AS model_name, any_value(owner) AS owner, avg(sm) AS sm_mean,
        quantile_disc(sm, 0.95) FILTER (verdict = 'working') AS sm_peak,
        quantile_disc(dram, 0.95) FILTER (verdict = 'working') AS dram_peak,
        max(memory) AS memory_peak, max(total) AS total,
        avg(watts) FILTER (verdict IN ('idle', 'zombie', 'waiting')) AS watts, sum(requests) AS requests
    FROM gpus GROUP BY ALL
),
states AS (SELECT h."Host", min(h."Hour") AS first, max(h."Hour") AS last, {counts} FROM hosts h GROUP BY ALL)
SELECT s.*, g.gpus, g.used_gpus, m.* EXCLUDE ("Host")
FROM states s JOIN of_gpus g USING ("Host") JOIN measures m USING ("Host") ORDER BY "Host"
"""
    found = {}
    for row in ctx.store.query(sql, _parameters(inside, hosts)).rows:
        host, first, last, *rest = row
        verdicts = {verdict: int(count or 0) for verdict, count in zip(VERDICTS, rest[: len(VERDICTS)], strict=True)}
        gpus, used, model, owner, sm, sm_peak, dram_peak, memory, total, watts, requests = rest[len(VERDICTS) :]
        found[host] = HostSummary(
            host,
            first,
            last,
            gpus,
            verdicts,
            used,
            model,
            owner,
            sm,
            sm_peak,
            dram_peak,
            memory,
            total,
            watts,
            requests,
        )
    return found


def group_hours(ctx: ToolContext, inside: Window, groups: Mapping[str, Member]) -> dict[str, list[GroupHour]]:
    """Every sampled hour of groups of hosts, in order of time."""
    if not groups:
        return {}
    members = ", ".join("(?, ?, ?)" for _ in groups)
    sql = f"""{_hours_sql(ctx, groups)},
members AS (SELECT * FROM (VALUES {members}) AS m ("Host", name, cash))
SELECT m.name, h."Hour", sum(h.gpus)::BIGINT, COALESCE(sum(h.gpus) FILTER (m.cash = 'cash'), 0)::BIGINT,
    sum(h.working)::BIGINT, COALESCE(sum(h.requests), 0)
FROM hosts h JOIN members m USING ("Host") GROUP BY ALL ORDER BY ALL"""
    named = [value for host, one in sorted(groups.items()) for value in (host, one.group, one.cash)]
    found: dict[str, list[GroupHour]] = {}
    for name, *row in ctx.store.query(sql, (*_parameters(inside, groups), *named)).rows:
        found.setdefault(name, []).append(GroupHour(*row))
    return found


def gpu_peaks(ctx: ToolContext, inside: Window, hosts: Collection[str]) -> dict[str, list[GpuPeak]]:
    """Host → the peaks of each of its GPUs."""
    if not hosts:
        return {}
    sql = f"""{_hours_sql(ctx, hosts)}
SELECT "Host", "Gpu", quantile_disc(sm, 0.95), max(memory), max(total) FROM gpus GROUP BY ALL ORDER BY ALL"""
    found: dict[str, list[GpuPeak]] = {}
    for host, _, sm, memory, total in ctx.store.query(sql, _parameters(inside, hosts)).rows:
        if sm is not None and memory is not None and total is not None:
            found.setdefault(host, []).append(GpuPeak(sm, memory, total))
    return found


@dataclass(frozen=True)
class WeekHour:
    """An hour of the week of a host, 0 is Monday from midnight UTC: in how many weeks it was sampled, and worked."""

    hours: int
    working_hours: int
    """Those in which something worked, or in which that is not known."""
    gpu_hours: int
    quiet_gpu_hours: int


def weeks(ctx: ToolContext, inside: Window, hosts: Collection[str]) -> dict[str, dict[int, WeekHour]]:
    """Host → hour of the week → what was seen; an hour that was never sampled is not there."""
    if not hosts:
        return {}
    busy = "state IN ('working', 'insufficient evidence')"
    sql = f"""{_hours_sql(ctx, hosts)}
SELECT "Host", (isodow("Hour") - 1) * 24 + hour("Hour"), count(*), count(*) FILTER ({busy}), sum(gpus)::BIGINT,
    COALESCE(sum(gpus) FILTER (NOT {busy}), 0)::BIGINT
FROM hosts GROUP BY ALL ORDER BY ALL"""
    found: dict[str, dict[int, WeekHour]] = {}
    for host, slot, *counts in ctx.store.query(sql, _parameters(inside, hosts)).rows:
        found.setdefault(host, {})[int(slot)] = WeekHour(*(int(count) for count in counts))
    return found


def _parameters(inside: Window, hosts: Collection[str]) -> tuple[str, ...]:
    return (inside.start.isoformat(" "), inside.end.isoformat(" "), *sorted(hosts))


def _hours_sql(ctx: ToolContext, hosts: Collection[str]) -> str:
    """CTEs `gpus` (an hour of a GPU, its MIG instances as one) and `hosts` (an hour of a host)."""
    named = f' AND "Host" IN ({", ".join("?" * len(hosts))})' if hosts else ""
    verdict = verdict_sql(activity_rules(), ctx.store.gpu_columns)
    return f"""
WITH lanes AS (
    SELECT *, {verdict} AS lane_verdict FROM gpu_hours
    WHERE "Hour" >= CAST(? AS TIMESTAMP) AND "Hour" < CAST(? AS TIMESTAMP){named}
),
gpus AS (
    SELECT "Host", "Hour", "Gpu", {_first("lane_verdict")} AS verdict, any_value("ModelName") AS model_name,
        any_value("Owner") AS owner, avg("SmActiveMean") AS sm, avg("DramActiveMean") AS dram,
        sum("MemoryUsedGiBMax") AS memory, sum("MemoryTotalGiB") AS total, max("PowerWattsMean") AS watts,
        sum("RequestsMean" * "RequestsSamples") AS requests
    FROM lanes GROUP BY ALL
),
hosts AS (
    SELECT "Host", "Hour", count(*) AS gpus, count(*) FILTER (verdict = 'working') AS working,
        {_first("verdict")} AS state, sum(requests) AS requests
    FROM gpus GROUP BY ALL
)""".strip()


def _first(column: str) -> str:
    whens = " ".join(f"WHEN bool_or({column} = '{verdict}') THEN '{verdict}'" for verdict in ORDER)
    return f"CASE {whens} END"
