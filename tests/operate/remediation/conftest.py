"""The contract's runs, as fixtures."""

import pytest

from tests.operate.remediation.cases import EVERY, TRIED, named
from tests.operate.remediation.journey import Journey, journey
from tests.operate.remediation.trial import Trial, trial
from tools.operate.remediation.action import Action
from tools.operate.remediation.actions import ACTIONS


@pytest.fixture(params=EVERY, ids=named)
def run(request: pytest.FixtureRequest) -> Journey:
    """Planned, applied, planned again, rolled back."""
    return journey(*request.param)


@pytest.fixture(params=TRIED, ids=named)
def tried(request: pytest.FixtureRequest) -> Trial:
    """Each call under each fault."""
    return trial(*request.param)


@pytest.fixture(params=ACTIONS, ids=lambda one: one.name)
def action(request: pytest.FixtureRequest) -> type[Action]:
    kind: type[Action] = request.param
    return kind
