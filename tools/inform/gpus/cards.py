"""knowledge/gpu_cards.yaml: what GPU cards can do by their data sheets."""

from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge


class Card(BaseModel):
    """A card's memory in GiB, its bandwidth in GB/s, and dense 16-bit tensor throughput in TFLOPS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    card: str
    memory_gib: float
    bandwidth_gbs: float
    tflops: float


@cache
def cards() -> dict[str, Card]:
    """By name: H100, A100, L4."""
    rows = yaml.safe_load(knowledge.read("gpu_cards.yaml"))
    return {one.card: one for one in (Card.model_validate(row) for row in rows)}


def card_named(text: str) -> Card | None:
    """The card that a text names: `NVIDIA H100 80GB HBM3` is H100; the longest name that fits. None for no card."""
    words = {word.upper() for word in text.replace("-", " ").replace("_", " ").split()}
    fitting = [one for name, one in cards().items() if name.upper() in words]
    return max(fitting, key=lambda one: len(one.card), default=None)
