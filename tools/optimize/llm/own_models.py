"""Facts about self-hosted and trained models: knowledge/own_models.yaml, typed."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gain(_Fact):
    """Factors of throughput."""

    low: Decimal
    expected: Decimal
    high: Decimal


class Quantization(_Fact):
    """What eight bits instead of sixteen bring, and where."""

    gain: Gain
    gpus: tuple[str, ...]
    quantized_names: tuple[str, ...]
    native_8_bits: tuple[str, ...]
    source: str
    checked: date


class ServingBatching(_Fact):
    """How slow a busy hour may be, and how much more than what was needed is kept."""

    slower: Decimal
    headroom: Decimal
    source: str
    checked: date


class Student(_Fact):
    """A model that can be trained at a provider; prices are for a million tokens of the trained model."""

    developer: str
    model: str
    currency: str
    training: Decimal
    input: Decimal
    cached_input: Decimal
    output: Decimal
    source: str
    checked: date

    def price(self, kind: str) -> Decimal:
        """What a token type costs for a million."""
        if kind == "cached_input":
            return self.cached_input
        return self.output if kind in ("output", "reasoning") else self.input


class Distillation(_Fact):
    """Which work is narrow enough, and what training takes."""

    work: tuple[str, ...]
    examples: int
    epochs: int
    months: int
    """Until it has to be trained again."""
    source: str
    checked: date
    students: tuple[Student, ...]


class Standing(_Fact):
    """Words in the descriptions of charges that stand whether a model is asked or not."""

    provisioned: tuple[str, ...]
    hosting: tuple[str, ...]
    source: str
    checked: date

    def kind(self, description: str) -> Literal["provisioned throughput", "model hosting"] | None:
        written = description.lower()
        if any(word in written for word in self.provisioned):
            return "provisioned throughput"
        return "model hosting" if any(word in written for word in self.hosting) else None


class OwnModels(_Fact):
    """The whole file."""

    quantization: Quantization
    serving_batching: ServingBatching
    distillation: Distillation
    standing: Standing


@cache
def own_models() -> OwnModels:
    """Read and check the file."""
    return OwnModels.model_validate(yaml.safe_load(knowledge.read("own_models.yaml")))
