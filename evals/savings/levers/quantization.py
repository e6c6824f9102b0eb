"""The machines that are left over when each serves as much more as eight bits bring; the dearest uncommitted first."""

from collections import defaultdict
from decimal import ROUND_CEILING, Decimal

from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    rules = facts("own_models.yaml")["quantization"]
    found = {}
    for model, rows in world.machines.items():
        is_small = any(word in model for word in rules["quantized_names"]) or model.startswith(
            tuple(rules["native_8_bits"])
        )
        if is_small or not all(any(gpu in (row["ChargeDescription"] or "") for gpu in rules["gpus"]) for row in rows):
            continue
        costs: dict[str, Decimal] = defaultdict(Decimal)
        committed = set()
        for row in rows:
            costs[row["ResourceId"] or ""] += row.priced
            if row["CommitmentDiscountStatus"] or row["PricingCategory"] == "Committed":
                committed.add(row["ResourceId"])
        needed = int((len(costs) / Decimal(rules["gain"]["expected"])).to_integral_value(ROUND_CEILING))
        order = sorted(costs, key=lambda name: (name in committed, -costs[name], name))
        found[model] = sum((costs[name] for name in order[: len(costs) - needed]), Decimal(0))
    return {target: saving for target, saving in found.items() if saving > 0}
