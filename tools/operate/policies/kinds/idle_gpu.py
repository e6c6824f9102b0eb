"""idle_gpu: hours in which GPUs did no work, by joint evidence of telemetry. An hour that is not known is none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.result import ToolResult
from tools.inform.gpus.fleet import gpu_fleet
from tools.inform.gpus.request import GpuFleetRequest
from tools.operate.policies.kinds.charged import target_of
from tools.operate.policies.resource import Number, Reading, ResourceKind, Row
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext
from tools.semantic.numbers import total

IDLE, COST, HOURS = "IdleHours", "IdleCost", "GpuHours"
UNKNOWN = "insufficient evidence"
MOST = 1000
Gpu = tuple[Mapping[str, str | None], Mapping[str, Decimal | None]]
"""One GPU: its texts and its numbers."""


def _read(ctx: ToolContext, rule: Rule, period: Period) -> Reading:
    found = gpu_fleet.run(ctx, GpuFleetRequest(measure="activity", period=period, limit=MOST))
    if found.no_data is not None:
        raise NoData(found.no_data, found.no_data_reason or "absent")
    hosts = _hosts(ctx, period)
    gpus = [one for one in _gpus(found, hosts) if all(f.holds(one[0][f.column]) for f in rule.conditions)]
    by = rule.by if rule.by is not None else IDLE_GPU.by
    groups: dict[tuple[str | None, ...], list[Gpu]] = {}
    for one in gpus:
        groups.setdefault(tuple(one[0][name] for name in by), []).append(one)
    currency = next((column.unit for column in found.columns if column.name == COST), None)
    rows = tuple(_row(by, values, own, currency) for values, own in groups.items())
    return Reading(rows, (found.evidence,), _notes(found, gpus))


def _hosts(ctx: ToolContext, period: Period) -> list[str]:
    """Every host that was sampled, the longest name first."""
    sql = 'SELECT DISTINCT "Host" FROM gpu_hours WHERE "Hour" >= CAST(? AS DATE) AND "Hour" < CAST(? AS DATE)'
    rows = ctx.store.query(sql, (period.start, period.end)).rows
    return sorted((str(row[0]) for row in rows), key=len, reverse=True)


def _gpus(found: ToolResult, hosts: Sequence[str]) -> list[Gpu]:
    places = {column.name: place for place, column in enumerate(found.columns)}
    gpus: list[Gpu] = []
    for cells in found.rows:
        texts = {name: _text(cells[places[name]]) for name in ("Gpu", "ModelName", "x_Team", "Verdict")}
        lane = texts["Gpu"] or ""
        texts["Host"] = next((host for host in hosts if lane == host or lane.startswith(f"{host}/")), lane)
        numbers = {name: _number(cells[places[name]]) if name in places else None for name in (IDLE, COST, HOURS)}
        gpus.append((texts, numbers))
    return gpus


def _row(by: Sequence[str], values: Sequence[str | None], own: Sequence[Gpu], currency: str | None) -> Row:
    numbers = {name: total(one[name] for _, one in own) for name in (IDLE, COST, HOURS)}
    verdicts = Counter(str(texts["Verdict"]) for texts, _ in own)
    models = sorted({texts["ModelName"] or "GPU" for texts, _ in own})
    counted = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    teams = {texts["x_Team"] for texts, _ in own}
    facts = (f"{len(own)} × {' or '.join(models)}; verdicts on the whole period: {counted}",)
    return Row(target_of(by, values), teams.pop() if len(teams) == 1 else None, numbers, currency, facts)


def _notes(found: ToolResult, gpus: Sequence[Gpu]) -> tuple[str, ...]:
    notes = []
    unknown = sum(texts["Verdict"] == UNKNOWN for texts, _ in gpus)
    if unknown:
        notes.append(f"{unknown} GPUs give insufficient evidence over the period: hours of theirs may be idle unseen")
    if found.evidence.row_count > MOST:
        notes.append(f"the {MOST} GPUs with most hours without work are judged, of {found.evidence.row_count}")
    return tuple(notes)


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None


def _number(cell: object) -> Decimal | None:
    return cell if isinstance(cell, Decimal) else None


IDLE_GPU = ResourceKind(
    name="idle_gpu",
    says="GPUs and their hours without work",
    numbers={
        IDLE: Number("GPU-hours without work", "GPU-hours"),
        COST: Number("cost of the hours without work", None),
        HOURS: Number("sampled GPU-hours", "GPU-hours"),
    },
    measure=IDLE,
    texts=("Host", "Gpu", "ModelName", "x_Team", "Verdict"),
    read=_read,
    by=("Host",),
    can_group=True,
)
