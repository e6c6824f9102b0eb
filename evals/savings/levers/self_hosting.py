"""Own machines against the same tokens at list price; and bought tokens of a model that own machines have room for."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from evals.savings.rows import name_of, total
from evals.savings.world import World


def expected(world: World) -> dict[str, Decimal]:
    found = {}
    for model, machines in world.machines.items():
        served = [row for row in world.rows if row["x_Model"] == model and row["x_CostBasis"] == "estimate"
                  and row.for_usage and row["ConsumedUnit"] == "Tokens"]  # fmt: skip
        if not served:
            continue
        if all(row.cost is not None for row in served):
            found[f"buy {model}"] = total(machines) - total(served)
        by_hour: dict[datetime, Decimal] = defaultdict(Decimal)
        for row in served:
            by_hour[row.at.replace(minute=0, second=0, microsecond=0)] += row.quantity
        room = max(by_hour.values()) * 24 * (world.end - world.start).days - sum(by_hour.values())
        bought = {key: rows for key, rows in world.slices.items() if key[1] == model}
        tokens = sum((row.quantity for rows in bought.values() for row in rows), Decimal(0))
        for key, rows in bought.items():
            found[f"serve {name_of(key)}"] = total(rows) * min(room / tokens, Decimal(1))
    return {target: saving for target, saving in found.items() if saving > 0}
