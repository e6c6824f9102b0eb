"""What must hold of an execution, whatever struck it: judged from the world, not from what the executor says."""

from collections import Counter
from collections.abc import Callable

from tests.operate.remediation.desk import Desk
from tests.operate.remediation.simulated import Killed, Machine
from tools.operate.remediation.admission import NotAdmitted
from tools.operate.remediation.journal import StepRecord


def survive(one: Desk, act: Callable[[], object]) -> None:
    """Do something, and where the process dies of it let new ones settle what it left, until one lives through it."""
    try:
        act()
    except NotAdmitted:
        return
    except (Killed, KeyError, OSError):
        for _ in range(200):
            try:
                for execution in one.journal.unfinished():
                    if execution.ending is None:
                        one.executor.settle(execution)
                return
            except (Killed, KeyError, OSError):
                continue
        raise AssertionError("it never comes to an end") from None


def check(one: Desk) -> None:
    """No effect twice; a record tells what the world knows; an unknown one stands where reading can't tell."""
    assert one.journal.holding == set()
    assert [ran for ran in one.journal.ran.values() if ran.ending is None] == []
    assert all(count == 1 for count in one.world.effects.values()), one.world.effects
    records = one.journal.records.values()
    assert all(record.outcome != "intended" for record in records)
    recorded = {_effect(record) for record in records}
    assert set(one.world.effects) <= recorded, "something happened that nobody wrote down"
    for effect in recorded:
        told = Counter(record.outcome for record in records if _effect(record) == effect)
        happened = one.world.effects[effect]
        assert told["done"] <= happened <= told["done"] + told["unknown"], (effect, told, happened)


def _effect(record: StepRecord) -> tuple[str, str, str]:
    return record.target, record.call, str(dict(record.leaves))


def settle_all(one: Desk) -> None:
    one.world.faults.clear()
    for execution in one.journal.unfinished():
        one.executor.settle(execution)


def check_restored(one: Desk, before: dict[str, Machine]) -> None:
    """After a rollback each target is as recorded, but for one that nobody can reach or make sense of."""
    settle_all(one)
    check(one)
    ran = one.journal.executions(one.proposal)
    if not ran:
        return
    if ran[-1].ending != "rolled_back":
        one.executor.roll_back(one.proposal, "ben")
    check(one)
    for name, machine in one.world.machines.items():
        if not machine.is_gone and machine.state["Power"] != "broken":
            assert machine.state == before[name].state, one.journal.trail
