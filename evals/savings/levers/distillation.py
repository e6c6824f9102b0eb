"""Narrow work on a trained small model, less a month's part of its training."""

from decimal import Decimal

from evals.savings.rows import name_of, total
from evals.savings.world import World, facts
from tools.pricing.providers import developer_of

MILLION = Decimal(1_000_000)


def expected(world: World) -> dict[str, Decimal]:
    rules = facts("own_models.yaml")["distillation"]
    found = {}
    for key, rows in world.on_demand.items():
        provider, model, use_case = key[0], key[1] or "", key[3]
        requests = sum((row.requests or 0 for row in rows), Decimal(0))
        if use_case not in rules["work"] or not requests or model.startswith("ft:"):
            continue
        best = Decimal(0)
        for student in rules["students"]:
            if student["developer"] == provider == developer_of(model) and student["model"] != model:
                there = sum(
                    (row.quantity * _price(student, row["x_TokenType"]) for row in rows if row.cost), Decimal(0)
                )
                tokens = sum((row.quantity for row in rows), Decimal(0)) / requests
                training = tokens * rules["examples"] * rules["epochs"] * Decimal(student["training"]) / MILLION
                best = max(best, total(rows) - there - training / rules["months"])
        if best > 0:
            found[name_of(key)] = best
    return found


def _price(student: dict[str, str], kind: str | None) -> Decimal:
    name = {"cached_input": "cached_input", "output": "output", "reasoning": "output"}.get(kind or "", "input")
    return Decimal(student[name]) / MILLION
