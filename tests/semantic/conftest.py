import os

import pytest

from tests.semantic.bill import Row, load, random_bill
from tools.registry import ToolContext


@pytest.fixture(scope="session")
def bill() -> list[Row]:
    return random_bill()


@pytest.fixture(scope="session")
def billed(bill: list[Row], tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    """A store with `bill`."""
    return load(tmp_path_factory.mktemp("bill"), bill)


@pytest.fixture
def regenerate() -> bool:
    """Whether golden files are written anew: OUTLAY_REGENERATE_GOLDEN=1."""
    return os.environ.get("OUTLAY_REGENERATE_GOLDEN") == "1"
