"""What a column of a usage file means: FIELDs, the names that providers give them, and the columns kept beside them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.domain.errors import BadInput
from tools.ingest.focus_header import RESERVED
from tools.pricing.providers import load_providers

COUNTS = (
    "requests",
    "input_tokens",
    "uncached_input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)
FIELDS = (
    "time",
    "end_time",
    "model",
    "provider",
    *COUNTS,
    "cost",
    "service_tier",
    "batch",
    "cache_ttl",
    "context_window",
    "status",
    "latency_seconds",
    "meter",
    "quantity",
)
FOCUS_TEXT = (
    "BillingAccountId",
    "BillingAccountName",
    "SubAccountId",
    "SubAccountName",
    "ResourceId",
    "ResourceName",
    "RegionId",
    "RegionName",
    "Tags",
)
"""FOCUS columns that --map and --set may fill besides `x_` columns."""
OWN = {name.lower() for name in ("x_Model", "x_TokenType", "x_ServiceTier", "x_Requests", "x_Status", "x_PriceSource")}
_WRAPPERS = ("usage_metadata_", "usage_", "server_tool_use_", "usage_server_tool_use_", "usage_cache_creation_")


@dataclass(frozen=True)
class UsageMapping:
    """Where everything comes from. Values are names of the file's columns, except in `constants`."""

    fields: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    """Store column (x_Team, RegionId, …) → the file's column."""
    meters: dict[str, str] = field(default_factory=dict)
    """The file's column → the meter that it counts."""
    constants: dict[str, str] = field(default_factory=dict)
    """FIELD or store column → the value that --set gives every record."""
    dropped: tuple[str, ...] = ()
    """Columns that hold prompts or replies."""

    def has(self, name: str) -> bool:
        return name in self.fields or name in self.constants


def map_columns(
    columns: Sequence[str], given: Mapping[str, str], constants: Mapping[str, str], files: str
) -> UsageMapping:
    """Find each column's place: --map first, then names that are a FIELD, then the providers' names for it.

    Raises BadInput, listing the file's columns and the FIELDs, when something is missing, unknown or ambiguous.
    """
    offer = f"the columns of {files} are {', '.join(columns)}; FIELDs are {', '.join(FIELDS)} and any x_ column"
    targets = _given(columns, given, constants, offer)
    taken = set(targets.values()) | set(constants)
    targets |= _self_evident(columns, targets, taken, offer)
    mapping = _sort_out(columns, targets, constants, taken=set(targets.values()) | set(constants))
    _refuse_incomplete(mapping, offer)
    return mapping


def snake(name: str) -> str:
    """`cacheReadInputTokens`, `Cache Read Input Tokens` and `usage.cache_read…` in one spelling."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^0-9a-z]+", "_", name.lower()).strip("_")


def _given(
    columns: Sequence[str], given: Mapping[str, str], constants: Mapping[str, str], offer: str
) -> dict[str, str]:
    targets: dict[str, str] = {}
    by_lower = {column.lower(): column for column in columns}
    for column, target in given.items():
        found = column if column in columns else by_lower.get(column.lower())
        if found is None:
            raise BadInput(f"--map {column}={target}: there is no column {column}; {offer}")
        targets[found] = _target(f"--map {column}={target}", target, offer)
    for target in constants:
        _target(f"--set {target}={constants[target]}", target, offer)
    for target in {*targets.values()}:
        sources = [column for column, one in targets.items() if one == target]
        if target in constants:
            raise BadInput(f"{target} is both mapped (from {sources[0]}) and set; keep one")
        if len(sources) > 1:
            raise BadInput(f"{' and '.join(sources)} are both mapped to {target}; keep one")
    return targets


def _target(option: str, target: str, offer: str) -> str:
    if target.lower() in RESERVED or target.lower() in OWN:
        raise BadInput(f"{option}: {target} is filled by Outlay itself; map to a FIELD or another x_ column; {offer}")
    if target in FIELDS or target in FOCUS_TEXT or re.fullmatch(r"meter:\w+", target):
        return target
    if re.fullmatch(r"x_\w+", target):
        return target
    raise BadInput(f"{option}: {target} is no FIELD; {offer}")


def _self_evident(columns: Sequence[str], targets: Mapping[str, str], taken: set[str], offer: str) -> dict[str, str]:
    known = load_providers().columns
    free = {column: _spellings(column) for column in columns if column not in targets}
    found: dict[str, str] = {}
    for name in FIELDS:
        if name in taken:
            continue
        exact = [column for column, spelt in free.items() if spelt[0] == name]
        alike = [column for column, spelt in free.items() if {name, *known.get(name, ())} & set(spelt)]
        candidates = exact[:1] or alike
        if name == "time" and len(candidates) > 1:
            candidates = [column for column in candidates if free[column][0].startswith("start")] or candidates
        if name in ("input_tokens", "model", "provider") and len(candidates) > 1:
            candidates = sorted(candidates, key=lambda column: _rank(name, free[column]))[:1]
        if len(candidates) > 1:
            raise BadInput(f"{' and '.join(candidates)} could each be {name}; say --map COLUMN={name}; {offer}")
        if candidates:
            found[candidates[0]] = name
            free.pop(candidates[0])
    return found


def _rank(name: str, spelt: Sequence[str]) -> int:
    order = [name, *load_providers().columns[name]]
    return min(order.index(one) for one in spelt if one in order)


def _spellings(column: str) -> list[str]:
    name = snake(column)
    return [name, *(name.removeprefix(start) for start in _WRAPPERS if name.startswith(start))]


def _sort_out(
    columns: Sequence[str], targets: Mapping[str, str], constants: Mapping[str, str], taken: set[str]
) -> UsageMapping:
    words = load_providers()
    fields: dict[str, str] = {}
    kept: dict[str, str] = {}
    meters: dict[str, str] = {}
    dropped: list[str] = []
    for column in columns:
        target = targets.get(column)
        if target in FIELDS:
            fields[target] = column
        elif target and target.startswith("meter:"):
            meters[column] = target.removeprefix("meter:")
        elif target:
            kept[target] = column
        elif meter := next(
            (words.meter_columns[one] for one in _spellings(column) if one in words.meter_columns), None
        ):
            meters[column] = meter
        elif snake(column) in words.never_kept:
            dropped.append(column)
        else:
            kept[_free_name(column, {name.lower() for name in (*taken, *kept)})] = column
    return UsageMapping(fields, kept, meters, dict(constants), tuple(dropped))


def _free_name(column: str, taken: set[str]) -> str:
    name = load_providers().dimensions.get(snake(column), "")
    if not name or name.lower() in taken:
        bare = re.sub(r"\W+", "_", column.strip()).strip("_") or "column"
        name = bare if bare.lower().startswith("x_") else f"x_{bare}"
        name = "x_" + name[2:]
    while name.lower() in taken or name.lower() in RESERVED or name.lower() in OWN:
        name += "_"
    return name


def _refuse_incomplete(mapping: UsageMapping, offer: str) -> None:
    if "time" not in mapping.fields and "time" not in mapping.constants:
        raise BadInput(f"no column says when: say --map COLUMN=time; {offer}")
    if not mapping.has("model") and not mapping.has("meter") and not mapping.meters:
        raise BadInput(f"no column says which model or meter: say --map COLUMN=model (or COLUMN=meter); {offer}")
    amounts = (*COUNTS, "quantity", "cost")
    if not mapping.meters and not any(mapping.has(name) for name in amounts):
        raise BadInput(f"no column counts anything: map one of {', '.join(amounts)}; {offer}")
