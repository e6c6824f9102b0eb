"""A home with a small bill, and servers over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import BILL, outlay
from tests.mcp.assistants import Assistant, OverHttp, OverStdio, http_server
from tools.ingest.focus import load_focus
from tools.store import Store

__all__ = ["outlay"]

AS_OF = "2026-10-31"


def filled(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    bill = home / "bill.csv"
    bill.write_text(BILL, encoding="utf-8")
    load_focus(Store(home / "store"), [bill])
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return filled(tmp_path / "home")


@pytest.fixture(scope="session")
def open_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that only questions are put to."""
    return filled(tmp_path_factory.mktemp("mcp") / "home")


@pytest.fixture(scope="session")
def address(open_home: Path) -> Iterator[str]:
    with http_server(open_home, "--as-of", AS_OF) as one:
        yield one


@pytest.fixture
def caller(address: str) -> Assistant:
    return OverHttp(address)


@pytest.fixture(params=["stdio", "http"], scope="session")
def assistant(request: pytest.FixtureRequest, open_home: Path, address: str) -> Assistant:
    return OverStdio(open_home, ("--as-of", AS_OF)) if request.param == "stdio" else OverHttp(address)
