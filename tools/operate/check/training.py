"""Training configs: Hugging Face TrainingArguments, axolotl, and a small form of Outlay's own.

training:                      # or outlay:, beside the keys of another tool
  gpus: 16                     # in all; or nodes and gpus_per_node
  card: H100
  hours: 24                    # or [20, 30]; or what follows, from which the hours are reckoned
  parameters: 7e9              # active ones, of a mixture of experts
  tokens: 2e11
  mfu: [0.35, 0.45]            # left out: knowledge/planned_training.yaml
  team: research
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge
from tools.inform.gpus.cards import cards
from tools.operate.check.instances import named_card
from tools.operate.check.numbers import count_of, number_of
from tools.operate.check.options import CheckOptions
from tools.operate.check.planned import Machines, PlannedResource
from tools.operate.check.source import Document, Source
from tools.operate.check.span import Span
from tools.semantic.numbers import EXACT, QUOTIENT

OWN = ("training", "outlay")
HUGGING_FACE = ("per_device_train_batch_size", "gradient_accumulation_steps", "num_train_epochs", "output_dir",
                "learning_rate", "max_steps", "model_name_or_path")  # fmt: skip
AXOLOTL = ("base_model", "micro_batch_size", "sequence_len", "datasets", "gradient_accumulation_steps", "num_epochs")
_BATCH = ("per_device_train_batch_size", "micro_batch_size")
_LENGTH = ("sequence_len", "max_seq_length", "max_length", "block_size", "cutoff_len", "model_max_length")
_MODEL = ("base_model", "model_name_or_path", "model")
_SIZE = re.compile(r"(?<![A-Za-z0-9.])(\d+(?:\.\d+)?)\s?([bBmM])(?![A-Za-z0-9])")
_MIXTURE = re.compile(r"\d+x\d+(?:\.\d+)?b|-a\d+(?:\.\d+)?b", re.I)


class TrainingFacts(BaseModel):
    """knowledge/planned_training.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mfu: Mapping[str, Decimal]
    flops_per_parameter_token: Decimal
    flops_per_parameter_token_adapter: Decimal


@cache
def training_facts() -> TrainingFacts:
    return TrainingFacts.model_validate(yaml.safe_load(knowledge.read("planned_training.yaml")))


@dataclass(frozen=True)
class _Config:
    """The keys of a config, and those of Outlay's own form over them."""

    keys: Mapping[str, Any]
    own: Mapping[str, Any]

    def get(self, *names: str) -> Any:
        for name in names:
            for source in (self.own, self.keys):
                if source.get(name) is not None:
                    return source[name]
        return None

    @property
    def is_adapter(self) -> bool:
        return (
            str(self.get("adapter") or "").lower() in ("lora", "qlora") or str(self.get("use_peft")).lower() == "true"
        )


def is_training(found: tuple[Document, ...]) -> bool:
    if len(found) != 1 or not isinstance(found[0].value, Mapping):
        return False
    value = found[0].value
    if any(isinstance(value.get(name), Mapping) for name in OWN):
        return True
    return sum(name in value for name in HUGGING_FACE) >= 2 or sum(name in value for name in AXOLOTL) >= 2


def read_training(source: Source, found: tuple[Document, ...], options: CheckOptions) -> tuple[PlannedResource, ...]:
    """The one run of a config."""
    document = found[0]
    key = next((name for name in OWN if isinstance(document.value.get(name), Mapping)), None)
    config = _Config(document.value, document.value[key] if key else {})
    gpus, card = _gpus(config, options), named_card(str(config.get("card", "gpu_type") or options.card or ""))
    hours, lacks_hours, notes = _hours(config, gpus, card.card if card else None, options)
    lacks = None
    if gpus is None:
        lacks = "how many GPUs it runs on is not said; add outlay: {gpus: 8, card: H100}, or give --gpus"
    elif card is None:
        named = config.get("card", "gpu_type")
        not_said = "which card it runs on is not said; add outlay: {card: H100}, or give --card"
        lacks = f"{named} is no card that is known" if named else not_said
    name = config.get("run_name", "name", "output_dir") or source.name
    team = config.get("team")
    return (
        PlannedResource(
            format="training",
            kind="training run",
            address=str(name),
            machines=Machines(
                cards=(card.card,) if card else (),
                memory_gib=card.memory_gib if card else None,
                gpus=None if gpus is None else Span.of(gpus),
                is_share=True,
                lacks=lacks,
            ),
            hours=hours,
            file=source.name,
            line=document.line(key) if key else 1,
            owner=options.team or (str(team) if team else None),
            lacks_hours=lacks_hours,
            notes=notes,
        ),
    )


def _gpus(config: _Config, options: CheckOptions) -> int | None:
    """In all: named, or nodes × GPUs of a node, or processes of accelerate."""
    total = count_of(config.get("gpus", "num_gpus", "num_processes", "world_size"))
    nodes = count_of(config.get("nodes", "num_nodes", "nnodes", "num_machines"))
    each = count_of(config.get("gpus_per_node", "nproc_per_node", "num_gpus_per_node"))
    if total is None and each is not None:
        total = each * (nodes if nodes is not None else 1)
    return total if total is not None else options.gpus


def _hours(
    config: _Config, gpus: int | None, card: str | None, options: CheckOptions
) -> tuple[Span | None, str | None, tuple[str, ...]]:
    if (named := config.get("hours", "max_hours")) is not None:
        span = _span(named)
        return (span, None, ()) if span else (None, f"hours: {named} is no number", ())
    found, lacks, notes = _reckoned(config, gpus, card)
    if found is None and options.hours is not None:
        return Span.of(options.hours), None, ("hours as they were said",)
    return found, lacks, notes


def _reckoned(config: _Config, gpus: int | None, card: str | None) -> tuple[Span | None, str | None, tuple[str, ...]]:
    """FLOPs over what the cards do: parameters × tokens × 6 ÷ (GPUs × peak × MFU)."""
    parameters, tokens = _parameters(config), _tokens(config, gpus)
    peak = cards()[card].tflops if card in cards() else None
    missing = [
        name
        for name, value in (("parameters", parameters), ("tokens (or max_steps and the sequence length)", tokens))
        if value is None
    ]
    if missing:
        return None, f"its hours can't be reckoned without {' and '.join(missing)}; add hours, or give --hours", ()
    if not gpus or peak is None or parameters is None or tokens is None:
        return None, "its hours can't be reckoned without GPUs and their card", ()
    facts = training_facts()
    each = facts.flops_per_parameter_token_adapter if config.is_adapter else facts.flops_per_parameter_token
    flops = EXACT.multiply(EXACT.multiply(parameters, tokens), each)
    named = config.get("mfu")
    mfu = _span(named) if named is not None else Span(facts.mfu["low"], facts.mfu["high"])
    if mfu is None or not 0 < mfu.low <= mfu.high <= 1:
        return None, f"mfu: {named} is no share between 0 and 1", ()
    per_hour = EXACT.multiply(Decimal(str(peak)) * 10**12 * 3600, Decimal(gpus))
    low, high = (QUOTIENT.divide(flops, EXACT.multiply(per_hour, share)) for share in (mfu.high, mfu.low))
    note = f"{flops:.3g} FLOPs at an MFU of {mfu.low * 100:.0f} to {mfu.high * 100:.0f} %"
    return Span(low, high), None, (note,)


def _parameters(config: _Config) -> Decimal | None:
    """As named, or from a model's name: `Llama-3.1-8B`. A mixture of experts does not tell its active ones."""
    named = config.get("parameters", "active_parameters", "num_parameters")
    if named is not None:
        return _with_unit(named)
    model = str(config.get(*_MODEL) or "")
    if _MIXTURE.search(model):
        return None
    found = _SIZE.search(model.rpartition("/")[2])
    return Decimal(found[1]) * (10**9 if found[2] in "bB" else 10**6) if found else None


def _with_unit(named: Any) -> Decimal | None:
    """`7e9`, `7B`, `350M`, `2T`."""
    found = re.fullmatch(r"([0-9._]+)\s?([KMBT])", str(named).strip(), re.I)
    if found is None:
        return number_of(named) or None
    number = number_of(found[1])
    return None if not number else number * {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}[found[2].upper()]


def _tokens(config: _Config, gpus: int | None) -> Decimal | None:
    """As named, or steps × batch × sequence length, every sequence full: the most that it may be."""
    named = config.get("tokens", "train_tokens", "total_tokens")
    if named is not None:
        return _with_unit(named)
    steps, batch = count_of(config.get("max_steps")), count_of(config.get(*_BATCH))
    length, whole = count_of(config.get(*_LENGTH)), count_of(config.get("gradient_accumulation_steps") or 1)
    if not steps or not batch or not length or not whole or not gpus:
        return None
    return Decimal(steps * batch * whole * gpus * length)


def _span(named: Any) -> Span | None:
    """`24`, `[20, 30]`."""
    ends = [number_of(one) for one in (named if isinstance(named, list) else [named])]
    known = [one for one in ends if one is not None]
    return Span(min(known), max(known)) if known and len(known) == len(ends) <= 2 else None
