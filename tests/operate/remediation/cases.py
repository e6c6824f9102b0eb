"""The cases that the contract runs over: every action, and every action in every scenario of its world."""

import os

from tests.operate.remediation.worlds import world_of
from tools.operate.remediation.action import Action
from tools.operate.remediation.actions import ACTIONS

IS_WHOLE = bool(os.environ.get("OUTLAY_WHOLE_CONTRACT"))
"""Whether each call of every scenario is tried under every fault, as CI does; else of one scenario of each action."""
Case = tuple[type[Action], str]


def _scenarios() -> list[Case]:
    found: list[Case] = []
    for action in ACTIONS:
        try:
            found += [(action, one) for one in world_of(action.name).scenarios]
        except LookupError:  # one test says so; the rest goes on
            continue
    return found


EVERY = _scenarios()
TRIED = EVERY if IS_WHOLE else list({case[0]: case for case in reversed(EVERY)}.values())[::-1]


def named(case: Case) -> str:
    return f"{case[0].name}-{case[1]}"
