"""One world of Kubernetes for tests that seed it themselves."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.operate.remediation.worlds import Scene
from tests.operate.remediation.worlds.kubernetes import KubernetesWorld


class Bare(KubernetesWorld):
    scenarios = ()

    def scene(self, scenario: str) -> Scene:
        raise NotImplementedError

    def action(self, kind: Any) -> Any:
        """The action over everything that it declares."""
        return kind(self.connect(kind.reads | kind.writes | kind.undoes))


@pytest.fixture
def world() -> Iterator[Bare]:
    with Bare() as made:
        made.emptied()
        yield made
