"""Questions asked again: the hash was answered before for the same caller, less than a day ago and not just now."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from evals.savings.rows import Row, name_of
from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    rules = facts("llm_facts.yaml")["response_cache"]
    ttl, retry = timedelta(seconds=rules["ttl_seconds"]["expected"]), timedelta(seconds=rules["retry_seconds"])
    found = {}
    for key, rows in world.slices.items():
        saved, repeated = Decimal(0), Decimal(0)
        for row, gap in gaps(rows):
            if gap is not None and retry < gap <= ttl:
                saved += row.priced
                repeated += row.requests or 0
        if saved > 0 and repeated >= sum((row.requests or 0 for row in rows), Decimal(0)) / 100:
            found[name_of(key)] = saved
    return found


def gaps(rows: list[Row]) -> list[tuple[Row, timedelta | None]]:
    """Each row of an answered request, and how long before it the last answered one with its hash was."""
    times: dict[str, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        if row["x_RequestHash"] and answered(row):
            times[row["x_RequestHash"]].append(row.at)
    made = []
    for row in rows:
        if answered(row):
            before = [at for at in times.get(row["x_RequestHash"] or "", []) if at < row.at]
            made.append((row, row.at - max(before) if before else None))
    return made


def answered(row: Row) -> bool:
    return row["x_Status"] in (None, "ok")
