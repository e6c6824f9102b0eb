"""How many tokens a request takes now, and took in the days before, by slice; what an excess costs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tools.inform.scenario.usage import TokenType
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.slices import SLICE, Slice, percent, saving_of, slice_id, slices
from tools.registry import ToolContext

BASELINE_DAYS = 90
LEAST_DAYS = 14
"""Days with usage without which there is nothing to compare with."""
LEAST_DRIFT = Fraction(11, 10)
"""Smaller changes are the noise of what people ask."""
NEEDED = f"token usage that counts requests (--map COLUMN=requests), for {BASELINE_DAYS} days before the period too"
WORK = tuple(SLICE.index(name) for name in ("x_UseCase", "x_Team", "x_Environment"))


@dataclass(frozen=True)
class Spell:
    """Tokens and requests over some days, and of the shortest and longest week by tokens a request."""

    tokens: Fraction
    requests: Fraction
    days: int
    weeks: tuple[Fraction, ...]

    @property
    def each(self) -> Fraction:
        return self.tokens / self.requests

    def plus(self, other: "Spell") -> "Spell":
        return Spell(
            self.tokens + other.tokens,
            self.requests + other.requests,
            max(self.days, other.days),
            (*self.weeks, *other.weeks),
        )


@dataclass(frozen=True)
class Drift:
    """A slice whose requests take more tokens than before."""

    slice: Slice
    before: Spell
    now: Spell
    like: str
    """What `before` is of: the same model, or the use case on any model."""

    @property
    def ratio(self) -> Fraction:
        return self.now.each / self.before.each

    def left(self, each: Fraction) -> Fraction:
        """What is left of the tokens when a request takes `each` again; never more than now."""
        return min(each / self.now.each, Fraction(1))


def can_compare(ctx: ToolContext, ledger: Ledger) -> Preflight:
    """Whether requests are counted in the period and before it."""
    if not any(line.requests for line in ledger.tokens):
        return Preflight(NEEDED)
    first = ctx.store.loaded_from
    return READY if first is not None and first < ledger.period.start else Preflight(NEEDED)


def told(drift: Drift, what: str) -> str:
    """The drift in words."""
    return (
        f"a request takes {float(drift.now.each):,.0f} {what} tokens, {float(drift.before.each):,.0f} in the "
        f"{BASELINE_DAYS} days before {drift.like}: {percent(drift.ratio - 1)} more, over "
        f"{float(drift.now.requests):,.0f} requests"
    )


def saving_at(ledger: Ledger, drift: Drift, kinds: Sequence[TokenType], each: Fraction) -> Decimal:
    one = drift.slice
    return saving_of(ledger, one, (one.edit(drift.left(each), kinds),))


def drifts(ctx: ToolContext, ledger: Ledger, kinds: Sequence[TokenType]) -> Sequence[Drift]:
    """Slices whose counted requests take over LEAST_DRIFT times the tokens of the BASELINE_DAYS before the period."""
    now, before = _spells(ctx, ledger, kinds)
    by_work = _by_work(before)
    found = []
    for one in slices(ledger):
        past, like = before.get(one.id), f"on {one.model}"
        if past is None or past.days < LEAST_DAYS:
            past, like = by_work.get(_work(one.id)), "on other models"
        if past is None or past.days < LEAST_DAYS or one.id not in now or not past.tokens:
            continue
        drift = Drift(one, past, now[one.id], like)
        if drift.ratio > LEAST_DRIFT:
            found.append(drift)
    return found


def _by_work(spells: Mapping[str, Spell]) -> Mapping[tuple[str, ...], Spell]:
    found: dict[tuple[str, ...], Spell] = {}
    for key, spell in spells.items():
        work = _work(key)
        found[work] = found[work].plus(spell) if work in found else spell
    return found


def _work(key: str) -> tuple[str, ...]:
    parts = key.split("\x1f")
    return tuple(parts[index] for index in WORK)


def _spells(
    ctx: ToolContext, ledger: Ledger, kinds: Sequence[TokenType]
) -> tuple[Mapping[str, Spell], Mapping[str, Spell]]:
    """In the period, and before it, by slice id; only of days on which requests were counted."""
    names = ", ".join(f"'{kind}'" for kind in kinds)
    sql = f"""
WITH given AS (SELECT CAST(? AS DATE) AS first, CAST(? AS DATE) AS start, CAST(? AS DATE) AS after),
days AS (
    SELECT {slice_id(ctx)} AS slice, "ChargeDay" >= start AS is_now, "ChargeDay" AS day,
        SUM("ConsumedQuantity") FILTER ("x_TokenType" IN ({names})) AS tokens, SUM("x_Requests") AS requests
    FROM daily, given
    WHERE "ChargeDay" >= first AND "ChargeDay" < after AND "x_CountsForUsage" AND "x_TokenType" IS NOT NULL
    GROUP BY ALL HAVING SUM("x_Requests") > 0
)
SELECT slice, is_now, date_diff('day', start, day) // 7 AS week, SUM(tokens), SUM(requests), COUNT(DISTINCT day)
FROM days, given GROUP BY ALL ORDER BY ALL
""".strip()
    period = ledger.period
    first = period.start - timedelta(days=BASELINE_DAYS)
    spells: tuple[dict[str, Spell], dict[str, Spell]] = ({}, {})
    weeks: dict[tuple[bool, str], list[tuple[Fraction, Fraction, int]]] = defaultdict(list)
    for slice_, is_now, _, tokens, requests, days in ctx.store.query(sql, (first, period.start, period.end)).rows:
        weeks[is_now, slice_].append((Fraction(tokens or 0), Fraction(requests), int(days)))
    for (is_now, slice_), rows in weeks.items():
        spells[0 if is_now else 1][slice_] = Spell(
            tokens=sum((tokens for tokens, _, _ in rows), Fraction(0)),
            requests=sum((requests for _, requests, _ in rows), Fraction(0)),
            days=sum(days for _, _, days in rows),
            weeks=tuple(tokens / requests for tokens, requests, _ in rows),
        )
    return spells
