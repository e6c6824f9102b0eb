"""Answers that take over a tenth more tokens than in the ninety days before, back to what they took."""

from decimal import Decimal

from evals.savings.levers import prompt_length
from evals.savings.world import World


def expected(world: World) -> dict[str, Decimal]:
    return prompt_length.expected(world, ("output", "reasoning"))
