"""Hours of GPU machines and TPUs that are paid as they run, by purpose: to compare with spot and other places."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from tools.domain.recommendation import Edit
from tools.inform.scenario.gpus import MachineType
from tools.optimize.gpu.machines import DYNAMIC, Payment, cash_of, is_hourly
from tools.optimize.gpu.prices import accelerator
from tools.optimize.ledger import Ledger, Line

TOLD_APART = (
    "HostProviderName", "RegionId", "ChargeDescription", "ResourceId", "PricingCategory", "ConsumedUnit", "x_Team",
    "x_Project", "x_Environment", "x_Workload",
)  # fmt: skip


@dataclass(frozen=True)
class Hourly:
    """Machine hours of one kind, place, resource and purpose, at what an hour was paid with."""

    payment: Payment
    type: MachineType

    def __getitem__(self, column: str) -> str | None:
        return self.payment.lines[0][column]

    @property
    def price(self) -> Fraction:
        return self.payment.cost / self.payment.hours

    @property
    def name(self) -> str:
        """For people: the resource, or what the lines have in common."""
        described = self["ChargeDescription"] or "GPU machines"
        if self["ResourceId"]:
            return f"{self['ResourceId']} ({described})"
        return f"{described} of {self['x_Project'] or self['x_Team'] or 'no team'} in {self['RegionId'] or 'no region'}"

    @property
    def target(self) -> str:
        if self["ResourceId"]:
            return self["ResourceId"]
        return "/".join(self[column] or "" for column in TOLD_APART if column not in ("ResourceId", "ConsumedUnit"))

    def edits(self, remaining: Fraction) -> tuple[Edit, ...]:
        return self.payment.edits(remaining, *TOLD_APART)


def on_demand(ledger: Ledger) -> list[Hourly]:
    """Hours of GPU machines and TPUs on demand that cost something."""
    return [one for one in _hourly(ledger) if one["PricingCategory"] != DYNAMIC]


def spot_hours(ledger: Ledger) -> list[Hourly]:
    """Hours of GPU machines and TPUs that are on spot already."""
    return [one for one in _hourly(ledger) if one["PricingCategory"] == DYNAMIC]


def _hourly(ledger: Ledger) -> list[Hourly]:
    found: dict[tuple[str | None, ...], list[Line]] = defaultdict(list)
    for line in ledger.lines:
        if is_hourly(line) and cash_of(line) == "cash" and line.cost > 0 and line.quantity > 0:
            found[tuple(line[column] for column in TOLD_APART)].append(line)
    kinds = ((own, accelerator(own[0]["ChargeDescription"] or "")) for own in found.values())
    return [Hourly(Payment("cash", tuple(own)), kind) for own, kind in kinds if kind is not None]
