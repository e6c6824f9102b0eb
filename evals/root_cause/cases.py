"""RobustSpot's cases: a rate (failures by views) that spiked in one minute, and what people named as the cause."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as parquet

from tools.inform.root_cause import LeafTable, ratio_leaves

DIMENSIONS = ("cdn", "bitrate", "device", "p2p", "isp", "platform", "gameid")
Part = Literal["tune", "report"]
Combination = frozenset[tuple[str, str | None]]
Pair = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Case:
    """One spike with its named causes. `part` is the same for all cases of a stream, as they resemble each other."""

    name: str
    part: Part
    dimensions: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    observed: tuple[Pair, ...]
    usual: tuple[Pair, ...]
    causes: frozenset[Combination]

    def leaves(self) -> LeafTable:
        return ratio_leaves(self.dimensions, self.members, self.observed, self.usual)


def load(folder: Path) -> tuple[Case, ...]:
    """The 90 shared cases. What is usual is the mean of the minutes before the spike; those after it are not read."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in parquet.read_table(folder / "cases.parquet").to_pylist():
        rows[row["case_id"]].append(row)
    labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text("utf-8").splitlines()]
    return tuple(_case(label, rows[label["case_id"]]) for label in labels)


def _case(label: dict[str, Any], rows: list[dict[str, Any]]) -> Case:
    dimensions = tuple(name for name in DIMENSIONS if any(row[name] is not None for row in rows))
    minutes = {row["min"] for row in rows if row["min"] < label["timestamp"]}
    observed: dict[tuple[str | None, ...], list[int]] = defaultdict(lambda: [0, 0])
    before: dict[tuple[str | None, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row["min"] <= label["timestamp"]:
            sums = observed if row["min"] == label["timestamp"] else before
            pair = sums[tuple(_text(row[name]) for name in dimensions)]
            pair[0] += row["value"]
            pair[1] += row["cnt"]
    members = tuple(sorted(observed.keys() | before.keys(), key=str))
    causes = label["cause"] if isinstance(label["cause"], list) else [label["cause"]]
    return Case(
        name=label["case_id"],
        part=part_of(label["case_id"]),
        dimensions=dimensions,
        members=members,
        observed=tuple(_pair(observed[member], 1) for member in members),
        usual=tuple(_pair(before[member], len(minutes)) for member in members),
        causes=frozenset(frozenset((name, _text(value)) for name, value in cause.items()) for cause in causes),
    )


def part_of(name: str) -> Part:
    """Tune or report, by a digest of the stream's number, which ends the name; a case without one is its own."""
    stream = name if name.startswith("2020-") else name.replace(" ", "_").rsplit("_", 1)[-1]
    return "tune" if int(hashlib.sha256(stream.encode()).hexdigest(), 16) % 2 == 0 else "report"


def _pair(sums: list[int], minutes: int) -> Pair:
    return Decimal(sums[0]) / minutes, Decimal(sums[1]) / minutes


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
