"""Hosting and provisioned throughput of models that the provider's usage does not name."""

from collections import defaultdict
from decimal import Decimal

from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    rules = facts("own_models.yaml")["standing"]
    words = (*rules["provisioned"], *rules["hosting"])
    asked: dict[str | None, set[str | None]] = defaultdict(set)
    for row in (one for one in world.rows if one["x_TokenType"] and one.for_usage):
        asked[row["HostProviderName"]].add(row["x_Model"])
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in world.others:
        named = (row["ChargeDescription"] or "").lower()
        seller = row["HostProviderName"]
        is_standing = any(word in named for word in words)
        if is_standing and asked.get(seller) and row["x_Model"] and row["x_Model"] not in asked[seller]:
            parts = (seller, row["ServiceName"], row["ResourceId"], row["ChargeDescription"], row["x_Model"])
            found["/".join(part or "" for part in parts)] += row.priced
    return {target: saving for target, saving in found.items() if saving > 0}
