"""A small company whose usage and GPU nodes are loaded once."""

import pytest

from evals.what_if.world import Company, company, load_company
from tools.registry import ToolContext


@pytest.fixture(scope="package")
def made() -> Company:
    return company(5)


@pytest.fixture(scope="package")
def ctx(made: Company, tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    return load_company(made, tmp_path_factory.mktemp("company"))
