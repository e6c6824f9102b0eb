"""What a GPU did in an hour, and in a window of hours: worked, idled, held memory for nothing, or waited.

No work is only said on joint evidence over an hour that samples cover: the SMs were quiet (or no kernel ran), memory
moved nothing, power did not rise, and nothing that is known contradicts. Where no memory is held, power may stand for
memory traffic. Utilisation by itself is evidence of nothing: at 100 % a kernel of one thread may be all that runs. A
gap is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.telemetry.limits import Limits

Verdict = Literal["working", "idle", "zombie", "waiting", "insufficient evidence"]
"""`idle`: no work and no memory held. `zombie`: memory held, no work. `waiting`: a loaded endpoint without requests."""
VERDICTS: tuple[Verdict, ...] = ("working", "idle", "zombie", "waiting", "insufficient evidence")
UNKNOWN: Verdict = "insufficient evidence"


@dataclass(frozen=True, slots=True)
class LaneHour:
    """One hour of a lane as the rollup has it; shares are fractions, None is not known.

    `quiet_watts`: what a GPU of its model does not exceed without work. `serves`: whether its labels say inference.
    """

    covered_seconds: float
    sm_mean: float | None = None
    sm_peak: float | None = None
    dram_mean: float | None = None
    dram_peak: float | None = None
    tensor_peak: float | None = None
    utilization_peak: float | None = None
    memory_utilization_peak: float | None = None
    memory_used_gib: float | None = None
    power_peak: float | None = None
    requests_peak: float | None = None
    quiet_watts: float | None = None
    is_mig: bool = False
    gpus: float | None = None
    serves: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and the evidence for it, as names of signals with their values in words."""

    verdict: Verdict
    evidence: tuple[str, ...]


def judge_hour(hour: LaneHour, limits: Limits) -> Judged:
    """The verdict on one hour."""
    if (hour.gpus or 1) > 1:
        return Judged(UNKNOWN, (f"the row sums up {hour.gpus:g} GPUs",))
    sm, dram = _share(hour.sm_mean, hour.sm_peak, limits), _share(hour.dram_mean, hour.dram_peak, limits)
    power = _power(hour)
    working = _work(hour, sm, dram, limits)
    if working:
        return Judged("working", working)
    kernels = None if hour.is_mig or hour.utilization_peak is None else hour.utilization_peak > limits.utilization_peak
    if power is True:
        return _powered(hour, sm, dram, kernels)
    if missing := _missing(hour, sm, dram, power, kernels, limits):
        return Judged(UNKNOWN, missing)
    return _without_work(hour, limits)


def judge_window(hours: Mapping[Verdict, float], window_hours: float, limits: Limits) -> Verdict:
    """The verdict on a window, from how many of its hours have which verdict; an hour without a row is unknown.

    Work in more than `working_hours` of the known hours is work, however many hours are unknown: a gap hides work, it
    does not make any.
    """
    known = sum(count for verdict, count in hours.items() if verdict != UNKNOWN)
    if known and hours.get("working", 0) > limits.working_hours * known:
        return "working"
    if known < limits.known_hours * window_hours or not known:
        return UNKNOWN
    quiet: tuple[Verdict, ...] = ("waiting", "zombie", "idle")
    most = max(quiet, key=lambda verdict: hours.get(verdict, 0))
    if most == "zombie" and hours.get("zombie", 0) < limits.zombie_hours:
        return UNKNOWN
    return most


def judge(hours: Sequence[LaneHour], window_hours: float, limits: Limits) -> Verdict:
    """The verdict on a window from the rollup of its hours."""
    counted: dict[Verdict, float] = {}
    for hour in hours:
        verdict = judge_hour(hour, limits).verdict
        counted[verdict] = counted.get(verdict, 0) + 1
    return judge_window(counted, window_hours, limits)


def _share(mean: float | None, peak: float | None, limits: Limits) -> bool | None:
    """Whether a share of the chip was active; None when it is not known."""
    if mean is None or peak is None:
        return None
    return mean >= limits.active_mean or peak >= limits.active_peak


def _power(hour: LaneHour) -> bool | None:
    """Whether power rose above that of a GPU without work; a MIG instance has no power of its own."""
    if hour.power_peak is None or hour.quiet_watts is None or hour.is_mig:
        return None
    return hour.power_peak > hour.quiet_watts


def _work(hour: LaneHour, sm: bool | None, dram: bool | None, limits: Limits) -> tuple[str, ...]:
    found = []
    if sm:
        found.append(f"SM activity {hour.sm_mean:.1%}, at most {hour.sm_peak:.1%}")
    if dram:
        found.append(f"DRAM activity {hour.dram_mean:.1%}, at most {hour.dram_peak:.1%}")
    if hour.tensor_peak is not None and hour.tensor_peak >= limits.tensor_peak:
        found.append(f"tensor activity at most {hour.tensor_peak:.1%}")
    if hour.requests_peak:
        found.append("requests served")
    return tuple(found)


def _powered(hour: LaneHour, sm: bool | None, dram: bool | None, kernels: bool | None) -> Judged:
    """Power above that of a GPU without work, and no other sign of work."""
    drawn = f"power up to {hour.power_peak:.0f} W, above {hour.quiet_watts:.0f} W"
    if sm is None and dram is None and kernels is not False:
        return Judged("working", (drawn,))
    return Judged(UNKNOWN, (drawn, "but no other sign of work"))


def _missing(
    hour: LaneHour, sm: bool | None, dram: bool | None, power: bool | None, kernels: bool | None, limits: Limits
) -> tuple[str, ...]:
    """What is missing before "no work" can be said; () when nothing is."""
    found = []
    if hour.covered_seconds < 3600 * limits.coverage:
        found.append(f"samples cover {hour.covered_seconds / 3600:.0%} of the hour")
    if kernels:
        found.append(f"kernels ran (utilisation up to {hour.utilization_peak:.0%}) without SM or DRAM activity")
    if hour.memory_used_gib is None:
        return (*found, "memory held is not known")
    held = hour.memory_used_gib > limits.held_gib
    traffic = dram is False or _memory_rests(hour, limits)
    if sm is not False and kernels is not False:
        found.append("SM activity is not known")
    if not traffic and (held or power is not False):
        found.append("DRAM activity is not known" if held else "neither DRAM activity nor power is known")
    if not any(one is False for one in (sm, dram, power)):
        found.append("utilisation alone is no evidence")
    return tuple(found)


def _memory_rests(hour: LaneHour, limits: Limits) -> bool:
    peak = None if hour.is_mig else hour.memory_utilization_peak
    return peak is not None and peak <= limits.utilization_peak


def _without_work(hour: LaneHour, limits: Limits) -> Judged:
    held = hour.memory_used_gib or 0.0
    quiet = [
        text
        for value, text in (
            (hour.sm_peak, "SM activity at most {:.1%}"),
            (hour.dram_peak, "DRAM activity at most {:.1%}"),
            (None if hour.is_mig or hour.quiet_watts is None else hour.power_peak, "power at most {:.0f} W"),
            (None if hour.is_mig else hour.utilization_peak, "utilisation at most {:.0%}"),
        )
        if value is not None
        for text in (text.format(value),)
    ]
    quiet.append(f"{held:.1f} GiB held")
    if held <= limits.held_gib:
        return Judged("idle", tuple(quiet))
    if hour.requests_peak is not None:
        return Judged("waiting", (*quiet, "no requests"))
    if hour.serves:
        return Judged("waiting", (*quiet, "it serves"))
    return Judged("zombie", tuple(quiet))
