"""The fleet as SQL: the hours of every lane with their verdict, each with its share of what its node cost that day.

A node's price: what the charges that name the host (by ResourceId, ResourceName or a tag) come to on a day, over the
hours that were billed for it (24 where the charges count none) and over its GPUs. So a GPU's hour has a price whether
it worked or not. A MIG instance has its GPU's part by the memory it was given; owners within an hour part it by time.
Shared by use, a node's whole day goes to those who used it, in proportion to SM activity (utilisation where that is not
known). Either way the shares of a node, with the hours that nobody sampled, sum to what it cost.
"""

from datetime import datetime

from tools.domain.gpu import GPU_METRICS
from tools.domain.period import Period
from tools.inform.gpus.billed import HOURS_OF_DAY
from tools.inform.gpus.request import GpuFleetRequest, Group, Measure
from tools.registry import CostReader, SqlValue
from tools.telemetry.activity_sql import verdict_sql
from tools.telemetry.limits import activity_rules

TAG_KEYS = ("host", "hostname", "node", "node_name", "instance")
HOUR_UNITS = ("hour", "hours", "hrs", "instance-hours", "node-hours")
NOT_SAMPLED = "not sampled"
LANE = "concat_ws('/', \"Host\", NULLIF(\"Gpu\", ''), NULLIF(\"Mig\", ''))"
NAMES: dict[Group, str] = {
    "gpu": LANE,
    "host": '"Host"',
    "model": "COALESCE(\"ModelName\", 'unknown model')",
    "owner": "COALESCE(\"Owner\", team, 'nobody named')",
    "team": "COALESCE(team, \"Owner\", 'no team')",
    "fleet": "'all GPUs'",
}


def fleet_query(
    store: CostReader,
    request: GpuFleetRequest,
    period: Period,
    group: Group,
    window: tuple[datetime, datetime],
) -> tuple[str, list[SqlValue]]:
    """One row for each group, with its name, model, team and the columns of OUTPUTS; `window` is what samples reach."""
    hours, parameters = _hours(store, request, period)
    conditions, last = _conditions(request)
    wanted = WANTED[request.measure]
    outputs = ",\n    ".join(f"{sql if name in wanted else 'NULL'} AS {name}" for name, sql in OUTPUTS.items())
    if "cost" in wanted or group in ("team", "owner") or request.team:
        paid, more = _paid_hours(store, request, period, window)
    else:
        paid, more = f"paid AS (SELECT *, {_UNPAID} FROM hours)", []
    sql = f"""
WITH hours AS (
    {hours}
),
{paid}
SELECT {NAMES[group]} AS name, any_value("ModelName") AS model, any_value(team) AS team,
    {outputs}
FROM paid{conditions}
GROUP BY 1 ORDER BY size DESC, name
""".strip()
    return sql, [*parameters, *more, *last]


def _paid_hours(
    store: CostReader, request: GpuFleetRequest, period: Period, window: tuple[datetime, datetime]
) -> tuple[str, list[SqlValue]]:
    """`hours` with `currency`, `team`, `money`, their share of what their node cost, and the node's billed hours."""
    nodes, parameters = _nodes(store, period)
    use = 'COALESCE(h."SmActiveMean", h."GpuUtilizationMean", 0)'
    team = 'COALESCE(h."x_Team", n.team)' if "x_Team" in store.gpu_columns else "n.team"
    share = "by_use" if request.sharing == "use" else "by_allocation"
    unsampled = _UNSAMPLED if request.measure == "cost" and request.sharing == "allocation" else ""
    sql = f"""nodes AS (
    {nodes}
),
billed AS (
    SELECT host, sum(LEAST(billed_hours, GREATEST(0, {HOURS_OF_DAY.format(day="day")}))) AS node_hours
    FROM nodes WHERE billed_hours IS NOT NULL GROUP BY host
),
sized AS (
    SELECT h."Host", h.day, any_value(h."ModelName") AS "ModelName", any_value(h."Owner") AS "Owner",
        sum(h.size) AS size, sum(h.size * {use}) AS used,
        count(DISTINCT h."Gpu") * max(COALESCE(h."Gpus", 1)) AS node_gpus
    FROM hours h GROUP BY h."Host", h.day
),
shared AS (
    SELECT h.*, n.currency, n.cost, b.node_hours, {team} AS team,
        h.size / GREATEST(COALESCE(n.billed_hours, 24) * s.node_gpus, s.size) AS by_allocation,
        CASE WHEN s.used > 0 THEN h.size * {use} / s.used ELSE h.size / s.size END AS by_use
    FROM hours h JOIN sized s USING ("Host", day) LEFT JOIN nodes n ON n.host = h."Host" AND n.day = h.day
    LEFT JOIN billed b ON b.host = h."Host"
),
paid AS (
    SELECT *, CAST(cost AS DECIMAL(25, 12)) * CAST(COALESCE({share}, 0) AS DECIMAL(13, 12)) AS money
    FROM shared{unsampled}
)"""
    return sql, [*parameters, *(moment.isoformat(" ") for moment in window)]


def _weighted(metric: str) -> str:
    known = f'sum(CASE WHEN "{metric}Mean" IS NOT NULL THEN size END)'
    return f'round(sum("{metric}Mean" * size) / NULLIF({known}, 0), 6)'


def _sized(verdict: str) -> str:
    return f"round(COALESCE(sum(size) FILTER (verdict = '{verdict}'), 0), 4)"


def _clock(verdict: str) -> str:
    return f"count(DISTINCT \"Hour\") FILTER (verdict = '{verdict}')"


def _paid(condition: str) -> str:
    """What hours cost: 0 where there are none and others have a price, NULL where theirs is not known."""
    none = f"count(*) FILTER ({condition}) = 0 AND sum(money) IS NOT NULL"
    return f"round(COALESCE(sum(money) FILTER ({condition}), CASE WHEN {none} THEN 0 END), 6)"


_ALLOCATED = 'CASE WHEN "GpusAllocatedMean" IS NOT NULL THEN "CoveredSeconds" * COALESCE("Gpus", 1) END'
OUTPUTS = {
    "currency": "max(currency)",
    "currencies": "count(DISTINCT currency)",
    "gpus": f"COALESCE(CAST(sum(lane_gpus) AS BIGINT), count(DISTINCT {LANE}) FILTER (verdict <> '{NOT_SAMPLED}'))",
    "size": "round(COALESCE(sum(size), 0), 4)",
    "working": _sized("working"),
    "idle": _sized("idle"),
    "zombie": _sized("zombie"),
    "waiting": _sized("waiting"),
    "unknown": _sized("insufficient evidence"),
    "cost": "round(sum(money), 6)",
    "no_work_cost": _paid("verdict IN ('idle', 'zombie')"),
    "waiting_cost": _paid("verdict = 'waiting'"),
    "unsampled_cost": f"round(sum(money) FILTER (verdict = '{NOT_SAMPLED}'), 6)",
    "allocated": f'round(sum("GpusAllocatedMean" * "CoveredSeconds") / NULLIF(sum({_ALLOCATED}), 0), 6)',
    **{
        one.field: _weighted(one.name)
        for one in GPU_METRICS
        if one.name in ("GpuUtilization", "SmActive", "DramActive", "TensorActive", "PowerWatts")
    },
    "memory_used": 'round(sum("MemoryUsedGiBMean" * "CoveredSeconds") / 3600, 4)',
    "memory_total": 'round(sum("MemoryTotalGiB" * "CoveredSeconds") / 3600, 4)',
    "memory_unused": (
        "round(sum(CASE WHEN verdict IN ('zombie', 'waiting') THEN \"MemoryUsedGiBMean\" * \"CoveredSeconds\" "
        'WHEN "MemoryUsedGiBMean" IS NOT NULL THEN 0 END) / 3600, 4)'
    ),
    "energy_kwh": 'round(sum(COALESCE("PowerWattsMean" * "CoveredSeconds", "EnergyJoules")) / 3600000, 6)',
    "first_hour": 'min("Hour")',
    "billed_hours": "max(node_hours)",
    "clock_working": _clock("working"),
    "clock_idle": _clock("idle"),
    "clock_zombie": _clock("zombie"),
    "clock_waiting": _clock("waiting"),
    "clock_unknown": _clock("insufficient evidence"),
}
"""`size` is GPU-hours, also by verdict; memory is in GiB-hours; `clock_…` and `billed_hours` are hours of the clock."""
_UNPAID = "NULL AS currency, NULL AS team, NULL AS money, NULL AS node_hours"

_ALWAYS = frozenset({"size", "gpus"})
WANTED: dict[Measure, frozenset[str]] = {
    "activity": _ALWAYS | {
        "idle", "zombie", "unknown", "currency", "currencies", "cost", "no_work_cost", "sm_active", "memory_used",
        "first_hour", "billed_hours", "clock_working", "clock_idle", "clock_zombie", "clock_waiting", "clock_unknown",
    },
    "utilization": _ALWAYS | {"sm_active", "gpu_utilization", "dram_active", "tensor_active", "allocated"},
    "memory": _ALWAYS | {"unknown", "memory_used", "memory_total", "memory_unused"},
    "power": _ALWAYS | {"energy_kwh", "power_watts"},
    "cost": _ALWAYS | {
        "idle", "zombie", "unknown", "currency", "currencies", "cost", "no_work_cost", "waiting_cost",
        "unsampled_cost",
    },
}  # fmt: skip
"""The outputs that a measure needs; the others are NULL: each costs a pass over the hours."""

_UNSAMPLED = f"""
    UNION ALL BY NAME
    SELECT s."Host", '' AS "Gpu", '' AS "Mig", s."ModelName", s."Owner", n.team, n.currency, '{NOT_SAMPLED}' AS verdict,
        CAST(n.cost AS DECIMAL(25, 12)) * CAST(1 - s.size / GREATEST(COALESCE(n.billed_hours, 24) * s.node_gpus, s.size)
        AS DECIMAL(13, 12)) AS money
    FROM sized s JOIN nodes n ON n.host = s."Host" AND n.day = s.day"""


def _hours(store: CostReader, request: GpuFleetRequest, period: Period) -> tuple[str, list[SqlValue]]:
    """Lane-hours with `day`, `verdict` and `size`, in GPU-hours. All lanes of a node, as they share its price."""
    conditions = ['"Hour" >= CAST(? AS DATE)', '"Hour" < CAST(? AS DATE)']
    parameters: list[SqlValue] = [period.start, period.end]
    part = "1"
    if "Mig" in store.gpu_columns:
        # Power is the whole GPU's; all else is its instances', where it has any.
        sliced = 'SELECT "Host", "Gpu", "Hour" FROM gpu_hours WHERE "Mig" <> \'\''
        leaves = f'("Mig" <> \'\' OR ("Host", "Gpu", "Hour") NOT IN ({sliced}))'
        conditions.append("\"Mig\" = ''" if request.measure == "power" else leaves)
        part = (
            'CASE WHEN "Mig" = \'\' THEN 1 ELSE COALESCE("MemoryTotalGiB" * 3600 / NULLIF(sum("MemoryTotalGiB" * '
            '"CoveredSeconds") OVER (PARTITION BY "Host", "Gpu", "Hour"), 0), 1) END'
        )
    if request.host:
        conditions.append('lower("Host") = lower(?)')
        parameters.append(request.host)
    verdict = verdict_sql(activity_rules(), store.gpu_columns)
    sql = (
        f'SELECT *, {_lane_gpus(store)} AS lane_gpus, CAST("Hour" AS DATE) AS day,\n'
        f'        "CoveredSeconds" / 3600 * COALESCE("Gpus", 1) * {part} AS size,\n'
        f"        {verdict} AS verdict\n    FROM gpu_hours WHERE {' AND '.join(conditions)}"
    )
    return sql, parameters


def _lane_gpus(store: CostReader) -> str:
    """The GPUs of a lane, in one of its hours: a row that sums up a cluster stands for the most that it had."""
    if "Gpus" not in store.gpu_columns:
        return "NULL"
    order = 'ORDER BY "Gpus" DESC NULLS LAST, "Hour", "Owner"'
    first = f'row_number() OVER (PARTITION BY "Host", "Gpu", "Mig" {order}) = 1'
    return f'CASE WHEN {first} THEN COALESCE("Gpus", 1) ELSE 0 END'


def _nodes(store: CostReader, period: Period) -> tuple[str, list[SqlValue]]:
    """Cost, team and billed hours of each host and day, by the name under which charges know the host."""
    keys = ['c."ResourceId"', "regexp_extract(c.\"ResourceId\", '[^/]+$')", 'c."ResourceName"']
    if "Tags" in store.columns:
        tags = ", ".join(f"json_extract_string(c.\"Tags\", '/{key}')" for key in TAG_KEYS)
        keys.append(f"CASE WHEN c.\"ServiceCategory\" = 'Compute' THEN COALESCE({tags}) END")
    joins = "\n        ".join(
        f'LEFT JOIN (SELECT DISTINCT "Host" AS host FROM hours) k{n} ON k{n}.host = {key}' for n, key in enumerate(keys)
    )
    host = f"COALESCE({', '.join(f'k{n}.host' for n in range(len(keys)))})"
    units = ", ".join(f"'{unit}'" for unit in HOUR_UNITS)
    sql = f"""SELECT host, "ChargeDay" AS day, max("BillingCurrency") AS currency, sum("EffectiveCost") AS cost,
        arg_max("x_Team", "EffectiveCost") AS team,
        NULLIF(CAST(sum("ConsumedQuantity") FILTER (lower("ConsumedUnit") IN ({units})) AS DOUBLE), 0) AS billed_hours
    FROM (
        SELECT c.*, {host} AS host FROM charges c
        {joins}
        WHERE c."ChargeDay" >= CAST(? AS DATE) AND c."ChargeDay" < CAST(? AS DATE) AND c."x_CountsForCost"
    ) WHERE host IS NOT NULL GROUP BY ALL"""
    return sql, [period.start, period.end]


def _conditions(request: GpuFleetRequest) -> tuple[str, list[SqlValue]]:
    asked = {
        'contains(lower("ModelName"), lower(?))': request.model,
        'lower("Owner") = lower(?)': request.owner,
        'lower(COALESCE(team, "Owner")) = lower(?)': request.team,
    }
    conditions = [condition for condition, value in asked.items() if value]
    return (
        f" WHERE {' AND '.join(conditions)}" if conditions else "",
        [value for value in asked.values() if value],
    )
