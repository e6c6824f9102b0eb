"""Work that can wait, at the batch price of its model."""

from decimal import Decimal

from evals.savings.rows import SLICE, name_of, total
from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    waiting = [(SLICE.index(row["by"]), row["value"]) for row in facts("waiting_work.yaml")["work"]]
    found = {}
    for key, rows in world.on_demand.items():
        provider, model = key[0] or "", key[1] or ""
        prices = {row["x_TokenType"]: world.price(provider, model, "batch", row["x_TokenType"] or "") for row in rows}
        if not any(key[index] == value for index, value in waiting) or None in prices.values():
            continue
        if world.own_price(provider, model, "batch", "input") is None:
            continue
        there = sum((row.quantity * (prices[row["x_TokenType"]] or 0) for row in rows), Decimal(0))
        found[name_of(key)] = total(rows) - there
    return {target: saving for target, saving in found.items() if saving > 0}
