"""Offers that a bill shows: what commitments in force cost can be asked for again."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from tools.optimize.commitments.hourly import Usage, decimal
from tools.optimize.commitments.offers import Offer

_TERM = re.compile(r"(\d+)[\s-]*(month|year|yr|mo\b)", re.IGNORECASE)
ONE_YEAR = 1


def bill_offers(usages: Sequence[Usage], read_on: date) -> tuple[Offer, ...]:
    """One for each commitment and kind of machine that it covered, at the price per hour that was paid."""
    return tuple(offer for usage in usages for offer in _of(usage, read_on))


def names_term(name: str) -> bool:
    """Whether a commitment's name tells for how long it is."""
    return _TERM.search(name) is not None


def term_of(name: str) -> int:
    """The years that a commitment's name tells; one where it tells none."""
    match = _TERM.search(name)
    if match is None:
        return ONE_YEAR
    count = int(match.group(1))
    years = count if match.group(2).lower().startswith("y") else round(count / 12)
    return min(max(years, 1), 5)


def _of(usage: Usage, read_on: date) -> Iterator[Offer]:
    for (category, commitment, name), (cost, hours) in usage.committed.items():
        if not hours:
            continue
        told = name or commitment
        yield Offer(
            provider=usage.kind.provider,
            kind="savings_plan" if category == "Spend" else "reserved",
            name=told,
            machines=(usage.kind.machine,),
            regions=(usage.kind.region,) if usage.kind.region and category != "Spend" else (),
            term_years=term_of(told),
            rate=decimal(cost / hours),
            currency=usage.kind.currency,
            source=f"the bill: what {told} costs per hour used",
            checked=read_on,
        )
