"""Machines that serve a model: their lines in a ledger, and whether giving them up lowers a bill."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tools.domain.recommendation import Cash, Edit
from tools.optimize.ledger import Ledger, Line
from tools.optimize.llm.own_models import own_models


@dataclass(frozen=True)
class Machines:
    """All machine hours of one model in the ledger's period."""

    model: str
    lines: tuple[Line, ...]

    @cached_property
    def cost(self) -> Fraction:
        return sum((line.cost for line in self.lines), Fraction(0))

    @property
    def hours(self) -> Fraction:
        return sum((line.quantity for line in self.lines), Fraction(0))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The machines, those that no commitment pays for first, the dearer first."""
        costs: dict[str, Fraction] = defaultdict(Fraction)
        for line in self.lines:
            costs[_name(line)] += line.cost
        committed = {_name(line) for line in self.lines if is_committed(line)}
        return tuple(sorted(costs, key=lambda name: (name in committed, -costs[name], name)))

    @property
    def owner(self) -> str | None:
        return next((line["x_Team"] for line in self.lines if line["x_Team"]), None)

    @property
    def provider(self) -> str | None:
        return self.lines[0]["HostProviderName"]

    def named(self, names: Collection[str]) -> "Machines":
        """Some of them."""
        return Machines(self.model, tuple(line for line in self.lines if _name(line) in names))

    def cash(self) -> Cash:
        """`capacity` where a commitment pays for some of them: its fee goes on without them."""
        return "capacity" if any(is_committed(line) for line in self.lines) else "cash"

    def edit(self, part: Fraction) -> Edit:
        """What is left of their hours."""
        columns = ("x_Model", "ResourceId", "ConsumedUnit")
        return Edit(where={name: tuple({line[name]: None for line in self.lines}) for name in columns}, remaining=part)

    def claim(self) -> frozenset[str]:
        """Claims the machines: of two that stop or change the same one, one is done."""
        return frozenset(self.names)


def machines(ledger: Ledger) -> Mapping[str, Machines]:
    """By model: lines in hours that name one, without throughput and hosting that a seller of tokens provides."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in ledger.lines:
        if line["x_Model"] is not None and _is_machine(line):
            found[line["x_Model"]].append(line)
    return {model: Machines(model, tuple(lines)) for model, lines in found.items()}


def _is_machine(line: Line) -> bool:
    is_hours = line["x_TokenType"] is None and "hour" in (line["ConsumedUnit"] or "").lower()
    return is_hours and own_models().standing.kind(line["ChargeDescription"] or "") is None


def is_committed(line: Line) -> bool:
    return line["CommitmentDiscountStatus"] is not None or line["PricingCategory"] == "Committed"


def freed_note(lines: Sequence[Line]) -> str:
    """What a saving on these machines is, in words."""
    if any(is_committed(line) for line in lines):
        return "a commitment pays for these machines: the bill falls when it ends, or where they take over other work"
    return "no commitment pays for these machines: the bill falls with their hours"


def _name(line: Line) -> str:
    return line["ResourceId"] or line["ResourceName"] or line["ChargeDescription"] or ""
