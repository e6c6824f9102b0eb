"""What a column of a GPU telemetry file means: FIELDs, their unit, and the labels kept beside them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge import read
from tools.domain.errors import BadInput
from tools.ingest.record_fields import load_rules
from tools.ingest.usage_fields import snake

FieldKind = Literal["time", "text", "share", "memory", "power", "energy", "number", "truth", "count"]


class GpuField(BaseModel):
    """How a FIELD is read; `names` are `name` or `name:unit`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FieldKind
    names: tuple[str, ...] = ()


class GpuFields(BaseModel):
    """The whole of knowledge/gpu_fields.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fields: dict[str, GpuField]
    units: dict[str, dict[str, float]]


@cache
def load_gpu_fields() -> GpuFields:
    return GpuFields.model_validate(yaml.safe_load(read("gpu_fields.yaml")))


@dataclass(frozen=True)
class Target:
    """A FIELD and the unit that its values stand in; None: the FIELD's own (for shares: see the values)."""

    field: str
    unit: str | None = None

    @property
    def kind(self) -> FieldKind:
        return load_gpu_fields().fields[self.field].kind


@dataclass(frozen=True)
class GpuMapping:
    """Where everything comes from; keys of `fields` and `constants` are FIELDs, of the labels `x_` columns."""

    fields: dict[str, tuple[str, Target]] = field(default_factory=dict)
    """FIELD → the file's column, and what it means."""
    labels: dict[str, str] = field(default_factory=dict)
    """`x_` column → the file's column."""
    constants: dict[str, str] = field(default_factory=dict)
    """FIELD or `x_` column → the value that --set gives every sample."""
    left_out: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        return name in self.fields or name in self.constants


SETTINGS = ("time_zero",)
"""What --set may say besides FIELDs: the moment from which a file's seconds count."""


def map_gpu_columns(
    columns: Sequence[str], given: Mapping[str, str], constants: Mapping[str, str], files: str
) -> GpuMapping:
    """Find each column's place: --map first, then names that are a FIELD, then the usual names for one.

    Dimensions such as team or project become labels; any other column is left out unless --map names it.

    Raises BadInput, listing the columns and the FIELDs, when something is missing, unknown or ambiguous.
    """
    known = ", ".join(load_gpu_fields().fields)
    offer = f"the columns of {files} are {', '.join(columns)}; FIELDs are {known} and any x_ column"
    fields, labels = _given(columns, given, offer)
    for name, value in constants.items():
        if name in fields or name in labels:
            raise BadInput(f"{name} is both mapped and set; keep one")
        if name not in SETTINGS and name not in load_gpu_fields().fields and not re.fullmatch(r"x_\w+", name):
            raise BadInput(f"--set {name}={value}: {name} is no FIELD; {offer}")
    mapped = {column for column, _ in fields.values()} | set(labels.values())
    free = [one for one in columns if one not in mapped]
    fields |= _named(free, set(fields) | set(constants))
    free = [one for one in free if one not in {column for column, _ in fields.values()}]
    labels |= _labels(free, set(labels) | set(constants))
    left_out = tuple(one for one in free if one not in labels.values())
    mapping = GpuMapping(fields, dict(sorted(labels.items())), dict(constants), left_out)
    _refuse_incomplete(mapping, offer)
    return mapping


def target_of(name: str) -> Target | None:
    """`memory_used_mib` → memory_used_gib in MiB; `gpu_utilization_percent` → gpu_utilization in percent."""
    rules = load_gpu_fields()
    if name in rules.fields:
        own = name.rpartition("_")[2]
        kind = rules.fields[name].kind
        return Target(name, own if kind != "share" and own in rules.units.get(kind, {}) else None)
    for field_name, rule in rules.fields.items():
        for unit in rules.units.get(rule.kind, {}):
            stem = field_name if rule.kind == "share" else field_name.rpartition("_")[0]
            if name == f"{stem}_{unit}":
                return Target(field_name, unit)
    return None


def _given(
    columns: Sequence[str], given: Mapping[str, str], offer: str
) -> tuple[dict[str, tuple[str, Target]], dict[str, str]]:
    by_lower = {column.lower(): column for column in columns}
    fields: dict[str, tuple[str, Target]] = {}
    labels: dict[str, str] = {}
    for column, name in given.items():
        found = by_lower.get(column.lower())
        if found is None:
            raise BadInput(f"--map {column}={name}: there is no column {column}; {offer}")
        target = target_of(name)
        if target is None and not re.fullmatch(r"x_\w+", name):
            raise BadInput(f"--map {column}={name}: {name} is no FIELD; {offer}")
        if (target.field if target else name) in {*fields, *labels}:
            raise BadInput(f"--map {column}={name}: another column is mapped to {name} already; keep one")
        if target:
            fields[target.field] = (found, target)
        else:
            labels[name] = found
    return fields, labels


def _named(columns: Sequence[str], taken: set[str]) -> dict[str, tuple[str, Target]]:
    """Columns that are a FIELD by name; the order of a FIELD's names decides between several."""
    spelt = {snake(column): column for column in reversed(columns)}
    found: dict[str, tuple[str, Target]] = {}
    exact = {one.field: (column, one) for name, column in spelt.items() if (one := target_of(name))}
    for name, rule in load_gpu_fields().fields.items():
        if name in taken:
            continue
        usual = (
            (spelt[alias], Target(name, unit or None))
            for alias, _, unit in (one.partition(":") for one in rule.names)
            if alias in spelt and spelt[alias] not in {column for column, _ in (*exact.values(), *found.values())}
        )
        if (place := exact.get(name) or next(usual, None)) is not None:
            found[name] = place
    return found


def _labels(columns: Sequence[str], taken: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        name = column if re.fullmatch(r"x_\w+", column) else load_rules().dimensions.get(snake(column), "")
        if name.startswith("x_") and name not in taken and name not in found:
            found[name] = column
    return found


def _refuse_incomplete(mapping: GpuMapping, offer: str) -> None:
    if not mapping.has("time") and "time_zero" not in mapping.constants:
        raise BadInput(f"no column says when: say --map COLUMN=time; {offer}")
    if not mapping.has("host") and not mapping.has("gpu"):
        raise BadInput(f"no column says which GPU: say --map COLUMN=host or --set host=NAME; {offer}")
    measured = [name for name, rule in load_gpu_fields().fields.items() if rule.kind not in ("time", "text")]
    if not any(mapping.has(name) for name in measured):
        raise BadInput(f"no column measures anything: map one of {', '.join(measured)}; {offer}")
