"""Failed requests, and those sent again at once though the first was answered."""

from datetime import timedelta
from decimal import Decimal

from evals.savings.levers.response_cache import answered, gaps
from evals.savings.rows import name_of, total
from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    retry = timedelta(seconds=facts("llm_facts.yaml")["response_cache"]["retry_seconds"])
    found = {}
    for key, rows in world.slices.items():
        wasted = total(row for row in rows if not answered(row))
        wasted += total(row for row, gap in gaps(rows) if gap is not None and gap <= retry)
        if wasted > 0 and wasted >= total(rows) / 200:
            found[name_of(key)] = wasted
    return found
