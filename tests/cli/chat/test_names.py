"""The names that completion offers, from a real store."""

from datetime import date
from pathlib import Path

import pytest

from agent.cli.chat.names import Name, known_names
from tests.cli.conftest import Run
from tools.domain.scope import Filter, Scope
from tools.registry import ToolContext
from tools.store import Store


@pytest.fixture
def store(outlay: Run, bill: Path, home: Path) -> Store:
    outlay("ingest", "focus", bill)
    return Store(home / "store")


def names(store: Store, scope: Scope = Scope()) -> tuple[Name, ...]:  # noqa: B008 - frozen
    reader = Store(store.path, scope=scope)
    return known_names(ToolContext(store=reader.snapshot(), as_of=date(2026, 10, 31)))


def test_models_teams_services_metrics_and_dimensions_are_names(store: Store) -> None:
    found = {(name.text, name.kind) for name in names(store)}
    assert {
        ("quartz-large", "model"),
        ("search", "team"),
        ("Acme Models", "service"),
        ("effective cost", "metric"),
        ("model", "dimension"),
    } <= found


def test_the_costliest_value_comes_first(store: Store) -> None:
    assert [name.text for name in names(store) if name.kind == "model"] == ["quartz-large", "quartz-small"]


def test_a_name_outside_the_askers_scope_is_not_offered(store: Store) -> None:
    scope = Scope(filters=(Filter(dimension="x_Model", values=("quartz-small",)),))
    found = names(store, scope)
    assert "quartz-small" in {name.text for name in found}
    assert "quartz-large" not in {name.text for name in found}


def test_a_metric_that_the_data_lack_the_columns_for_is_not_offered(store: Store) -> None:
    assert "cache-hit rate" not in {name.text for name in names(store)}


def test_an_empty_store_has_no_values(tmp_path: Path) -> None:
    assert not [name for name in names(Store(tmp_path / "none")) if name.kind == "model"]
