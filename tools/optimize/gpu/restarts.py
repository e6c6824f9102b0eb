"""Failed and restarted jobs: hours of runs that ended without a result, and what checkpoints would have kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from fractions import Fraction

from tools.domain.period import Period
from tools.domain.recommendation import Phase, Recommendation
from tools.domain.records import TrainingRun
from tools.inform.scenario.gpus import machine_type
from tools.optimize.gpu.advice import Advice, drafted
from tools.optimize.gpu.machines import Payment, cash_of, is_hourly
from tools.optimize.gpu.rules import gpu_rules
from tools.optimize.ledger import Ledger, Line
from tools.optimize.lever import READY, Preflight
from tools.registry import ToolContext

OWNERS = ("x_Team", "x_Project")
TRAINS = ("training", "fine_tuning")


@dataclass(frozen=True)
class Lost:
    """GPU-hours of failed runs in the period; `kept` is what checkpoints would have saved of them."""

    runs: tuple[TrainingRun, ...]
    gpu_hours: Fraction
    kept: Fraction
    all_runs: int


class Restarts:
    """The saving is the share of a project's training hours that failed runs took, less what a checkpoint can't keep.

    A failed run would still have lost half a checkpoint interval and its restart, on all of its GPUs. The share counts
    for machines on demand and under a commitment alike.
    """

    name = "restarts"
    label = "lose less to failed and restarted jobs"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not any(run.status and run.gpu_hours for run in ctx.store.records("runs")):
            return Preflight("training runs with their status and GPU-hours (outlay ingest runs)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        found = []
        for owner, lost in failed_runs(ctx, ledger.period).items():
            lines = training_lines(ledger, dict(owner))
            hours = sum((line.quantity * _gpus(line) for line in lines), Fraction(0))
            if not hours:
                continue
            for cash in ("cash", "capacity"):
                own = tuple(line for line in lines if cash_of(line) == cash)
                if not own:
                    continue
                commitment = next((line["CommitmentDiscountId"] for line in own), None)
                payment = Payment(cash_of(own[0]), own, commitment)
                advice = self._advice(dict(owner), lost, hours)
                target = "/".join(value for _, value in owner)
                edits = payment.edits(1 - advice.avoided, "ResourceId", "ChargeDescription", *OWNERS, "x_Workload")
                name = target if cash == "cash" else f"{target}/{commitment or cash}"
                found.append(drafted(ctx, ledger, payment, advice, edits, name))
        return found

    def _advice(self, owner: Mapping[str, str], lost: Lost, hours: Fraction) -> Advice:
        whose, count = " of ".join(reversed(list(owner.values()))), len(lost.runs)
        rules = gpu_rules().checkpoint
        named = ", ".join(run.name or run.run_id for run in lost.runs[:3])
        return Advice(
            lever=self.name,
            description=f"Let training of {whose} write checkpoints: failed runs lost what they had reached",
            avoided=min(Fraction(1), lost.kept / hours),
            low=Fraction(0),
            high=min(Fraction(1), lost.gpu_hours / hours),
            confidence=Decimal("0.5"),
            effort="Medium",
            risk="Low",
            evidence=(
                f"{count} of {lost.all_runs} runs in the period failed ({named}), after {float(lost.gpu_hours):,.0f} "
                f"GPU-hours, of {float(hours):,.0f} that were charged for training",
                f"with a checkpoint each {rules.interval_hours} h and {rules.restart_hours} h to start again, "
                f"{float(lost.kept):,.0f} of them would have been kept",
            ),
            steps=(
                "tell faults of hardware, of code and of preemption apart",
                "write checkpoints, and start again from the last one by itself, a few times at most",
                "take machines with repeated XID errors out",
            ),
            proved_wrong_by="the runs did go on from a checkpoint, or failed by a fault that a restart would repeat",
        )


def failed_runs(ctx: ToolContext, period: Period) -> dict[tuple[tuple[str, str], ...], Lost]:
    """Team and project → what their failed runs took in the period; a run counts by the part of it that lies inside."""
    runs: dict[tuple[tuple[str, str], ...], list[tuple[TrainingRun, Fraction]]] = defaultdict(list)
    for run in ctx.store.records("runs"):
        inside = _inside(run, period)
        if run.gpu_hours and inside:
            owner = tuple((column, run.slice[column]) for column in OWNERS if run.slice.get(column))
            runs[owner].append((run, inside))
    found = {}
    for owner, own in runs.items():
        failed = [(run, part) for run, part in own if (run.status or "").lower() in gpu_rules().failed_status]
        if owner and failed:
            hours = sum((Fraction(run.gpu_hours or 0) * part for run, part in failed), Fraction(0))
            kept = sum((_kept(run) * part for run, part in failed), Fraction(0))
            found[owner] = Lost(tuple(run for run, _ in failed), hours, kept, len(own))
    return found


def training_lines(ledger: Ledger, owner: Mapping[str, str]) -> list[Line]:
    """Hours of GPU machines that train for a team and project."""
    return [
        line
        for line in ledger.lines
        if is_hourly(line)
        and (line["x_Workload"] or "").lower() in TRAINS
        and all(line[column] == value for column, value in owner.items())
        and _gpus(line)
    ]


def _kept(run: TrainingRun) -> Fraction:
    """What a failed run would not have lost with checkpoints: all but half an interval and the restart, on its GPUs."""
    rules = gpu_rules().checkpoint
    hours = Fraction(run.gpu_hours or 0)
    long = Fraction((run.end - run.start).total_seconds()) / 3600 if run.end else Fraction(0)
    if not long:
        return Fraction(0)
    return max(Fraction(0), hours - hours / long * (Fraction(rules.interval_hours) / 2 + Fraction(rules.restart_hours)))


def _inside(run: TrainingRun, period: Period) -> Fraction:
    """The part of a run's time that lies in the period."""
    start, end = _utc(run.start), _utc(run.end) if run.end else None
    first, after = (datetime.combine(day, time(), UTC) for day in (period.start, period.end))
    if end is None or end <= start:
        return Fraction(int(first <= start < after))
    seconds = (min(end, after) - max(start, first)).total_seconds()
    return Fraction(max(0, int(seconds))) / Fraction(int((end - start).total_seconds()))


def _utc(time_: datetime) -> datetime:
    return time_ if time_.tzinfo else time_.replace(tzinfo=UTC)


def _gpus(line: Line) -> int:
    kind = machine_type(line["ChargeDescription"] or "")
    return kind.gpus if kind else 0
