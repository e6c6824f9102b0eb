"""Machine hours that are needed when each machine always carries what it carried in a busy hour at a usual latency."""

from collections import defaultdict
from decimal import ROUND_CEILING, Decimal
from statistics import median

from evals.savings.rows import total
from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    slower = Decimal(facts("own_models.yaml")["serving_batching"]["slower"])
    found = {}
    for model, machines in world.machines.items():
        nodes: dict[str, Decimal] = defaultdict(Decimal)
        for row in machines:
            nodes[f"{row.at:%Y-%m-%d}"] += row.quantity / 24
        hours: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for row in world.rows:
            if row["x_Model"] == model and row["x_TokenType"] and row.for_usage and row.requests:
                if row["x_LatencySeconds"]:
                    hours[f"{row.at:%Y-%m-%d %H}"][0] += row.requests * Decimal(row["x_LatencySeconds"])
                hours[f"{row.at:%Y-%m-%d %H}"][1] += row.requests
        used = [
            (busy / 3600, busy / count, nodes[hour[:10]])
            for hour, (busy, count) in hours.items()
            if busy and nodes[hour[:10]]
        ]
        if len(used) < 48:
            continue
        usual = median(latency for _, latency, _ in used)
        full = max(flying / count for flying, latency, count in used if latency <= usual * slower)
        needed = sum(max((flying / full).to_integral_value(ROUND_CEILING), Decimal(1)) for flying, _, _ in used)
        needed += 24 * (world.end - world.start).days - len(used)
        paid = sum((row.quantity for row in machines), Decimal(0))
        if needed < paid * Decimal("0.95"):
            found[model] = total(machines) * (1 - needed / paid)
    return found
