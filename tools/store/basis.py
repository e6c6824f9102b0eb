"""Which cost basis counts where several cover one provider and day.

An invoice, the provider's own usage records and a gateway's estimate may all tell of the same consumption. One of them
counts; the others stay in the store for reconciliation.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from tools.domain.focus import COST_BASES
from tools.domain.period import Period
from tools.domain.query import CostBasis
from tools.store.engine import text
from tools.store.manifest import Coverage, Segment

ALIASES: Mapping[str, str] = {
    "amazon web services": "aws",
    "amazon web services, inc.": "aws",
    "amazon": "aws",
    "amazon bedrock": "aws",
    "microsoft azure": "microsoft",
    "microsoft corporation": "microsoft",
    "azure": "microsoft",
    "google": "google cloud",
    "gcp": "google cloud",
    "google cloud platform": "google cloud",
    "openai, llc": "openai",
    "openai, inc.": "openai",
    "openai opco, llc": "openai",
    "anthropic, pbc": "anthropic",
    "oracle cloud infrastructure": "oracle",
    "oci": "oracle",
}
"""Ways to write a provider's name, in lower case → the one that is compared."""


class BasisPolicy(BaseModel):
    """Which basis counts first; `providers` overrides the order for one provider."""

    model_config = ConfigDict(frozen=True)

    order: tuple[CostBasis, ...] = COST_BASES  # type: ignore[assignment]
    providers: Mapping[str, tuple[CostBasis, ...]] = Field(default_factory=dict)

    def ranks(self, provider: str) -> dict[str, int]:
        """Basis → its place for a canonical provider; one that the order leaves out comes last."""
        own = {canonical(name): order for name, order in self.providers.items()}
        order = own.get(provider, self.order)
        return {basis: order.index(basis) if basis in order else len(order) for basis in COST_BASES}


class Exclusion(NamedTuple):
    """Rows of `basis` with one of `names` on these days do not count, because `winner` does; `last` is inclusive."""

    measure: str
    basis: str
    winner: str
    provider: str
    names: tuple[str, ...]
    first: date
    last: date


def canonical(name: str) -> str:
    lowered = " ".join(name.lower().split())
    return ALIASES.get(lowered, lowered)


def find_exclusions(segments: Sequence[Segment], policy: BasisPolicy) -> tuple[Exclusion, ...]:
    """The overlaps of a generation; () for the common case that each provider and day has one basis."""
    covers = [cover for segment in segments for cover in segment.coverage]
    if len({cover.basis for cover in covers}) < 2:
        return ()
    spelled: dict[str, set[str]] = defaultdict(set)
    for cover in covers:
        for name in cover.names:
            spelled[canonical(name)].add(name)
    found = []
    for provider in sorted(spelled):
        own = [cover for cover in covers if provider in {canonical(name) for name in cover.names}]
        names = tuple(sorted(spelled[provider]))
        found += _exclusions_of(provider, names, own, policy.ranks(provider), "cost")
        found += _exclusions_of(provider, names, own, policy.ranks(provider), "usage")
    return tuple(found)


def _exclusions_of(
    provider: str, names: tuple[str, ...], covers: Sequence[Coverage], ranks: Mapping[str, int], measure: str
) -> list[Exclusion]:
    days: dict[str, set[date]] = defaultdict(set)
    for cover in covers:
        if cover.has_cost if measure == "cost" else cover.has_usage:
            days[cover.basis].update(_each_day(cover.first, cover.last))
    found, taken = [], dict[date, str]()
    for basis in sorted({cover.basis for cover in covers}, key=_order(covers, ranks, measure)):
        covered = set().union(*(_each_day(cover.first, cover.last) for cover in covers if cover.basis == basis))
        for winner in dict.fromkeys(taken.values()):
            lost = [day for day in covered if taken.get(day) == winner]
            found += [Exclusion(measure, basis, winner, provider, names, *span) for span in _spans(lost)]
        for day in days[basis]:
            taken.setdefault(day, basis)
    return found


def _order(covers: Sequence[Coverage], ranks: Mapping[str, int], measure: str) -> Callable[[str], tuple[bool, int]]:
    """Cost goes by rank. For tokens and requests the records that have both come before an invoice's token lines:
    were those to count, every request of the days they cover would be lost."""
    with_requests = {cover.basis for cover in covers if cover.has_requests} if measure == "usage" else set()
    return lambda basis: (measure == "usage" and basis not in with_requests, ranks[basis])


def _each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def counts_for_cost(exclusions: Sequence[Exclusion], day: str) -> str:
    """A SQL boolean over the rows of `charges` or `daily`; `day` is the expression of the charge's day."""
    conditions = [_condition(one, day) for one in exclusions if one.measure == "cost"]
    return f"NOT ({' OR '.join(conditions)})" if conditions else "true"


def counts_for_usage(exclusions: Sequence[Exclusion], day: str) -> str:
    """Token rows follow the best basis that has tokens; other rows follow the cost."""
    if not exclusions:
        return "true"
    conditions = [_condition(one, day) for one in exclusions if one.measure == "usage"]
    tokens = '("x_TokenType" IS NOT NULL OR COALESCE("ConsumedUnit" = \'Tokens\', false) OR "x_Requests" IS NOT NULL)'
    kept = f"NOT ({' OR '.join(conditions)})" if conditions else "true"
    return f"CASE WHEN {tokens} THEN {kept} ELSE {counts_for_cost(exclusions, day)} END"


def _condition(one: Exclusion, day: str) -> str:
    names = ", ".join(text(name) for name in one.names)
    # IN gives NULL for a missing name, and NOT NULL is no answer to whether a row counts.
    return (
        f'(COALESCE("x_CostBasis" = {text(one.basis)} AND ("HostProviderName" IN ({names}) OR '
        f"\"ServiceProviderName\" IN ({names})) AND {day} BETWEEN DATE '{one.first}' AND DATE '{one.last}', false))"
    )


def describe(exclusions: Sequence[Exclusion]) -> tuple[str, ...]:
    """One sentence for each overlap, for caveats."""
    notes = []
    for one in exclusions:
        if one.measure == "cost":
            notes.append(
                f"{one.names[0]}, {one.first} to {one.last}: {_say(one.winner)} counts for cost; "
                f"{_say(one.basis)} covers the same days and is kept for reconciliation"
            )
    return tuple(dict.fromkeys(notes))


def decided(exclusions: Sequence[Exclusion], period: Period) -> tuple[str, ...]:
    """For answers over a period: one sentence on which basis counted where others cover the same days."""
    won: dict[str, set[str]] = defaultdict(set)
    for one in exclusions:
        if one.measure == "cost" and one.first < period.end and one.last >= period.start:
            won[one.winner].add(one.names[0])
    if not won:
        return ()
    parts = [f"{_say(basis)} counts for {_listed(sorted(won[basis]))}" for basis in COST_BASES if basis in won]
    return (f"where several bases cover a day, {_listed(parts)}; the others are kept for reconciliation",)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _say(basis: str) -> str:
    return {"invoice": "the invoice", "provider_usage": "the provider's usage", "estimate": "the estimate"}.get(
        basis, "the allocation"
    )
