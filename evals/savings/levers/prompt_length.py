"""Prompts that take over a tenth more tokens than in the ninety days before, back to what they took."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from evals.savings.rows import Row, name_of
from evals.savings.world import World

KINDS: tuple[str, ...] = ("input", "cached_input", "cache_write")


def expected(world: World, kinds: tuple[str, ...] = KINDS) -> dict[str, Decimal]:
    before: dict[tuple[str | None, ...], list[Row]] = defaultdict(list)
    for row in world.before:
        if row["x_TokenType"] and row.for_usage:
            before[row.slice].append(row)
    found = {}
    for key, rows in world.slices.items():
        past = before.get(key, [])
        if _days(past) < 14:
            alike = [mine for other, mine in before.items() if other[3:] == key[3:]]
            past = [row for mine in alike for row in mine] if any(_days(mine) >= 14 for mine in alike) else []
        then, now = _each(past, kinds), _each(_counted_usage(world, key), kinds)
        if then and now and now > then * Decimal("1.1"):
            cost = sum((row.priced for row in rows if row["x_TokenType"] in kinds), Decimal(0))
            found[name_of(key)] = cost * (1 - then / now)
    return {target: saving for target, saving in found.items() if saving > 0}


def _counted_usage(world: World, key: tuple[str | None, ...]) -> list[Row]:
    return [row for row in world.rows if row.slice == key and row["x_TokenType"] and row.for_usage]


def _each(rows: list[Row], kinds: tuple[str, ...]) -> Decimal | None:
    """Tokens a request, over the days on which requests were counted."""
    counted = _counted_days(rows)
    requests = sum((row.requests or 0 for row in rows if row.at.date() in counted), Decimal(0))
    tokens = sum((row.quantity for row in rows if row["x_TokenType"] in kinds and row.at.date() in counted), Decimal(0))
    return tokens / requests if requests else None


def _days(rows: list[Row]) -> int:
    return len(_counted_days(rows))


def _counted_days(rows: list[Row]) -> set[date]:
    return {row.at.date() for row in rows if row.requests}
