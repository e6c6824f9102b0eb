"""Idle GPUs: machines on which nothing ran, by joint evidence of SM, DRAM, power, memory held and requests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Level, Phase, Recommendation
from tools.inform.scenario.attribution import decimal_of
from tools.optimize.gpu.advice import Advice, about_machine
from tools.optimize.gpu.fleet import Sampled, read_fleet
from tools.optimize.gpu.machines import Payment
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.gpu.telemetry import HostSummary, Window, missing_samples, window
from tools.optimize.ledger import Ledger
from tools.optimize.lever import Preflight
from tools.registry import ToolContext
from tools.telemetry.activity import UNKNOWN, Verdict, judge_window
from tools.telemetry.limits import activity_rules


@dataclass(frozen=True)
class _Meaning:
    """What a verdict asks for."""

    do: str
    confidence: Decimal
    effort: Level
    risk: Level
    steps: tuple[str, ...]
    wrong: str


MEANINGS: dict[Verdict, _Meaning] = {
    "idle": _Meaning(
        "Stop {name}: nothing ran on it",
        Decimal("0.95"),
        "Very Low",
        "Low",
        ("ask the owner, with a date by which silence is consent", "stop it and keep its disks", "delete it later"),
        "it is kept ready on purpose, as standby or for a job that is about to start",
    ),
    "zombie": _Meaning(
        "Stop {name}: memory is held on it, but nothing runs",
        Decimal("0.85"),
        "Low",
        "Medium",
        ("ask whose process holds the memory", "save what it holds", "stop the machine, and set an idle time-out"),
        "a paused session on it holds work that is not saved elsewhere",
    ),
    "waiting": _Meaning(
        "Take down {name}: an endpoint is loaded on it that nobody calls",
        Decimal("0.7"),
        "Medium",
        "Medium",
        ("find out who may call it, and how rarely", "let it start on demand", "take it down, and keep its weights"),
        "it is called more rarely than these days show: at the end of a quarter, or as a fallback",
    ),
}


@dataclass(frozen=True)
class IdleGpu:
    """The saving is all hours of a machine that did nothing in the last days, as far as they are paid by the hour.

    One on which anything worked, or of which too many hours are not known, is left alone.
    """

    name: str = "idle_gpu"
    label: str = "stop GPUs on which nothing runs"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        return Preflight(missing_samples(ctx))

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        inside = window(ctx, gpu_rules().recent_days)
        fleet = read_fleet(ctx, ledger, inside)
        found = [
            about_machine(ctx, ledger, one.machine, payment, self._advice(one, payment, verdict, inside))
            for one, verdict in judged(fleet.sampled, inside)
            for payment in one.machine.payments
        ]
        return [*found, *(one for host in fleet.unbilled if (one := self._owned(ctx, ledger, host, inside)))]

    def _advice(self, one: Sampled, payment: Payment, verdict: Verdict, inside: Window) -> Advice:
        means, quiet = MEANINGS[verdict], quiet_share(one)
        return Advice(
            lever=self.name,
            description=means.do.format(name=one.machine.name),
            avoided=Fraction(1),
            low=quiet,
            high=Fraction(1),
            confidence=means.confidence,
            effort=means.effort,
            risk=means.risk,
            evidence=seen(one.samples, inside, quiet),
            steps=means.steps,
            proved_wrong_by=means.wrong,
        )

    def _owned(self, ctx: ToolContext, ledger: Ledger, host: HostSummary, inside: Window) -> Recommendation | None:
        """A host that no charge bears the name of saves power, if it is owned; only in dollars, as the price is."""
        verdict = judge_window(host.verdicts, float(host.spanned_gpu_hours(inside)), activity_rules().limits)
        if (
            verdict not in MEANINGS
            or not is_long_enough(host, inside)
            or host.watts is None
            or ledger.currency != "USD"
        ):
            return None
        means, power = MEANINGS[verdict], gpu_rules().power
        hours = Fraction(host.gpu_hours * 365, 12 * gpu_rules().recent_days)
        kwh = Fraction(host.watts) * hours / 1000 * Fraction(power.pue)
        saving = decimal_of(kwh * Fraction(power.usd_per_kwh))
        return Recommendation(
            lever=self.name,
            target=host.host,
            description=means.do.format(name=f"{host.host} ({host.model_name or 'GPU machine'})"),
            added_cost=-saving,
            low=saving,
            high=saving,
            currency=ledger.currency,
            cash="power",
            confidence=means.confidence,
            effort=means.effort,
            risk=means.risk,
            evidence=(
                *seen(host, inside, Fraction(1)),
                "no charge bears its name, so it is taken to be owned: switching it off saves its power",
                f"{host.watts:.0f} W a GPU at {power.usd_per_kwh} USD/kWh and a PUE of {power.pue}",
            ),
            steps=means.steps,
            proved_wrong_by=f"{means.wrong}; or it is rented under another name",
            exclusive=frozenset({host.host}),
            owner=host.owner,
            resource_id=host.host,
            period=ledger.period,
            created=ctx.as_of,
        )


def judged(fleet: Iterable[Sampled], inside: Window) -> list[tuple[Sampled, Verdict]]:
    """Machines that did nothing in the window, with what that nothing was."""
    limits = activity_rules().limits
    verdicts = ((one, judge_window(one.samples.verdicts, float(one.known_of(inside)), limits)) for one in fleet)
    return [(one, verdict) for one, verdict in verdicts if verdict in MEANINGS and is_long_enough(one.samples, inside)]


def idle_keys(ctx: ToolContext, ledger: Ledger) -> frozenset[str]:
    """Machines that this lever is about: the others leave them alone. Only for a store with samples."""
    inside = window(ctx, gpu_rules().recent_days)
    return frozenset(one.machine.key for one, _ in judged(read_fleet(ctx, ledger, inside).sampled, inside))


def is_long_enough(samples: HostSummary, inside: Window) -> bool:
    """Whether the samples reach over enough days of the window, and up to its last days."""
    days = gpu_rules().least_days
    return (samples.last - samples.first).days >= days - 1 and (inside.end - samples.last).days < days


def quiet_share(one: Sampled) -> Fraction:
    """The share of the charged GPU-hours that were seen without work."""
    quiet = sum(count for verdict, count in one.samples.verdicts.items() if verdict not in ("working", UNKNOWN))
    return Fraction(quiet) / one.expected_gpu_hours


def seen(samples: HostSummary, inside: Window, share: Fraction) -> tuple[str, ...]:
    """What the samples of a host without work show."""
    hours = {name: count for name, count in samples.verdicts.items() if count}
    parts = [f"SM activity {samples.sm_mean:.2%}" if samples.sm_mean is not None else "SM activity not sampled"]
    if samples.memory_peak_gib is not None:
        of = f" of {samples.memory_total_gib:.0f}" if samples.memory_total_gib else ""
        parts.append(f"at most {samples.memory_peak_gib:.1f}{of} GiB held on a GPU")
    if samples.watts is not None:
        parts.append(f"{samples.watts:.0f} W a GPU")
    if samples.requests is not None:
        parts.append(f"{samples.requests:.0f} requests")
    counted = ", ".join(f"{count} {name}" for name, count in hours.items())
    return (
        f"{inside}: GPU-hours {counted}; {float(share):.1%} of the charged ones",
        ", ".join(parts),
    )
