"""Arrival: what became of a call, told by reading its target until it says so or time is up. Reads only."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep

from tools.domain.remediation import State, TargetRef
from tools.operate.remediation.action import Action, NotApplicable, Step
from tools.operate.remediation.journal import Outcome


@dataclass(frozen=True)
class Pace:
    """How often a target is read, and how long; time is measured by a clock that nobody sets."""

    poll_seconds: float = 2.0
    late_call_seconds: float = 60.0
    """How long a call whose answer nobody saw may take to reach the system and to show: gateways give up on one after
    a minute at most. A target that is as before proves nothing sooner."""
    wait: Callable[[float], None] = sleep
    elapsed: Callable[[], float] = monotonic


@dataclass(frozen=True)
class Sight:
    """A target read once: its state, or why there is none."""

    state: State | None
    told: str
    gone: bool = False

    def is_as(self, state: State) -> bool:
        return self.state is not None and dict(self.state) == dict(state)


@dataclass(frozen=True)
class Arrival:
    """`done`, `not_done` or `unknown`, and what the target was read to be."""

    outcome: Outcome
    told: str


def sight(action: Action, target: TargetRef, mark: str) -> Sight:
    """The target as it is now. Never raises what reading may raise."""
    try:
        state = dict(action.read(target, mark).state)
    except NotApplicable as gone:
        return Sight(None, f"gone ({gone})", gone=True)
    except OSError as fault:
        return Sight(None, f"not readable ({fault})")
    return Sight(state, str(state))


def arrival(look: Callable[[], Sight], action: Action, step: Step, pace: Pace, in_doubt: bool) -> Arrival:
    """What became of a step's call. `in_doubt`: nobody saw the system take it, so a target that stays as before for
    `late_call_seconds` means that it did not happen. Otherwise the system took it, and it has to show."""
    began = pace.elapsed()
    while True:
        found, spent = look(), pace.elapsed() - began
        if found.is_as(step.leaves):
            return Arrival("done", found.told)
        if spent >= _patience(found, action, step, pace, in_doubt):
            not_done = in_doubt and found.is_as(step.expects)
            return Arrival("not_done" if not_done else "unknown", found.told)
        pace.wait(pace.poll_seconds)


def _patience(found: Sight, action: Action, step: Step, pace: Pace, in_doubt: bool) -> float:
    """How long a target that looks like this may still become what the step leaves; 0: it is a surprise."""
    if found.state is None:
        return 0 if found.gone else action.settles_within_seconds
    if found.is_as(step.expects):
        return pace.late_call_seconds if in_doubt else action.settles_within_seconds
    return action.settles_within_seconds if action.is_on_the_way(found.state, step) else 0
