"""The desk over SQLite, and over a real PostgreSQL server where one is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.state.remediation.office import Office
from tests.state.remediation.postgresql import NotInstalled, Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    try:
        context = running_server()
        started = context.__enter__()
    except NotInstalled as missing:
        pytest.skip(str(missing))
    yield started
    context.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    if request.param == "sqlite":
        return Office.at_home(tmp_path)
    return Office.shared(request.getfixturevalue("server").url_of_an_empty_desk(), tmp_path)
