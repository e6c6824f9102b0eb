"""Scheduling: machines that work in some hours of the week and are paid for in all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.gpu.advice import Advice, about_machine
from tools.optimize.gpu.fleet import Sampled, read_fleet
from tools.optimize.gpu.idle_gpu import idle_keys
from tools.optimize.gpu.machines import Machine, machines
from tools.optimize.gpu.office import OffHours, off_hours
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.gpu.telemetry import WeekHour, Window, missing_samples, weeks, window
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext

WEEK = 168
SERVING = ("inference", "serving")
STEPS = (
    "agree on the hours with the team, and on a tag that takes a machine out of the schedule until a day",
    "begin in dry run: tell the owner an hour before each stop",
    "stop and start it by the schedule, the starts spread over some minutes",
)
WRONG = "someone needs it in one of these hours: a night run, a colleague abroad"


@dataclass(frozen=True)
class Rest:
    """Hours of the week in which a machine never worked, and the GPU-hours that were spent in them.

    `inner_gpu_hours` leave out the first and the last hour of each stretch.
    """

    slots: frozenset[int]
    gpu_hours: int
    inner_gpu_hours: int
    quiet_gpu_hours: int
    """All GPU-hours without work, also of hours that worked in other weeks."""


@dataclass(frozen=True)
class Schedule:
    """The saving is the share of a machine's charged GPU-hours that lie in hours of the week without work.

    An hour of the week counts when it was seen at least twice, never with work, in a stretch of some hours. Endpoints
    are left to autoscaling, machines that never work to idle_gpu. Where nothing but charges is known, development
    machines that run outside of office hours are named, with low confidence.
    """

    name: str = "schedule"
    label: str = "switch machines off at nights and weekends"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        missing = missing_samples(ctx)
        if missing is None or _development(ctx, ledger):
            return READY
        return Preflight(f"{missing}, or charges by the hour of development machines")

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        if missing_samples(ctx) is not None:
            return [*self._by_charges(ctx, ledger, frozenset())]
        inside = window(ctx, gpu_rules().window_days)
        fleet = read_fleet(ctx, ledger, inside)
        idle = idle_keys(ctx, ledger)
        able = [one for one in fleet.sampled if can_stop(one) and one.machine.key not in idle]
        seen = weeks(ctx, inside, [one.samples.host for one in able])
        found = [
            about_machine(ctx, ledger, one.machine, payment, advice)
            for one in able
            if (advice := self._advice(one, seen[one.samples.host], inside))
            for payment in one.machine.payments
        ]
        return [*found, *self._by_charges(ctx, ledger, frozenset(one.machine.key for one in fleet.sampled))]

    def _advice(self, one: Sampled, week: Mapping[int, WeekHour], inside: Window) -> Advice | None:
        rest, expected = resting(week), one.expected_gpu_hours
        share = Fraction(rest.gpu_hours) / expected
        if share < gpu_rules().schedule_share or not one.samples.verdicts["working"]:
            return None
        if (one.samples.last - one.samples.first).days < gpu_rules().schedule_days - 1:
            return None
        return Advice(
            lever=self.name,
            description=f"Switch {one.machine.name} off in the {len(rest.slots)} hours of the week without work",
            avoided=share,
            low=Fraction(rest.inner_gpu_hours) / expected,
            high=max(share, Fraction(rest.quiet_gpu_hours) / expected),
            confidence=Decimal("0.8"),
            effort="Low",
            risk="Low",
            evidence=(
                f"{inside}: no work in any week in {told(rest.slots)}",
                f"{rest.gpu_hours} of {float(expected):.0f} charged GPU-hours lie in these hours",
            ),
            steps=STEPS,
            proved_wrong_by=WRONG,
        )

    def _by_charges(self, ctx: ToolContext, ledger: Ledger, sampled: frozenset[str]) -> Iterable[Recommendation]:
        own = [one for one in _development(ctx, ledger) if one.key not in sampled]
        found = off_hours(ctx, [one.key for one in own])
        for machine in own:
            hours = found.get(machine.key)
            if hours is None or hours.days < gpu_rules().schedule_days or hours.share < gpu_rules().schedule_share:
                continue
            for payment in machine.payments:
                advice = self._guess(machine.name, machine.one("x_Environment"), hours)
                yield about_machine(ctx, ledger, machine, payment, advice)

    def _guess(self, name: str, environment: str | None, hours: OffHours) -> Advice:
        office = gpu_rules().office_hours
        return Advice(
            lever=self.name,
            description=f"Switch {name} off outside of office hours",
            avoided=hours.share,
            low=Fraction(0),
            high=hours.share,
            confidence=Decimal("0.4"),
            effort="Low",
            risk="Medium",
            evidence=(
                f"it is charged for {float(hours.off):.0f} of {float(hours.all):.0f} hours outside of Monday to Friday "
                f"{office.first}:00 to {office.after}:00 UTC, over {hours.days} days, in {environment}",
                "there are no GPU samples of it: whether anything ran in these hours is not known",
            ),
            steps=STEPS,
            proved_wrong_by=f"{WRONG}; samples of it would tell (outlay ingest gpu)",
        )


def can_stop(one: Sampled) -> bool:
    """Whether it serves nobody: no requests are counted, and nothing says that it is an endpoint."""
    return one.samples.requests is None and (one.machine.one("x_Workload") or "").lower() not in SERVING


def resting(week: Mapping[int, WeekHour]) -> Rest:
    """Stretches of hours that were seen in two weeks or more and never worked; Sunday night goes on into Monday."""
    quiet = [week[slot].hours >= 2 and not week[slot].working_hours if slot in week else False for slot in range(WEEK)]
    slots: set[int] = set()
    inner: set[int] = set()
    for stretch in _stretches(quiet):
        if len(stretch) >= gpu_rules().schedule_run:
            slots |= set(stretch)
            inner |= set(stretch if len(stretch) == WEEK else stretch[1:-1])
    return Rest(
        slots=frozenset(slots),
        gpu_hours=sum(week[slot].gpu_hours for slot in slots),
        inner_gpu_hours=sum(week[slot].gpu_hours for slot in inner),
        quiet_gpu_hours=sum(one.quiet_gpu_hours for one in week.values()),
    )


def _stretches(quiet: Sequence[bool]) -> list[list[int]]:
    if all(quiet):
        return [list(range(WEEK))]
    start = next(slot for slot in range(WEEK) if not quiet[slot])
    found: list[list[int]] = [[]]
    for step in range(1, WEEK + 1):
        slot = (start + step) % WEEK
        if quiet[slot]:
            found[-1].append(slot)
        elif found[-1]:
            found.append([])
    return [one for one in found if one]


def told(slots: frozenset[int]) -> str:
    """Hours of the week in words: `Mon-Fri 0-7 and 20-24, Sat-Sun 0-24`."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    spans = [_spans([slot % 24 for slot in range(day * 24, day * 24 + 24) if slot in slots]) for day in range(7)]
    parts, first = [], 0
    for day in range(1, 8):
        if day == 7 or spans[day] != spans[first]:
            if spans[first]:
                name = days[first] if first == day - 1 else f"{days[first]}-{days[day - 1]}"
                parts.append(f"{name} {spans[first]}")
            first = day
    return ", ".join(parts) + " (UTC)"


def _spans(hours: Sequence[int]) -> str:
    starts = [hour for hour in hours if hour - 1 not in hours]
    ends = [hour + 1 for hour in hours if hour + 1 not in hours]
    return " and ".join(f"{start}-{end}" for start, end in zip(starts, ends, strict=True))


def _development(ctx: ToolContext, ledger: Ledger) -> tuple[Machine, ...]:
    return tuple(one for one in machines(ctx, ledger) if gpu_rules().is_development(one.one("x_Environment")))
