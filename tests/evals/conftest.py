"""The demo world of the evaluations, built once and kept in the evaluations' cache folder."""

from pathlib import Path

import duckdb
import pytest

from evals.demo.facts import read_facts
from evals.demo.runner import ensure_home


@pytest.fixture(scope="session")
def home() -> Path:
    return ensure_home()


@pytest.fixture(scope="session")
def facts(home: Path) -> duckdb.DuckDBPyConnection:
    return read_facts(home / "demo")
