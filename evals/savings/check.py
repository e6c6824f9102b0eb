"""Runs the levers and holds what they find beside brute force."""

from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec

from evals.savings.joint import joint_cost
from evals.savings.world import World
from tools.domain.recommendation import Recommendation
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Lever
from tools.optimize.portfolio import Portfolio, valued
from tools.registry import ToolContext

MOST = Decimal("0.005")
"""By how much a saving may differ."""
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Checked:
    """One lever in one world. `apart` is the worst difference as a share of what was expected."""

    lever: str
    missing: str | None
    found: int
    saving: Decimal
    expected: Decimal
    apart: Decimal
    only_found: tuple[str, ...]
    only_expected: tuple[str, ...]
    odd_ranges: tuple[str, ...]
    """Recommendations whose saving is not between the ends of its range."""

    @property
    def holds(self) -> bool:
        return self.apart <= MOST and not (self.only_found or self.only_expected or self.odd_ranges)


@dataclass(frozen=True)
class Joint:
    """The portfolio in one world."""

    taken: int
    saving: Decimal
    expected: Decimal
    alone: Decimal
    """What the savings would add up to."""

    @property
    def holds(self) -> bool:
        return abs(self.saving - self.expected) < CENT


def has_brute_force(lever: str) -> bool:
    return find_spec(f"evals.savings.levers.{lever}") is not None


def check_lever(ctx: ToolContext, ledger: Ledger, world: World, lever: Lever) -> Checked:
    """A lever that lacks data finds nothing; then brute force must not find anything either."""
    preflight = lever.preflight(ctx, ledger)
    found = valued(ledger, lever.find(ctx, ledger)) if preflight.can_judge else ()
    savings = {one.target: one.saving for one in found}
    wanted: dict[str, Decimal] = import_module(f"evals.savings.levers.{lever.name}").expected(world)
    both = savings.keys() & wanted.keys()
    checked = Checked(
        lever=lever.name,
        missing=preflight.missing,
        found=len(found),
        saving=sum(savings.values(), Decimal(0)),
        expected=sum(wanted.values(), Decimal(0)),
        apart=max((abs(savings[one] / wanted[one] - 1) for one in both), default=Decimal(0)),
        only_found=tuple(sorted(savings.keys() - both)),
        only_expected=tuple(sorted(wanted.keys() - both)),
        odd_ranges=tuple(one.target for one in found if not _is_in_range(one)),
    )
    return checked


def _is_in_range(one: Recommendation) -> bool:
    slack = Decimal("1e-9")
    low, high = (one.saving if end is None else end for end in (one.low, one.high))
    return low - slack <= one.saving <= high + slack


def check_joint(portfolio: Portfolio, world: World) -> Joint:
    """What every lever there is finds, taken together, on the rows one by one."""
    taken = [one.recommendation for one in portfolio.taken]
    edits = [(edit.where, edit.remaining) for one in taken for edit in one.edits]
    before = joint_cost(world, (), ())
    after = joint_cost(world, edits, [one.added_cost for one in taken])
    alone = sum((one.saving for one in taken), Decimal(0))
    return Joint(len(taken), portfolio.saving, before - after, alone)
