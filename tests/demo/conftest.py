"""The demo world, built once for these tests."""

from datetime import date

import pytest

from tools.demo import World, build_world

TODAY = date(2026, 3, 18)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Fresh, so that its truth is there."""
    return build_world(tmp_path_factory.mktemp("home") / "demo", today=TODAY, seed=3)


@pytest.fixture(scope="session")
def texts(world: World) -> str:
    """All that a reader of the home could read: file names, and the contents of text files."""
    files = [path for path in world.folder.rglob("*") if path.is_file()]
    small = [path.read_text("utf-8") for path in files if path.suffix in (".csv", ".yaml", ".json")]
    return "\n".join([*(str(path.relative_to(world.folder)) for path in files), *small])
