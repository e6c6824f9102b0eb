"""Many at once, in threads and in processes: as many win as there is approval for, and no more."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from agent.state.remediation.desk import RemediationDesk, home_desk
from evals.campaigns.approval_site import RIGHTS, Site
from tools.domain.errors import OutlayError

THREADS, PROCESSES = 4, 3
TAKEN = "taken"
"""A file with a line for each execution that a racing process was given."""


def race_of_executors(site: Site) -> tuple[int, int]:
    """One approved plan, applied by all; gives who tried and how many may have won."""
    proposal = site.approved()
    _together([lambda: site.executor(site.again()).apply(proposal.id, "ada") for _ in range(THREADS)])
    return THREADS, 1


def race_of_desks(site: Site) -> tuple[int, int]:
    """The same without the hold that executors take first: the transaction alone has to do."""
    proposal = site.approved()
    target = proposal.plan.changes[0].target.id
    desks = [site.again() for _ in range(THREADS)]

    def begin(desk: RemediationDesk) -> None:
        desk.begin(proposal.id, "apply", "ada", site.rights, site.now)
        site.world.turn(target, {"power": "off"})

    _together([lambda desk=desk: begin(desk) for desk in desks])  # type: ignore[misc]
    return THREADS, 1


def race_for_a_monthly_amount(site: Site) -> tuple[int, int]:
    """As many plans as racers, all approved by one standing approval that pays for two."""
    site.grant(250)
    plans = [site.used() for _ in range(THREADS)]
    _together([lambda one=one: site.executor(site.again()).apply(one.id, "scheduler") for one in plans])  # type: ignore[misc]
    return THREADS, 2


def race_of_approvals_by_one_person(site: Site) -> tuple[int, int]:
    """The plan takes two persons; one approves many times at once."""
    proposal = site.waiting("1500")
    surfaces = ["cli", "slack"] * (THREADS // 2)
    _together([lambda way=way: site.decide(proposal, "ada", surface=way) for way in surfaces])  # type: ignore[misc]
    site.apply(proposal.id)
    return THREADS, 0


def race_of_withdrawal(site: Site) -> tuple[int, int]:
    """Whichever comes first; a plan begun after the withdrawal is one too many, and the trail's order tells."""
    approval, proposal = site.grant(), site.used()
    _together(
        [
            lambda: site.desk.withdraw(approval.id, "eve", site.now),
            lambda: site.executor(site.again()).apply(proposal.id, "scheduler"),
        ]
    )
    events = [json.loads(one) for (one,) in site.sql("SELECT event FROM trail ORDER BY sequence")]
    order = [one["kind"] for one in events if one["subject"] in (approval.id, proposal.id)]
    late = "begun" not in order or order.index("withdrawn") < order.index("begun")
    return 2, 0 if late else 1


RACES: tuple[Callable[[Site], tuple[int, int]], ...] = (
    race_of_executors,
    race_of_desks,
    race_for_a_monthly_amount,
    race_of_approvals_by_one_person,
    race_of_withdrawal,
)


def _together(acts: Sequence[Callable[[], object]]) -> None:
    gate = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> None:
        gate.wait()
        with suppress(OutlayError):
            act()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(one, acts))


@contextmanager
def racing_processes(folder: Path, count: int = PROCESSES) -> Iterator[Callable[[Sequence[str], datetime], int]]:
    """Processes that begin what they are told to, all at once; the call gives how many were given an execution."""
    command = [sys.executable, "-m", "evals.campaigns.approval_races", str(folder)]
    racers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)]

    def race(proposals: Sequence[str], now: datetime) -> int:
        before = _lines(folder)
        for racer, proposal in zip(racers, proposals, strict=True):
            assert racer.stdin is not None
            racer.stdin.write(json.dumps([proposal, now.isoformat()]) + "\n")
            racer.stdin.flush()
        for racer in racers:
            assert racer.stdout is not None
            racer.stdout.readline()
        return _lines(folder) - before

    try:
        yield race
    finally:
        for racer in racers:
            racer.communicate()


def _lines(folder: Path) -> int:
    path = folder / TAKEN
    return len(path.read_text().splitlines()) if path.exists() else 0


def main() -> None:
    """A racing process: for each line, begin a proposal; what was given is written down outside the desk."""
    folder = Path(sys.argv[1])
    desk = home_desk(folder)
    for line in sys.stdin:
        proposal, now = json.loads(line)
        try:
            desk.begin(proposal, "apply", "ada", RIGHTS, datetime.fromisoformat(now))
        except OutlayError:
            pass
        else:
            with (folder / TAKEN).open("a") as taken:
                taken.write(f"{proposal}\n")
        print("done", flush=True)


if __name__ == "__main__":
    main()
