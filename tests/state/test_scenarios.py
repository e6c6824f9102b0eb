"""Scenarios kept under a name."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agent.state.scenarios import SavedScenario, ScenarioStore
from tools.domain.errors import BadInput
from tools.inform.scenario.request import ScenarioRequest


def _saved(name: str, traffic: str = "2") -> SavedScenario:
    return SavedScenario(name, date(2026, 11, 23), "what if traffic doubles", ScenarioRequest(traffic=Decimal(traffic)))


def test_a_scenario_is_given_back_as_it_was_saved_and_replaced_under_its_name(tmp_path: Path) -> None:
    store = ScenarioStore(tmp_path)
    store.save(_saved("double"))
    store.save(_saved("double", "3"))
    assert store.all() == (_saved("double", "3"),)
    assert ScenarioStore(tmp_path).get("double") == _saved("double", "3")


def test_an_unknown_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    store = ScenarioStore(tmp_path)
    store.save(_saved("double"))
    with pytest.raises(BadInput, match="there are double"):
        store.get("triple")
    store.remove("double")
    with pytest.raises(BadInput, match="none yet"):
        store.remove("double")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "two\nlines"])
def test_a_name_is_a_short_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="printable"):
        ScenarioStore(tmp_path).save(_saved(name))
