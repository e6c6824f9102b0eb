"""Many at once: one wins. And a process that is killed lets go of what it held."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.state.remediation.desk import RemediationDesk, home_desk
from tests.state.remediation.office import NOON, RIGHTS, Office, step
from tools.domain.errors import OutlayError
from tools.operate.remediation.admission import NotAdmitted
from tools.operate.remediation.journal import AlreadyIntended, Busy

RACERS = 6


def test_of_many_that_begin_one_proposal_one_does(office: Office) -> None:
    proposal = office.approved()
    outcomes = _race(office, lambda desk: desk.begin(proposal.id, "apply", "ada", RIGHTS, NOON))
    assert sorted(outcomes) == ["NotAdmitted"] * (RACERS - 1) + ["won"]
    assert office.desk.verify().holds


def test_of_many_that_begin_one_step_one_does(office: Office) -> None:
    execution = office.desk.begin(office.approved().id, "apply", "ada", RIGHTS, NOON)
    outcomes = _race(office, lambda desk: desk.intend(step(execution.id)))
    assert sorted(outcomes) == [AlreadyIntended.__name__] * (RACERS - 1) + ["won"]


def test_a_month_s_amount_is_spent_once_however_many_spend_it(office: Office) -> None:
    office.granted("250")
    waiting = [office.waiting() for _ in range(RACERS)]
    for one in waiting:
        office.desk.use_standing(one.id, NOON, RIGHTS)
    left = iter(waiting)
    outcomes = _race(office, lambda desk: desk.begin(next(left).id, "apply", "scheduler", RIGHTS, NOON))
    assert sorted(outcomes) == [NotAdmitted.__name__] * (RACERS - 2) + ["won"] * 2


def test_a_person_who_approves_many_times_at_once_counts_once(office: Office) -> None:
    proposal = office.waiting()
    asked = (proposal.id, proposal.plan.fingerprint, "approve", "ada", "cli", "", RIGHTS, NOON)
    outcomes = _race(office, lambda desk: desk.decide(*asked))
    assert sorted(outcomes) == ["NotPermitted"] * (RACERS - 1) + ["won"]


def test_many_that_open_a_new_home_at_once_have_one_desk(tmp_path: Path) -> None:
    office = Office(home_desk(tmp_path), lambda: home_desk(tmp_path), "", tmp_path)
    outcomes = _race(office, lambda desk: desk.proposals())
    assert outcomes == ["won"] * RACERS
    assert home_desk(tmp_path).verify().holds


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_process_lets_go_of_what_it_held(office: Office) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, office.url, str(office.state)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Busy), office.desk.held("p-1"):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    _eventually_held(office.desk)


_HOLD = """
import sys, time
from pathlib import Path
from tests.state.remediation.office import Office
url, state = sys.argv[1], Path(sys.argv[2])
office = Office.at_home(state) if url.startswith("sqlite") else Office.shared(url.replace("+psycopg", ""), state)
with office.desk.held("p-1"):
    print("held", flush=True)
    time.sleep(600)
"""


def _eventually_held(desk: RemediationDesk) -> None:
    """The server takes a moment to see that the connection's other end is gone."""
    pause = threading.Event()
    for _ in range(600):
        try:
            with desk.held("p-1"):
                return
        except Busy:
            pause.wait(0.1)
    pytest.fail("it is still held")


def _race(office: Office, act: Callable[[RemediationDesk], object]) -> list[str]:
    """The outcome of each racer, all let go together, each with a desk of its own."""
    gate = threading.Barrier(RACERS)

    def one(_: int) -> str:
        desk = office.again()
        gate.wait()
        try:
            act(desk)
        except OutlayError as fault:
            return type(fault).__name__
        return "won"

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(one, range(RACERS)))
