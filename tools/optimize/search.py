"""Every lever over one ledger: what each finds, and what all of it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.domain.errors import UnknownName
from tools.domain.period import Period
from tools.domain.recommendation import Recommendation
from tools.optimize.ledger import Ledger, read_ledger
from tools.optimize.lever import Lever
from tools.optimize.levers import LEVERS
from tools.optimize.portfolio import Portfolio, combine, valued
from tools.registry import ToolContext


@dataclass(frozen=True)
class Found:
    """All that the levers found in a ledger, and what kept some of them from judging."""

    ledger: Ledger
    portfolio: Portfolio
    set_aside: tuple[Recommendation, ...]
    """Those that a person has decided on already."""
    missing: Mapping[str, str]
    """Levers that can't judge → what they need."""

    @property
    def everything(self) -> tuple[Recommendation, ...]:
        """Taken, alternative or decided on."""
        taken = tuple(one.recommendation for one in self.portfolio.taken)
        return (*taken, *self.portfolio.alternatives, *self.set_aside)


def savings(ctx: ToolContext, period: Period | None = None, lever: str | None = None) -> Found:
    """Run the levers: usage first, then rates on the usage that is left. Raises NoData without charges."""
    ledger = read_ledger(ctx, period)
    wanted = [one for one in LEVERS if lever in (None, one.name)]
    missing: dict[str, str] = {}
    usage = _find(ctx, ledger, [one for one in wanted if one.phase == "usage"], missing)
    decided = [one for one in usage if one.status != "open"]
    portfolio = combine(ledger, [one for one in usage if one.status == "open"])
    left = ledger.after([edit for one in portfolio.taken for edit in one.recommendation.edits])
    rates = _find(ctx, left, [one for one in wanted if one.phase == "rate"], missing)
    decided += [one for one in rates if one.status != "open"]
    if any(one.status == "open" for one in rates):
        portfolio = portfolio.then(combine(left, [one for one in rates if one.status == "open"], portfolio.taken))
    return Found(ledger, portfolio, tuple(decided), missing)


def recommendation_named(ctx: ToolContext, key: str) -> Recommendation:
    """The recommendation of an id, as it is found now. Raises UnknownName when no lever finds it, NoData."""
    everything = savings(ctx).everything
    found = next((one for one in everything if one.id == key), None)
    if found is None:
        raise UnknownName("recommendation", key, [one.id for one in everything])
    return found


def _find(ctx: ToolContext, ledger: Ledger, levers: Sequence[Lever], missing: dict[str, str]) -> list[Recommendation]:
    found: list[Recommendation] = []
    for lever in levers:
        preflight = lever.preflight(ctx, ledger)
        if preflight.missing is not None:
            missing[lever.label] = preflight.missing
        else:
            found += lever.find(ctx, ledger)
    decisions = ctx.recommendation_status
    return [one.model_copy(update={"status": decisions.get(one.id, "open")}) for one in valued(ledger, found)]
