"""A share of the tokens on the next smaller model: all of them where scores allow, none where they forbid."""

from datetime import timedelta
from decimal import Decimal

from evals.savings.rows import name_of, total
from evals.savings.world import World, facts


def expected(world: World) -> dict[str, Decimal]:
    routes = facts("model_routes.yaml")
    smaller: dict[str, str] = {}
    for family in routes["families"]:
        for large, small in zip(family["models"], family["models"][1:], strict=False):
            smaller.setdefault(large, small)
    found = {}
    for key, rows in world.slices.items():
        provider, model, workload, use_case = (key[0] or ""), (key[1] or ""), key[2], key[3]
        if model not in smaller or workload in ("evaluation", "fine_tuning"):
            continue
        lost = _lost(world, model, smaller[model], use_case, routes["score_days"])
        if lost is not None and lost > Decimal(routes["tolerance"]):
            continue
        share = Decimal(routes["share"]["expected"]) if lost is None else Decimal(1)
        there = Decimal(0)
        for row in rows:
            price = world.price(provider, smaller[model], row["x_ServiceTier"], row["x_TokenType"] or "")
            if price is None:
                break
            there += row.quantity * price
        else:
            found[name_of(key)] = share * (total(rows) - there)
    return {target: saving for target, saving in found.items() if saving > 0}


def _lost(world: World, large: str, small: str, use_case: str | None, days: int) -> Decimal | None:
    """The demo's scores are shares of right answers: one metric, more is better."""
    means = []
    for model in (large, small):
        scores = [
            (one.score, one.samples or Decimal(1))
            for one in world.quality
            if one.model == model and one.use_case == use_case and world.today - timedelta(days=days) <= one.day
        ]
        if not scores:
            return None
        means.append(sum(a * b for a, b in scores) / sum(b for _, b in scores))
    return Decimal(means[0] - means[1])
