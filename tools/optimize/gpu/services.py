"""Machines that do the same for the same team: what may be scaled, or packed, together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.domain.recommendation import Cash, Edit, Recommendation
from tools.optimize.gpu.advice import Advice, drafted
from tools.optimize.gpu.fleet import Sampled
from tools.optimize.gpu.machines import Payment
from tools.optimize.gpu.telemetry import Member
from tools.optimize.ledger import Ledger
from tools.registry import ToolContext

ALIKE = ("HostProviderName", "RegionId", "x_Team", "x_Project", "x_Environment", "x_Model")


@dataclass(frozen=True)
class Group:
    """Machines of one kind. `name` is for people, `target` the same from month to month."""

    name: str
    target: str
    members: tuple[Sampled, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.machine.key for one in self.members)

    @property
    def instance_gpus(self) -> int:
        """GPUs of one instance; of a machine that the bill does not describe, all that were seen."""
        first = self.members[0]
        return first.machine.type.gpus if first.machine.type else first.samples.gpus

    def expected_gpu_hours(self, cash: Cash) -> Fraction:
        """Charged GPU-hours of the machines that are paid so."""
        return sum((one.expected_gpu_hours for one in self.members if paid_as(one) == cash), Fraction(0))

    def payment(self, cash: Cash) -> Payment | None:
        """All lines of all its machines that are paid so; of a commitment the first one's name."""
        own = [pay for one in self.members if paid_as(one) == cash for pay in one.machine.payments if pay.cash == cash]
        if not own:
            return None
        return Payment(cash, tuple(line for pay in own for line in pay.lines), own[0].commitment, own[0].ends)

    def edits(self, cash: Cash, remaining: Fraction) -> tuple[Edit, ...]:
        return tuple(
            edit
            for one in self.members
            if paid_as(one) == cash
            for pay in one.machine.payments
            if pay.cash == cash
            for edit in one.machine.edits(pay, remaining)
        )

    def recommended(
        self, ctx: ToolContext, ledger: Ledger, cash: Cash, payment: Payment, advice: Advice
    ) -> Recommendation:
        """The advice for those of its machines that are paid so."""
        target = self.target if cash == "cash" else f"{self.target}/{payment.commitment or cash}"
        edits = self.edits(cash, 1 - advice.avoided)
        return drafted(ctx, ledger, payment, advice, edits, target, *self.keys).model_copy(
            update={"resource_id": self.keys[0] if len(self.keys) == 1 else None}
        )


def paid_as(one: Sampled) -> Cash:
    """`cash` only for a machine all of whose lines are paid as they run."""
    return "cash" if all(pay.cash == "cash" for pay in one.machine.payments) else "capacity"


def groups(fleet: Iterable[Sampled]) -> list[Group]:
    """Machines of the same card, count, place, team, project, environment and model together."""
    found: dict[tuple[object, ...], list[Sampled]] = defaultdict(list)
    for one in fleet:
        kind = one.machine.type
        key = (kind, *(one.machine.one(column) for column in ALIKE)) if kind else (one.machine.key,)
        found[key].append(one)
    return [Group(_named(own), _target(key, own), tuple(own)) for key, own in found.items()]


def members(found: Sequence[Group]) -> dict[str, Member]:
    """Host → its group, by the group's first machine."""
    return {one.samples.host: Member(group.keys[0], paid_as(one)) for group in found for one in group.members}


def _target(key: Sequence[object], own: Sequence[Sampled]) -> str:
    kind = own[0].machine.type
    if len(own) == 1 or kind is None:
        return own[0].machine.key
    return "/".join([f"{kind.gpus}x{kind.kind}", *(str(value) for value in key[1:] if value)])


def _named(own: Sequence[Sampled]) -> str:
    if len(own) == 1:
        return own[0].machine.name
    first = own[0].machine
    what = first.one("x_Model") or first.one("x_Project") or first.one("x_Team") or "one team"
    kind = f" ({first.type.gpus} x {first.type.kind})" if first.type else ""
    return f"the {len(own)} machines of {what}{kind}"
