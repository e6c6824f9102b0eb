"""Every action: what it declares of itself is complete, and its permissions are sufficient and no more."""

import re

import pytest

from tests.operate.remediation.journey import journey
from tests.operate.remediation.worlds import world_of
from tools.operate.remediation.action import Action, Parameters
from tools.operate.remediation.actions import ACTIONS
from tools.operate.remediation.doors import action_kind


def test_every_action_has_a_world(action: type[Action]) -> None:
    assert world_of(action.name).scenarios


def test_a_missing_world_is_told_by_the_file_to_write() -> None:
    with pytest.raises(LookupError, match=r"worlds/no_such_action\.py"):
        world_of("no_such_action")


def test_an_action_is_found_by_its_name_alone() -> None:
    assert [action_kind(one.name) for one in ACTIONS] == list(ACTIONS)


def test_an_action_says_what_it_is_in_words(action: type[Action]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", action.name)
    assert re.fullmatch(r"[A-Z][^\n.]{5,60}", action.title)
    assert re.fullmatch(r"[a-z][^\n]{15,300}[^.\n]", action.rollback)
    assert action.__doc__
    assert issubclass(action.parameters_type, Parameters)


def test_an_action_declares_within_reason(action: type[Action]) -> None:
    assert action.reads
    assert action.writes
    assert action.idempotency in ("key", "precondition", "none")
    assert action.risk in ("low", "medium", "high")
    assert 0 < action.most_targets <= 100
    assert 0 < action.settles_within_seconds <= 3600


def test_no_permission_is_a_wildcard_and_a_rehearsal_is_none_to_write(action: type[Action]) -> None:
    everything = action.reads | action.writes | action.undoes
    assert not [one for one in everything if "*" in one]
    assert not [one for one in action.writes | action.undoes if one.startswith("dry-run:")]


def test_every_permission_declared_is_used_by_some_scenario(action: type[Action]) -> None:
    runs = [journey(action, one) for one in world_of(action.name).scenarios]
    planning = {call for run in runs for call in run.planning.sent}
    forward = {call for run in runs for call in run.forward.sent}
    back = {call for run in runs if run.back for call in run.back.sent}

    assert planning == action.reads
    assert forward - action.reads == action.writes - action.reads
    assert back - action.reads == action.undoes - action.reads


def test_what_a_rollback_may_leave_different_has_its_reason(action: type[Action]) -> None:
    assert all(len(reason) > 15 for reason in world_of(action.name).not_restored.values())
