"""Which of the things of one name is meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.planner.lexicon import PROVIDER_DIMENSIONS, Lexicon
from agent.planner.reading import Reading
from agent.planner.same_rows import SameRows
from agent.planner.senses import Names, Span
from agent.planner.text import words

TWINS = (
    ("RegionId", "RegionName"), ("SubAccountName", "SubAccountId"), ("BillingAccountName", "BillingAccountId"),
    ("ResourceName", "ResourceId"), ("SkuMeter", "SkuId"), ("CommitmentDiscountName", "CommitmentDiscountId"),
)  # fmt: skip
_MANY = 40


@dataclass(frozen=True)
class Choice:
    """The names that are meant; or, when that is open, what to say instead, option by option."""

    names: Names | None = None
    options: tuple[str, ...] = ()


def choose_names(span: Span, beside: Sequence[str], reading: Reading, lexicon: Lexicon) -> Choice:
    """Pick by the dimension words beside the name, then exact before shortened, then one provider of its columns."""
    candidates = list(span.names)
    said = [names for names in candidates if names.dimension in beside]
    if not said and ("x_Model" in beside or _makes(span, reading)):
        said = [names for names in candidates if names.dimension == "x_ModelDeveloper"]
    candidates = said or candidates
    exact = [names for names in candidates if names.exact]
    candidates = _without_twins(_one_provider(_without_tags(exact or _likely(candidates))))
    if len(candidates) > 1 and lexicon.same is not None:
        candidates = _different(candidates, lexicon.same)
    if len(candidates) == 1:
        return Choice(candidates[0])
    return Choice(options=tuple(_wording(names, reading.text(span), lexicon) for names in candidates[:4]))


def _makes(span: Span, reading: Reading) -> bool:
    """the models that Anthropic makes, models made by Anthropic: who developed them, wherever they run"""
    after = reading.tokens[span.end].low if span.end < len(reading.tokens) else ""
    before = [token.low for token in reading.tokens[max(span.start - 2, 0) : span.start]]
    made = after in _MAKES or (before[-1:] in (["by"], ["from"]) and before[0] in _MAKES)
    return made and bool(reading.lows() & {"model", "models", "llms"})


_MAKES = words("makes made builds built trains trained develops developed")


def _likely(shortened: list[Names]) -> list[Names]:
    """A shortened name is a family of models before anything else, and an account after everything else."""
    models = [names for names in shortened if names.dimension == "x_Model"]
    others = [names for names in shortened if "Account" not in names.dimension]
    return models or others or shortened


def _different(candidates: list[Names], same: SameRows) -> list[Names]:
    """The candidates that mean other charges than those before them."""
    kept: list[Names] = []
    for names in candidates:
        if not any(same(earlier, names) for earlier in kept):
            kept.append(names)
    return kept


def _without_tags(candidates: list[Names]) -> list[Names]:
    columns = [names for names in candidates if not names.dimension.startswith("tag:")]
    return columns or candidates


def _one_provider(candidates: list[Names]) -> list[Names]:
    """A provider's name stands in several columns; the first of them is meant.

    A provider that also develops models is meant as who is paid: "OpenAI models" says the other.
    """
    providers = [names for names in candidates if names.dimension in PROVIDER_DIMENSIONS]
    if not providers:
        return candidates
    candidates = [names for names in candidates if names.dimension != "x_ModelDeveloper"]
    first = min(providers, key=lambda names: PROVIDER_DIMENSIONS.index(names.dimension))
    return [names for names in candidates if names is first or names.dimension not in PROVIDER_DIMENSIONS]


def _without_twins(candidates: list[Names]) -> list[Names]:
    dimensions = {names.dimension for names in candidates}
    dropped = {second for first, second in TWINS if first in dimensions and second in dimensions}
    return [names for names in candidates if names.dimension not in dropped]


def _wording(names: Names, written: str, lexicon: Lexicon) -> str:
    value = names.values[0] if len(names.values) == 1 else written
    return f'{lexicon.label(names.dimension)} "{value}"'
