"""What a column of a records file means: the kind's FIELDs, their usual names, and the dimensions of its slice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from tools.domain.errors import BadInput
from tools.domain.focus import BY_NAME
from tools.domain.records import RecordKind
from tools.domain.scope import TAG
from tools.ingest.usage_fields import snake

FieldType = Literal["text", "day", "time", "money", "number"]
_BY_LOWER = {name.lower(): name for name, column in BY_NAME.items() if column.kind == "text"}


class FieldRule(BaseModel):
    """One FIELD: how its values are read, and what else files call it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: FieldType
    required: bool = False
    names: tuple[str, ...] = ()


class KindRule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    fields: dict[str, FieldRule]
    others: Literal["dimension", "left_out"]


class RecordRules(BaseModel):
    """The whole of knowledge/records.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dimensions: dict[str, str]
    owner_kinds: dict[str, str]
    kinds: dict[RecordKind, KindRule]


@cache
def load_rules() -> RecordRules:
    """Read and check `knowledge/records.yaml`."""
    return RecordRules.model_validate(yaml.safe_load((files("knowledge") / "records.yaml").read_text("utf-8")))


@dataclass(frozen=True)
class RecordMapping:
    """Where everything comes from; values are names of the file's columns."""

    fields: dict[str, str] = field(default_factory=dict)
    slice: dict[str, str] = field(default_factory=dict)
    """Dimension → the file's column."""
    left_out: tuple[str, ...] = ()


def map_record_columns(kind: RecordKind, columns: Sequence[str], given: Mapping[str, str], where: str) -> RecordMapping:
    """Find each column's place: --map first, then dimensions and FIELDs by their own name, then by usual names.

    Raises BadInput, listing the columns and the FIELDs, when something is missing, unknown or ambiguous.
    """
    rule = load_rules().kinds[kind]
    offer = f"the columns of {where} are {', '.join(columns)}; FIELDs are {', '.join(rule.fields)} and any x_ column"
    targets = _given(rule, columns, given, offer)
    targets |= _named(rule, [one for one in columns if one not in targets], set(targets.values()))
    slices, left_out = _rest(rule, [one for one in columns if one not in targets], set(targets.values()))
    fields = {target: column for column, target in targets.items() if target in rule.fields}
    slices |= {target: column for column, target in targets.items() if target not in rule.fields}
    for name, one in rule.fields.items():
        if one.required and name not in fields:
            raise BadInput(f"no column is the {name}: say --map COLUMN={name}; {offer}")
    return RecordMapping(fields, dict(sorted(slices.items())), tuple(left_out))


def dimension_of(column: str) -> str | None:
    """The dimension that a column is by its name, in the store's spelling; None when it is none."""
    name = re.sub(r"^slice[._]", "", column.strip(), flags=re.IGNORECASE)
    if name.lower() in _BY_LOWER:
        return _BY_LOWER[name.lower()]
    if name.lower().startswith("x_") and len(name) > 2:
        return "x_" + name[2:]
    if name.startswith(TAG) and len(name) > len(TAG):
        return name
    return load_rules().dimensions.get(snake(name))


def _given(rule: KindRule, columns: Sequence[str], given: Mapping[str, str], offer: str) -> dict[str, str]:
    by_lower = {column.lower(): column for column in columns}
    targets: dict[str, str] = {}
    for column, target in given.items():
        found = by_lower.get(column.lower())
        if found is None:
            raise BadInput(f"--map {column}={target}: there is no column {column}; {offer}")
        if target not in rule.fields and (target != dimension_of(target)):
            raise BadInput(f"--map {column}={target}: {target} is no FIELD and no dimension; {offer}")
        if target in targets.values():
            raise BadInput(f"--map {column}={target}: another column is mapped to {target} already; keep one")
        targets[found] = target
    return targets


def _named(rule: KindRule, columns: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Columns that are a FIELD by name; the rule's order of names decides between several."""
    spelt = {snake(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    exact = {name: spelt[name] for name in rule.fields if name in spelt and name not in taken}
    for name, one in rule.fields.items():
        free = [spelt[other] for other in one.names if other in spelt and spelt[other] not in found]
        free = [column for column in free if column not in exact.values()]
        column = exact.get(name) or next(iter(free), None)
        if column is not None and name not in taken:
            found[column] = name
    return found


def _rest(rule: KindRule, columns: Sequence[str], taken: set[str]) -> tuple[dict[str, str], list[str]]:
    slices: dict[str, str] = {}
    left_out = []
    for column in columns:
        name = dimension_of(column)
        if name is None and rule.others == "dimension":
            name = "x_" + re.sub(r"\W+", "_", column.strip()).strip("_")
        if name is None or name in taken or name in slices:
            left_out.append(column)
        else:
            slices[name] = column
    return slices, left_out
