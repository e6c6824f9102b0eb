"""`python -m evals.story`: idle GPUs are found, proposed, approved, stopped, their saving proven, and started again.

The demo company's development machines also exist in an EC2 emulator, on loopback. What follows is billed from the
emulator's actual state, hour by hour. In a twin of the same days the plan is rejected, and must prove nothing. What was
really saved is worked out by hand: hours × price. Exits 1 where any of it does not hold.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from evals.machine import write_result
from evals.story.bills import write_bill
from evals.story.cloud import ACCESS, CLOSES, OPENS, Cloud, Hour
from evals.story.company import make_home, settle_in
from evals.story.proof import Proven, proven, proven_of_twin, view_of
from evals.story.shell import Failed, Shell

DEVELOPMENT = ("i-07be2c41d", "i-093f0aa16", "i-0a41cc2e8", "i-0d05b7713")
IDLE = ("i-0a41cc2e8", "i-0d05b7713")
DAYS = 14
SETTLED = 3
"""Days after the last one on which its bill is complete: AWS's trails by two."""
PRICE = Decimal("21.9576") * Decimal("0.95")
"""What one machine costs an hour: list price less 5 % by contract."""
TOLERANCE = Decimal("0.05")
"""How far the measured saving may be from the true one."""


@dataclass(frozen=True)
class Days:
    """The day on which everything happens, and those that follow."""

    today: date

    @property
    def first(self) -> date:
        return self.today + timedelta(days=1)

    @property
    def as_of(self) -> date:
        return self.today + timedelta(days=DAYS + SETTLED)


def main(arguments: Sequence[str]) -> int:
    os.environ.update(ACCESS)
    with tempfile.TemporaryDirectory() as folder, Cloud(DEVELOPMENT) as cloud:
        try:
            figures = _told(Path(folder), cloud, Days(datetime.now(UTC).date()))
        except Failed as fault:
            print(f"\nThe story does not hold: {fault}", file=sys.stderr)
            return 1
    if "--record" in arguments:
        write_result("story", dict(figures))
    return 0


def _told(folder: Path, cloud: Cloud, days: Days) -> Mapping[str, object]:
    idle = [cloud.ids[one] for one in IDLE]
    built = make_home(days.today, cloud.ids)
    home, twin = (settle_in(built, folder / name, cloud.url) for name in ("home", "twin"))
    shell = Shell(home)
    proposal = _proposed(shell, days)
    _applied(shell, cloud, proposal, idle)
    hours = _lived(shell, cloud, days)
    shell.say(f"\n# {days.as_of:%-d %B}: what came of it?")
    found = _proven(shell, days, proposal)
    true = by_hand(hours, idle, days)
    _rolled_back(shell, cloud, proposal, idle)
    rejected = _twin(Shell(twin, quiet=True), cloud, days, idle)
    return _checked(shell, days, found, true, rejected)


def _proposed(shell: Shell, days: Days) -> str:
    """Ada asks, in Slack; what comes of it is a plan, and nothing is changed."""
    shell.outlay("savings", "--lever", "idle_gpu")
    question = "stop the idle GPUs in development"
    shell.say(f"\n# Ada, in Slack: {question}")
    told = _asked_by_ada(shell.home, question, days.today)
    shell.say(told)
    shell.outlay("proposals", "list")
    views = json.loads(Shell(shell.home, quiet=True).outlay("proposals", "list", "--json"))["proposals"]
    _must(len(views) == 1, f"one proposal waits, not {len(views)}")
    return str(views[0]["proposal"] if isinstance(views[0]["proposal"], str) else views[0]["proposal"]["id"])


def _asked_by_ada(home: Path, question: str, today: date) -> str:
    from agent.app import asker_of, build_agent
    from agent.settings import load_settings

    settings = load_settings(home)
    return build_agent(settings, asker_of(settings, "slack_id", "U0ADA")).ask(question, as_of=today).text


def _applied(shell: Shell, cloud: Cloud, proposal: str, idle: Sequence[str]) -> None:
    """Ben sees the whole plan, approves exactly that, and has it applied."""
    shell.say("\n# Ben, at his terminal")
    shell.outlay("proposals", "show", proposal)
    plan = view_of(shell.home, proposal).proposal.plan
    _must(sorted(one.target.id for one in plan.changes) == sorted(idle), "the plan is about the two idle machines")
    _must(all(state == "running" for state in cloud.states().values()), "nothing is changed before the approval")
    shell.outlay("proposals", "apply", proposal, ok=3)
    shell.outlay("proposals", "approve", proposal, "--fingerprint", plan.fingerprint[:12])
    shell.outlay("proposals", "apply", proposal)
    states = cloud.states()
    _must(
        {one for one, state in states.items() if state == "stopped"} == set(idle), f"just these stand still: {states}"
    )
    shell.say(f"\n# EC2 says: {_told_states(states)}")


def _lived(shell: Shell, cloud: Cloud, days: Days) -> list[Hour]:
    """Two weeks pass; the bill is what ran, and is loaded like any other."""
    hours = cloud.live(days.today, DAYS + 1)
    written = write_bill(shell.home / "demo" / "bills" / "aws", sorted(cloud.ids.values()), hours)
    shell.say(f"\n# {DAYS} days pass; the bill charges each machine for the hours in which EC2 had it running")
    shell.outlay("ingest", "focus", *(str(one.relative_to(shell.home)) for one in written), "--source", "aws")
    return hours


def _proven(shell: Shell, days: Days, proposal: str) -> Proven:
    as_of = ("--as-of", days.as_of.isoformat())
    shell.outlay("ask", "what have we saved?", *as_of)
    shell.outlay("ask", f"what did {proposal} save per machine?", *as_of)
    answer = json.loads(Shell(shell.home, quiet=True).outlay("ask", "what have we saved?", *as_of, "--json"))
    shell.outlay("verify", answer["id"])
    return proven(shell.home, proposal, days.as_of)


def by_hand(hours: Sequence[Hour], idle: Sequence[str], days: Days) -> Decimal:
    """What was really saved: the hours in which the schedule would have had the idle machines on, at their price."""
    on = [one for one in hours if one.start.date() >= days.first and _is_office(one.start)]
    ran = sum(machine in one.running for one in on for machine in idle)
    return PRICE * (len(on) * len(idle) - ran)


def _is_office(moment: datetime) -> bool:
    return moment.weekday() < 5 and OPENS <= moment.hour < CLOSES


def _rolled_back(shell: Shell, cloud: Cloud, proposal: str, idle: Sequence[str]) -> None:
    shell.say("\n# The team needs them again")
    shell.outlay("proposals", "rollback", proposal)
    states = cloud.states()
    _must(all(states[one] == "running" for one in idle), f"they run again: {states}")
    shell.say(f"\n# EC2 says: {_told_states(states)}")
    shell.outlay("audit", "verify")


def _twin(shell: Shell, cloud: Cloud, days: Days, idle: Sequence[str]) -> Proven:
    """The same days, the same plan, and Ben says no."""
    ids = dict(cloud.ids)
    cloud.begin()
    _must(ids == cloud.ids, f"the twin's machines have the same ids: {ids}, {cloud.ids}")
    proposal = _proposed(shell, days)
    shell.outlay("proposals", "reject", proposal, "--reason", "the notebook is needed")
    shell.outlay("proposals", "apply", proposal, ok=3)
    _must(all(state == "running" for state in cloud.states().values()), "a rejected plan stops nothing")
    hours = _lived(shell, cloud, days)
    _must(by_hand(hours, idle, days) == 0, "the twin's machines ran in all their hours")
    told = shell.outlay("ask", f"what did {proposal} save?", "--as-of", days.as_of.isoformat(), ok=3)
    _must("applied" in told, f"the ledger says that nothing was applied: {told}")
    return proven_of_twin(shell.home, proposal, days.as_of)


def _checked(shell: Shell, days: Days, found: Proven, true: Decimal, twin: Proven) -> dict[str, object]:
    shell.say("\n# By hand")
    shell.say(f"really saved ({PRICE} USD an hour): {true:z,.2f} USD")
    shell.say(f"proven: {_told_range(found)}, in {found.days} days; estimated were {found.estimated:z,.2f}")
    shell.say(f"twin, in which the plan was rejected: {_told_range(twin)}")
    _must(found.days == DAYS, f"all {DAYS} days are measured")
    _must(found.low <= true <= found.high, "the true saving is inside the interval")
    _must(
        abs(found.realised - true) <= TOLERANCE * true, f"the measured saving is within {TOLERANCE:%} of the true one"
    )
    _must(found.low > 0, "the saving is proven: its interval is above zero")
    _must(twin.low <= 0 <= twin.high, "the twin's interval holds zero")
    _must(abs(twin.realised) <= TOLERANCE * true, f"the twin's saving is within {TOLERANCE:%} of the true one of zero")
    return {
        "days": DAYS, "true_saving": f"{true:z.2f}", "estimated": f"{found.estimated:z.2f}",
        "realised": f"{found.realised:z.2f}", "low95": f"{found.low:z.2f}", "high95": f"{found.high:z.2f}",
        "twin_realised": f"{twin.realised:z.2f}", "twin_low95": f"{twin.low:z.2f}", "twin_high95": f"{twin.high:z.2f}",
    }  # fmt: skip


def _told_range(found: Proven) -> str:
    return f"{found.realised:z,.2f} USD, between {found.low:z,.2f} and {found.high:z,.2f}"


def _told_states(states: Mapping[str, str]) -> str:
    return ", ".join(f"{machine} {state}" for machine, state in sorted(states.items()))


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise Failed(f"it must be that {what}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
