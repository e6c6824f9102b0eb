"""Generated plans against `outlay check`: `python -m evals.plan_check [PLANS [SEED]]`.

Each plan is checked twice: in a home without data, by list prices, and in one with a bill of five kinds of machines, by
what they cost there. Exact is: cost, change of cost and GPU-hours at both ends, and how many resources have no price.
"""

import csv
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from evals.machine import write_result
from evals.plan_check.kubernetes import kubernetes_plan
from evals.plan_check.slurm import slurm_plan
from evals.plan_check.terraform import terraform_plan
from evals.plan_check.training import training_plan
from evals.plan_check.truth import OWN, Expected, OwnHours, Plan, expected
from tools.domain.errors import BadInput
from tools.ingest.focus import load_focus
from tools.operate.check.options import CheckOptions
from tools.operate.check.report import CheckReport, check_plans
from tools.operate.check.source import Source
from tools.operate.check.span import Span
from tools.operate.policies.policy_file import PolicyFile
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext
from tools.store import Store

PLANS, SEED = 600, 20_261_124
AS_OF = date(2026, 10, 31)
NEAR = Fraction(1, 10**9)
GENERATORS: dict[str, Callable[[random.Random, int], Plan]] = {
    "slurm": slurm_plan,
    "kubernetes": kubernetes_plan,
    "terraform": terraform_plan,
    "training": training_plan,
}


def generated(count: int, seed: int = SEED) -> list[tuple[str, Plan]]:
    rng = random.Random(seed)
    names = list(GENERATORS)
    return [(form, GENERATORS[form](rng, n)) for n in range(count) for form in [names[n % len(names)]]]


def company(folder: Path) -> ToolContext:
    """A home with the bill that the truth knows: hours spread over the days of October."""
    rows = [_charge(own, date(2026, 10, 2) + timedelta(days=day)) for own in OWN for day in range(30)]
    with (folder / "bill.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    store = Store(folder / "store")
    assert load_focus(store, [folder / "bill.csv"], source="bill").quarantined == 0
    return ToolContext(store=store.snapshot(), as_of=AS_OF)


def _charge(own: OwnHours, day: date) -> dict[str, object]:
    assert own.hours % 30 == 0
    hours = own.hours // 30
    cost = Decimal(own.price) * hours
    return {
        "BillingAccountId": "1",
        "BillingCurrency": "USD",
        "BillingPeriodStart": "2026-10-01T00:00:00Z",
        "BillingPeriodEnd": "2026-11-01T00:00:00Z",
        "ChargePeriodStart": f"{day}T00:00:00Z",
        "ChargePeriodEnd": f"{day + timedelta(days=1)}T00:00:00Z",
        "ChargeCategory": "Usage",
        "ChargeDescription": own.description,
        "ConsumedQuantity": hours,
        "ConsumedUnit": "Hours",
        "PricingQuantity": hours,
        "PricingUnit": "Hours",
        "PricingCategory": "Standard",
        "HostProviderName": own.provider,
        "ServiceName": "Compute",
        "RegionId": own.region,
        **dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), cost),
        "x_Team": "search",
    }


def judged(plan: Plan, ctx: ToolContext | None) -> tuple[str, str]:
    """`exact`, `wrong` or `missed` (honestly unpriced where it could be told), with the difference."""
    try:
        report = check_plans([Source(plan.name, plan.text)], PolicyFile(), ctx, CheckOptions(**plan.options))
    except BadInput as fault:
        return ("exact", "") if plan.truth.refused else ("missed", f"refused: {fault}")
    if plan.truth.refused:
        return "wrong", "read what is no plan as it stands"
    want = expected(plan.truth, has_bill=ctx is not None)
    found = _found(report)
    differences = [
        f"{name}: {_told(got)} for {_told(wish)}"
        for name, got, wish in (
            ("cost", found.cost, want.cost),
            ("added", found.added, want.added),
            ("GPU-hours", found.gpu_hours, want.gpu_hours),
        )
        if not _alike(got, wish) and not (name == "GPU-hours" and want.unpriced)
    ]
    if found.unpriced != want.unpriced:
        differences.append(f"unpriced: {found.unpriced} for {want.unpriced}")
        return ("missed" if found.unpriced > want.unpriced else "wrong"), "; ".join(differences)
    return ("wrong", "; ".join(differences)) if differences else ("exact", "")


GATES = (Fraction(1, 2), Fraction(999_999, 1_000_000), Fraction(1_000_001, 1_000_000), Fraction(2))
"""Where a quota lies, as a part of what is used and what the plan adds."""


def gated(plan: Plan, ctx: ToolContext) -> Counter[str]:
    """Quotas around what the month has used and the plan adds: right where exactly those that are exceeded block."""
    used = sum((Fraction(own.price) * own.hours for own in OWN), Fraction(0))
    added = expected(plan.truth, has_bill=True).added[1]
    found: Counter[str] = Counter()
    for part in GATES:
        limit = (used + max(added, Fraction(1))) * part
        text = Decimal(limit.numerator) / Decimal(limit.denominator)
        rule = Rule.model_validate({
            "name": "quota", "resource": "gpu_machine", "action": "block",
            "filters": [{"column": "EffectiveCost", "above": round(text, 6), "currency": "USD"}],
        })  # fmt: skip
        is_over = added > 0 and used + added > Fraction(round(text, 6))
        report = check_plans(
            [Source(plan.name, plan.text)], PolicyFile(rules=(rule,)), ctx, CheckOptions(team="search")
        )
        found["right" if report.is_blocked == is_over else "wrong"] += 1
    return found


def _found(report: CheckReport) -> Expected:
    def ends(spans: list[Span | None]) -> tuple[Fraction, Fraction]:
        known = [one for one in spans if one is not None]
        return sum((Fraction(s.low) for s in known), Fraction(0)), sum((Fraction(s.high) for s in known), Fraction(0))

    cost = ends(list(report.totals.values()))
    added, gpu_hours = ends(list(report.added.values())), ends([one.gpu_hours for one in report.priced])
    unpriced = sum(one.lacks is not None and one.resource.change != "delete" for one in report.priced)
    return Expected(cost, added, gpu_hours, unpriced)


def _alike(got: tuple[Fraction, Fraction], wish: tuple[Fraction, Fraction]) -> bool:
    return all(abs(a - b) <= NEAR * max(abs(b), 1) for a, b in zip(got, wish, strict=True))


def _told(ends: tuple[Fraction, Fraction]) -> str:
    return f"{float(ends[0]):.4f}–{float(ends[1]):.4f}"


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PLANS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    plans = generated(count, seed)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    traps: dict[str, Counter[str]] = defaultdict(Counter)
    shown, gates = 0, Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        homes = {"list prices": None, "own rates": company(Path(folder))}
        for home, ctx in homes.items():
            for form, plan in plans:
                outcome, why = judged(plan, ctx)
                outcomes[form][outcome] += 1
                for trap in set(plan.traps):
                    traps[f"{form}: {trap}"][outcome] += 1
                if ctx is not None and not plan.truth.refused:
                    gates += gated(plan, ctx)
                if outcome != "exact" and shown < 12:
                    shown += 1
                    print(f"{outcome} {plan.name} ({home}; {', '.join(plan.traps)}): {why}")
    total = sum(outcomes.values(), Counter())
    print(f"{count} plans (seed {seed}), each by list prices and by own rates: {sum(total.values())} checks")
    for form, found in [*outcomes.items(), ("in all", total)]:
        print(f"  {form}: {found['exact']} exact, {found['wrong']} wrong (bar 0), {found['missed']} missed")
    print(f"quotas of money around what is used and the plan: {gates['right']} right, {gates['wrong']} wrong (bar 0)")
    print(f"{len(traps)} kinds of traps, in {sum(bool(plan.traps) for _, plan in plans)} of the plans")
    if (count, seed) == (PLANS, SEED):
        figures = {
            "seed": SEED,
            "plans": count,
            "checks": sum(total.values()),
            **{name: total[name] for name in ("exact", "wrong", "missed")},
            "quotas": dict(gates),
            "formats": {form: dict(found) for form, found in outcomes.items()},
            "traps": {name: dict(found) for name, found in sorted(traps.items())},
        }
        write_result("plan_check", figures)
    return int(total["wrong"] > 0 or gates["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
