"""The house itself: package names, data files, lock files, command help."""

import re
from importlib.metadata import packages_distributions
from importlib.resources import files

import pytest

from tests.paths import CHECKOUT

OURS = ("agent", "tools", "prompts", "knowledge")


@pytest.mark.parametrize("package", OURS)
def test_no_other_distribution_provides_our_package_names(package: str) -> None:
    assert set(packages_distributions().get(package, ["outlay"])) == {"outlay"}


def test_prompts_and_knowledge_ship_as_package_data() -> None:
    assert files("knowledge").joinpath("metrics.yaml").is_file()
    assert files("prompts").joinpath("system.md").is_file()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_pins_every_package_by_hash_and_names_no_index(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9][^\n;]*==[^\s;]+)([^\n]*\n(?:\s+--hash=sha256:[0-9a-f]{64}[^\n]*\n)+)", text, re.M)
    requirements = re.findall(r"^[A-Za-z0-9][^\n]*", text, re.M)
    assert len(pins) == len(requirements) > 50
    assert "://" not in text
    assert "index-url" not in text


def test_every_package_folder_has_an_init_file() -> None:
    bare = [
        str(path.relative_to(CHECKOUT))
        for root in (*OURS, "tests", "evals")
        for path in (CHECKOUT / root).rglob("*")
        if path.is_dir() and any(path.glob("*.py")) and not (path / "__init__.py").exists()
    ]
    assert bare == []
