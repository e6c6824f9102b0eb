"""The GPU machines of a ledger: their lines, what they are, and how each part of them is paid for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tools.domain.recommendation import Cash, Edit
from tools.inform.scenario.gpus import MachineType, machine_type
from tools.optimize.ledger import Ledger, Line
from tools.registry import ToolContext

COMMITTED, DYNAMIC = "Committed", "Dynamic"
HOST_TAGS = ("host", "hostname", "node", "node_name", "kubernetes.io/hostname")
MATCHED_BY = ("PricingCategory", "CommitmentDiscountStatus", "CommitmentDiscountId", "ConsumedUnit")


@dataclass(frozen=True)
class Payment:
    """Lines of one machine that are paid for alike. What they cost is of the ledger's period."""

    cash: Cash
    lines: tuple[Line, ...]
    commitment: str | None = None
    ends: date | None = None
    """When the commitment ends, where a loaded record says."""

    @property
    def cost(self) -> Fraction:
        return sum((line.cost for line in self.lines), Fraction(0))

    @property
    def hours(self) -> Fraction:
        """Instance hours."""
        return sum((line.quantity for line in self.lines), Fraction(0))

    def edits(self, remaining: Fraction, *columns: str) -> tuple[Edit, ...]:
        """Leave that part of these lines, told apart by the machine's `columns` and how it is paid for."""
        keys = (*columns, *MATCHED_BY)
        found = dict.fromkeys(tuple(line[key] for key in keys) for line in self.lines)
        return tuple(
            Edit(where={key: (value,) for key, value in zip(keys, values, strict=True)}, remaining=remaining)
            for values in found
        )


@dataclass(frozen=True)
class Machine:
    """What is charged by the hour under one name; an endpoint may be several instances."""

    key: str
    column: str
    """ResourceId or ResourceName: where the key stands."""
    lines: tuple[Line, ...]
    type: MachineType | None
    payments: tuple[Payment, ...]
    hosts: frozenset[str]
    """Names under which its samples may stand."""

    def one(self, column: str) -> str | None:
        """What most of its cost has in a column."""
        costs: dict[str | None, Fraction] = defaultdict(Fraction)
        for line in self.lines:
            costs[line[column]] += line.cost
        return max(costs, key=lambda value: (costs[value], value or ""))

    @property
    def name(self) -> str:
        """For people: what it is called and what it is."""
        described = self.one("ChargeDescription")
        return f"{self.key} ({described})" if described else self.key

    @property
    def hours(self) -> Fraction:
        return sum((line.quantity for line in self.lines), Fraction(0))

    def edits(self, payment: Payment, remaining: Fraction) -> tuple[Edit, ...]:
        return payment.edits(remaining, self.column)


def machines(ctx: ToolContext, ledger: Ledger, sampled: Iterable[str] = ()) -> tuple[Machine, ...]:
    """Resources that are charged by the hour and have GPUs: by their description, or as GPU samples bear their name."""
    known, tagged = frozenset(sampled), _hosts_by_tag(ctx)
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in ledger.lines:
        column = "ResourceId" if line["ResourceId"] else "ResourceName"
        if (key := line[column]) and is_hourly(line):
            lines[column, key].append(line)
    ends = {one.commitment_id: one.end for one in ctx.store.records("commitments")}
    found = []
    for (column, key), own in lines.items():
        kind = next((one for line in own if (one := machine_type(line["ChargeDescription"] or ""))), None)
        names = {key, key.rpartition("/")[2], key.rpartition(":")[2], *(line["ResourceName"] or key for line in own)}
        hosts = frozenset(names) | tagged.get(key, frozenset())
        if kind is not None or not known.isdisjoint(hosts):
            found.append(Machine(key, column, tuple(own), kind, _payments(own, ends), hosts))
    return tuple(sorted(found, key=lambda one: one.key))


def is_hourly(line: Line) -> bool:
    return "hour" in (line["ConsumedUnit"] or "").lower() and line["x_TokenType"] is None


def cash_of(line: Line) -> Cash:
    """What less of a line saves."""
    is_committed = line["PricingCategory"] == COMMITTED or line["CommitmentDiscountStatus"] is not None
    return "capacity" if is_committed else "cash"


def _payments(lines: Sequence[Line], ends: Mapping[str, date]) -> tuple[Payment, ...]:
    parts: dict[tuple[Cash, str | None], list[Line]] = defaultdict(list)
    for line in lines:
        parts[cash_of(line), line["CommitmentDiscountId"]].append(line)
    return tuple(
        Payment(cash, tuple(own), commitment, ends.get(commitment or ""))
        for (cash, commitment), own in sorted(parts.items(), key=lambda part: (part[0][0] != "cash", part[0][1] or ""))
    )


def _hosts_by_tag(ctx: ToolContext) -> dict[str, frozenset[str]]:
    """ResourceId → the hosts that its tags name."""
    keys = [key for key in ctx.store.tag_keys() if key.lower() in HOST_TAGS]
    found: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        host = 'json_extract_string("Tags", ?)'
        sql = f'SELECT DISTINCT "ResourceId", {host} FROM charges WHERE "ResourceId" IS NOT NULL AND {host} IS NOT NULL'
        path = f'$."{key}"'
        for resource, name in ctx.store.query(sql, (path, path)).rows:
            found[resource].add(name)
    return {resource: frozenset(names) for resource, names in found.items()}
