"""Instance types and accelerators as plans name them: which card, how many."""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from tools.inform.gpus.cards import card_named
from tools.inform.scenario.gpus import machine_type
from tools.optimize.gpu.prices import all_offers


class Holds(NamedTuple):
    """The GPUs of an instance type."""

    card: str
    gpus: int


class NamedCard(NamedTuple):
    """A card, and the memory of one GPU in GiB where its name says it."""

    card: str
    memory_gib: Decimal | None


@cache
def gpus_of(instance: str) -> Holds | None:
    """What an instance type holds; ml.p5.48xlarge of SageMaker what p5.48xlarge does. None: not known to have GPUs."""
    plain = instance.lower().removeprefix("ml.")
    offered = next((one for one in all_offers() if one.instance.lower() == plain), None)
    if offered is not None:
        return Holds(offered.card, offered.count)
    known = machine_type(plain)
    return Holds(known.kind, known.gpus) if known is not None and known.instance == plain else None


@cache
def named_card(text: str) -> NamedCard | None:
    """`nvidia-tesla-t4`, `NVIDIA-A100-SXM4-80GB`, `h100`, `nvidia_a100_80gb`; None where no known card is named."""
    card = card_named(re.sub(r"[^A-Za-z0-9]+", " ", text))
    if card is None:
        return None
    memory = re.search(
        r"(?<![A-Za-z0-9.])(\d{2,3})\s?gi?b?(?![A-Za-z0-9])", text.replace("-", " ").replace("_", " "), re.I
    )
    return NamedCard(card.card, Decimal(memory[1]) if memory else None)
