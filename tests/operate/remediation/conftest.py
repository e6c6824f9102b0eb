"""The cases that the contract runs over: every action, and every action in every scenario of its world."""

import os

import pytest

from tests.operate.remediation.journey import Journey, journey
from tests.operate.remediation.trial import Trial, trial
from tests.operate.remediation.worlds import world_of
from tools.operate.remediation.action import Action
from tools.operate.remediation.actions import ACTIONS


def _scenarios() -> list[tuple[type[Action], str]]:
    found: list[tuple[type[Action], str]] = []
    for action in ACTIONS:
        try:
            found += [(action, one) for one in world_of(action.name).scenarios]
        except LookupError:  # one test says so; the rest goes on
            continue
    return found


_EACH_SCENARIO = {"params": _scenarios(), "ids": lambda one: f"{one[0].name}-{one[1]}"}


@pytest.fixture(**_EACH_SCENARIO)
def run(request: pytest.FixtureRequest) -> Journey:
    """Planned, applied, planned again, rolled back."""
    return journey(*request.param)


def _tried() -> list[tuple[type[Action], str]]:
    """One scenario of each action; every one in the campaign, as each call of each is tried under each fault."""
    every = _scenarios()
    if os.environ.get("OUTLAY_WHOLE_CONTRACT"):
        return every
    return list({action: (action, one) for action, one in reversed(every)}.values())[::-1]


@pytest.fixture(params=_tried(), ids=lambda one: f"{one[0].name}-{one[1]}")
def tried(request: pytest.FixtureRequest) -> Trial:
    """Each call under each fault."""
    return trial(*request.param)


@pytest.fixture(params=ACTIONS, ids=lambda one: one.name)
def action(request: pytest.FixtureRequest) -> type[Action]:
    kind: type[Action] = request.param
    return kind
