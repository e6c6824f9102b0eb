"""GPU samples as SQL: each FIELD in the store's unit, and for a record that is none why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tools.domain.gpu import GPU_METRICS, SAMPLE_COLUMNS
from tools.ingest.gpu_fields import GpuMapping, Target, load_gpu_fields
from tools.ingest.usage_source import SourceColumn, constant
from tools.store.engine import identifier, text

COLUMN_OF = {
    "time": "Time",
    "host": "Host",
    "gpu": "Gpu",
    "mig": "Mig",
    "model_name": "ModelName",
    "owner": "Owner",
    "gpus": "Gpus",
    "memory_total_gib": "MemoryTotalGiB",
    "energy_joules": "EnergyJoules",
    "throttled": "Throttled",
    "ecc_errors": "EccErrors",
    "xid_errors": "XidErrors",
    **{one.field: one.name for one in GPU_METRICS},
}
"""FIELD → its column in the store; `end_time` becomes `Seconds`."""
ABSENT = "'nan', 'null', 'none', 'n/a', '[n/a]', '[not supported]', 'not supported', '-'"
EARLIEST, LATEST = "TIMESTAMP '2000-01-01'", "TIMESTAMP '2100-01-01'"
SLACK = 1.001
"""Rounding may put a share this far above one."""


@dataclass(frozen=True)
class GpuRows:
    """A source's samples: `select` gives the accepted ones, `faults` what can't be one as (file, reason, row)."""

    select: str
    faults: str
    spans: bool
    times: str | None = None
    """The records' times, whether they become samples or not; None for spans."""


def sample_rows(
    relation: str,
    mapping: GpuMapping,
    columns: Mapping[str, SourceColumn],
    factors: Mapping[str, float],
) -> GpuRows:
    """SQL over `relation` s; `factors` has what a FIELD's values are multiplied by to get its own unit."""
    read = _Reader(mapping, columns, factors)
    fault = f"CASE {read.faults()} END"
    items = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in read.items().items())
    select = f"SELECT {items} FROM ({relation}) s WHERE {fault} IS NULL"
    if read.is_span:
        select = _by_hour(f"SELECT {items}, {read.end} AS span_end FROM ({relation}) s WHERE {fault} IS NULL")
    hidden = text('{"outlay_file": null, "span_last": null}')
    faults = (
        f'SELECT parse_filename(s."outlay_file") AS file, {fault} AS reason, '
        f"CAST(json_merge_patch(to_json(s), {hidden}) AS VARCHAR) AS row FROM ({relation}) s WHERE {fault} IS NOT NULL"
    )
    time = read.items()["Time"]
    times = f'SELECT {time} AS "Time" FROM ({relation}) s WHERE {time} BETWEEN {EARLIEST} AND {LATEST}'
    return GpuRows(select, faults, read.is_span, None if read.is_span else times)


def _by_hour(select: str) -> str:
    """Records that stand for a span, as one sample for each clock hour that the span touches."""
    hours = "generate_series(date_trunc('hour', \"Time\"), span_end - INTERVAL 1 MICROSECOND, INTERVAL 1 HOUR)"
    start = 'GREATEST("Time", span_hour)'
    return (
        f'SELECT * EXCLUDE (span_end, span_hour) REPLACE ({start} AS "Time"), '
        f'epoch(LEAST(span_end, span_hour + INTERVAL 1 HOUR) - {start}) AS "Seconds" '
        f"FROM (SELECT *, unnest({hours}) AS span_hour FROM ({select}))"
    )


class _Reader:
    def __init__(self, mapping: GpuMapping, columns: Mapping[str, SourceColumn], factors: Mapping[str, float]) -> None:
        self._mapping, self._columns, self._factors = mapping, columns, factors
        self.is_span = mapping.has("end_time")

    def items(self) -> dict[str, str]:
        """Store column → its expression."""
        found = {"Time": self._time("time")}
        for name in (*load_gpu_fields().fields,):
            column = COLUMN_OF.get(name)
            if column and column != "Time" and self._mapping.has(name):
                found[column] = f"CAST({self._value(name)} AS {SAMPLE_COLUMNS[column]})"
        for name, column in self._mapping.labels.items():
            found[name] = self._columns[column].as_text
        for name, value in self._mapping.constants.items():
            if name.startswith("x_"):
                found[name] = text(value)
        return found

    @property
    def end(self) -> str:
        return self._time("end_time")

    def faults(self) -> str:
        """WHEN … THEN reason, in the order in which they are told."""
        time = self._time("time")
        whens = [
            (f"{time} IS NULL", "time is missing or can't be read"),
            (f"{time} NOT BETWEEN {EARLIEST} AND {LATEST}", "time lies outside 2000 to 2100"),
        ]
        lanes = [self._value(name) for name in ("host", "gpu") if self._mapping.has(name)]
        whens.append((f"COALESCE({', '.join(lanes)}, '') = ''", "neither host nor gpu is named"))
        if self.is_span:
            whens.append((f"COALESCE({self.end} <= {time}, true)", "end_time is not after time"))
        for name, rule in load_gpu_fields().fields.items():
            if rule.kind in ("text", "time") or not self._mapping.has(name):
                continue
            present, value = self._source(name), self._value(name)
            whens.append((f"{_present(present)} AND {value} IS NULL", f"{name} can't be read"))
            if rule.kind == "share":
                whens.append((f"{value} NOT BETWEEN 0 AND {SLACK}", f"{name} is not within 0 and 100 %"))
            elif rule.kind == "truth":
                pass
            elif name != "temperature_celsius":
                whens.append((f"NOT ({value} >= 0 AND {value} < 1e15)", f"{name} is negative or without bound"))
        if self._mapping.has("memory_used_gib") and self._mapping.has("memory_total_gib"):
            used, total = self._value("memory_used_gib"), self._value("memory_total_gib")
            whens.append((f"{used} > {SLACK} * {total}", "memory_used_gib is above memory_total_gib"))
        if self._mapping.has("gpus_allocated") and self._mapping.has("gpus"):
            used, total = self._value("gpus_allocated"), self._value("gpus")
            whens.append((f"{used} > {total}", "gpus_allocated is above gpus"))
        return " ".join(f"WHEN {condition} THEN {text(reason)}" for condition, reason in whens)

    def _source(self, name: str) -> SourceColumn:
        if name in self._mapping.fields:
            return self._columns[self._mapping.fields[name][0]]
        return constant(self._mapping.constants[name])

    def _time(self, name: str) -> str:
        zero = self._mapping.constants.get("time_zero")
        if zero is None:
            return self._source(name).time
        since = f"TIMESTAMP {text(zero)} + to_microseconds(CAST({number(self._source(name))} * 1000000 AS BIGINT))"
        if not self.is_span:
            return f"({since})"
        # A span that began before the file begins with it, one that goes on at its end ends with it.
        whole = f"TIMESTAMP {text(zero)}" if name == "time" else "s.span_last"
        return f"COALESCE({since}, {whole})"

    def _value(self, name: str) -> str:
        source = self._source(name)
        kind = load_gpu_fields().fields[name].kind
        if kind == "text":
            return f"COALESCE({source.as_text}, '')" if name in ("host", "gpu", "mig") else source.as_text
        if kind == "truth":
            return source.truth
        factor = self._factors.get(name, 1.0)
        return number(source) if factor == 1.0 else f"({number(source)} * {factor!r})"


def number(source: SourceColumn) -> str:
    """The value as a DOUBLE, a unit behind it left out (`45 %`); NULL for none, NaN and what can't be read."""
    if source.kind == "float":
        return f"CASE WHEN NOT isnan({source.sql}) THEN CAST({source.sql} AS DOUBLE) END"
    if source.kind in ("integer", "decimal", "boolean"):
        return f"CAST({source.sql} AS DOUBLE)"
    bare = f"regexp_extract({source.as_text}, '^([-+0-9.eE]+)\\s*[%°A-Za-z/]*$', 1)"
    read = f"COALESCE(TRY_CAST({source.as_text} AS DOUBLE), TRY_CAST({bare} AS DOUBLE))"
    return f"CASE WHEN NOT isnan({read}) THEN {read} END"


def _present(source: SourceColumn) -> str:
    if source.kind != "text":
        return source.present
    return f"lower({source.as_text}) NOT IN ({ABSENT})"


def declared_unit(column: str, target: Target) -> str | None:
    """The unit that a column's mapping or own name says: `util (%)` is in percent."""
    if target.unit is not None or target.kind != "share":
        return target.unit
    if "%" in column or re.search(r"(?:^|[^a-z])(?:percent(?:age)?|pct)(?:[^a-z]|$)", column.lower()):
        return "percent"
    return None
