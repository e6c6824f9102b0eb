"""Priority at the standard price, and what can wait at the flex price."""

from decimal import Decimal

from evals.savings.rows import SLICE, name_of, total
from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    waiting = [(SLICE.index(row["by"]), row["value"]) for row in facts("waiting_work.yaml")["work"]]
    found = {}
    for key, rows in world.slices.items():
        moves = [("priority", "standard")]
        if any(key[index] == value for index, value in waiting):
            moves.append(("standard", "flex"))
        for here, there in moves:
            mine = [row for row in rows if row["x_ServiceTier"] == here]
            if not mine or world.own_price(key[0] or "", key[1] or "", there, "input") is None:
                continue
            kinds = {row["x_TokenType"] or "" for row in mine}
            prices = {kind: world.price(key[0] or "", key[1] or "", there, kind) for kind in kinds}
            if None not in prices.values():
                then = sum((row.quantity * (prices[row["x_TokenType"] or ""] or 0) for row in mine), Decimal(0))
                found[f"{name_of(key)}/{here}"] = total(mine) - then
    return {target: saving for target, saving in found.items() if saving > 0}
