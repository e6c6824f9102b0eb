"""The reasons a cost moves, by name, and the amounts that each is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

REQUESTS = "requests"
TOKEN_VOLUME = "token volume"
PROMPT_LENGTH = "prompt length"
COMPLETION_LENGTH = "completion length"
INPUT_OUTPUT = "input-output mix"
MODEL_MIX = "model mix"
CACHE_SHARE = "cache share"
REASONING_SHARE = "reasoning share"
BATCH_SHARE = "service tier"
TOKEN_PRICE = "token price"
USAGE = "usage"
UNIT_PRICE = "unit price"
COVERAGE = "commitment coverage"
UNUSED = "unused commitment"
INSTANCE_MIX = "instance mix"
REGION_MIX = "region mix"
CREDITS = "credits"
REFUNDS = "refunds and corrections"
TAXES = "taxes"
PURCHASES = "purchases and fees"
UNCOUNTED = "amount without a quantity"
NEW = "new"
GONE = "gone"
ONLY_HERE = "only in this one"
ONLY_THERE = "only in the other"

MEANINGS: Mapping[str, str] = MappingProxyType({
    REQUESTS: "more or fewer requests",
    TOKEN_VOLUME: "more or fewer tokens, where no requests are counted",
    PROMPT_LENGTH: "input tokens a request",
    COMPLETION_LENGTH: "output tokens a request",
    INPUT_OUTPUT: "input and output as parts of the tokens, where no requests are counted",
    MODEL_MIX: "requests moving between models",
    CACHE_SHARE: "input tokens read from or written to the prompt cache",
    REASONING_SHARE: "reasoning as a part of output tokens",
    BATCH_SHARE: "requests moving between batch, standard and other tiers",
    TOKEN_PRICE: "what was paid per token of a model, tier and kind of token",
    USAGE: "hours, gigabytes and other units used",
    UNIT_PRICE: "what was paid per unit",
    COVERAGE: "usage moving under commitments or out of them",
    UNUSED: "commitments paid for and not used",
    INSTANCE_MIX: "usage moving between instance types",
    REGION_MIX: "usage moving between regions",
    CREDITS: "credits granted",
    REFUNDS: "refunds and corrections of earlier invoices",
    TAXES: "taxes",
    PURCHASES: "purchases, subscriptions and fees",
    UNCOUNTED: "charges whose data name no quantity",
    NEW: "what had no cost before",
    GONE: "what has no cost any more",
    ONLY_HERE: "what only the slice asked about has",
    ONLY_THERE: "what only the slice compared with has",
})  # fmt: skip
"""Every reason there is, and what it means. There is none for what is left over: nothing is."""

KINDS: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys((TOKEN_PRICE, UNIT_PRICE, COVERAGE, UNUSED), "price"),
    **dict.fromkeys((REQUESTS, TOKEN_VOLUME, USAGE), "volume"),
    **dict.fromkeys((PROMPT_LENGTH, COMPLETION_LENGTH), "tokens per request"),
    **dict.fromkeys((MODEL_MIX, BATCH_SHARE, CACHE_SHARE, REASONING_SHARE, INPUT_OUTPUT, INSTANCE_MIX, REGION_MIX),
                    "mix"),
    **dict.fromkeys((CREDITS, REFUNDS), "credits and refunds"),
    **dict.fromkeys((TAXES, PURCHASES, UNCOUNTED), "taxes, purchases and fees"),
})  # fmt: skip
"""Reason → the kind that it belongs to; commitments are what is paid per unit. New and gone are kinds of their own."""
PRICES = frozenset({TOKEN_PRICE, "price"})

OF_SLICES: Mapping[str, str] = MappingProxyType({NEW: ONLY_HERE, GONE: ONLY_THERE})
"""What is new and gone between two periods, said of two slices."""

OF_MODELS = frozenset({TOKEN_PRICE, MODEL_MIX, CACHE_SHARE, REASONING_SHARE, BATCH_SHARE})
"""Reasons whose largest part is best named by its model."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one reason did to the cost of one part of a line: an amount, and what it is about by dimension."""

    group: tuple[str | None, ...]
    reason: str
    amount: Decimal
    about: Mapping[str, str] = field(default_factory=dict)


def about(names: Sequence[str], values: Sequence[str | None]) -> dict[str, str]:
    """Dimension → value, without those that have none."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
