"""The lexicon knows the words of the store that it was read from."""

from dataclasses import dataclass
from datetime import date

from agent.planner import Lexicon
from agent.planner.aliases import aliases
from agent.planner.fixed_values import EXCLUDED_METRICS, fixed_phrases
from agent.planner.phrases import grammar
from agent.planner.planner import plan
from tests.planner.shorthand import shorthand
from tests.planner.world import AS_OF
from tools.semantic.model import load_model


@dataclass(frozen=True)
class SmallStore:
    """One provider's usage: three models, no teams."""

    loaded_from: date | None = date(2026, 10, 1)
    loaded_through: date | None = date(2026, 10, 10)

    def values(self, dimension: str) -> tuple[str, ...]:
        known = {
            "x_Model": ("m-large", "m-mid", "deepseek-r1"),
            "HostProviderName": ("servegen",),
            "ServiceName": ("servegen",),
        }
        return known.get(dimension, ())

    def tag_keys(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class EmptyStore:
    loaded_from: date | None = None
    loaded_through: date | None = None

    def values(self, dimension: str) -> tuple[str, ...]:
        return ()

    def tag_keys(self) -> tuple[str, ...]:
        return ()


def test_a_breakdown_that_names_no_dimension_takes_one_that_has_several_values() -> None:
    small = Lexicon.build(SmallStore(), load_model())
    (call,) = plan("what grew the most last week?", lexicon=small, as_of=date(2026, 10, 11))
    assert call.arguments["group_by"] == ["x_Model"]


def test_a_store_without_any_data_still_plans() -> None:
    empty = Lexicon.build(EmptyStore(), load_model())
    (call,) = plan("top 5 costly models", lexicon=empty, as_of=AS_OF)
    assert shorthand(call) == "EffectiveCost by x_Model where x_Model is_not_null limit 5"
    assert plan("spend before October", lexicon=empty, as_of=AS_OF)[0].name == "query_costs"


def test_one_provider_of_many_columns_is_one_provider() -> None:
    (call,) = plan("spend on servegen", lexicon=Lexicon.build(SmallStore(), load_model()), as_of=AS_OF)
    assert shorthand(call) == "EffectiveCost where HostProviderName=servegen"


def test_every_word_of_the_grammar_and_every_alias_is_usable() -> None:
    assert len(grammar()) > 500
    assert aliases()["gcp"] == aliases()["googlecloud"]


def test_fixed_values_name_known_dimensions_and_metrics() -> None:
    model = load_model()
    assert {dimension for _, dimension, _ in fixed_phrases()} <= set(model.dimensions)
    assert set(EXCLUDED_METRICS) <= set(model.metrics)
