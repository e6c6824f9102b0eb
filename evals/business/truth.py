"""What the demo company's files say of budgets, unit costs, returns and training, in plain Python.

Daily spend comes from evals.demo.facts (the raw bills again, none of Outlay's code); the rest is read with csv.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, localcontext
from pathlib import Path

from evals.demo.facts import read_facts

Day = tuple[date, str | None]


@dataclass(frozen=True)
class Company:
    """Spend by day and team, and the story around it."""

    spend: dict[Day, Decimal]
    requests: dict[date, tuple[Decimal, Decimal]]
    """Day → cost of priced model usage, requests of it and of what is unpriced."""
    training: dict[date, Decimal]
    budgets: list[dict[str, str]] = field(default_factory=list)
    metrics: list[dict[str, str]] = field(default_factory=list)
    runs: list[dict[str, str]] = field(default_factory=list)

    def spent(self, start: date, end: date, team: str | None = None) -> Decimal:
        """From `start` to before `end`; of one team, or of all and nobody."""
        return _sum(v for (day, who), v in self.spend.items() if start <= day < end and team in (None, who))

    def metric(self, name: str, start: date, end: date) -> list[Decimal]:
        return [
            Decimal(one["value"]) for one in self.metrics
            if one["metric"] == name and start <= date.fromisoformat(one["date"]) < end
        ]  # fmt: skip

    def total(self, name: str, start: date, end: date) -> Decimal:
        return _sum(self.metric(name, start, end))

    def mean(self, name: str, start: date, end: date) -> Decimal:
        values = self.metric(name, start, end)
        return quotient(_sum(values), Decimal(len(values)))

    def amount(self, team: str, start: date) -> Decimal:
        """The budget of a team ("" for the company) that begins on a day."""
        return next(
            Decimal(one["amount"]) for one in self.budgets
            if one["x_Team"] == team and date.fromisoformat(one["start"]) == start
        )  # fmt: skip

    def run_costs(self) -> dict[str, Decimal]:
        """Each day's training cost of the project to that day's runs, by their GPU-hours a day."""
        costs: dict[str, Decimal] = {}
        with localcontext(prec=60):
            for day, cost in self.training.items():
                weights = {one["run"]: _hours_a_day(one) for one in self.runs if _is_on(one, day)}
                for run, weight in weights.items():
                    costs[run] = costs.get(run, Decimal(0)) + cost * weight / sum(weights.values())
        return costs


def read_company(folder: Path) -> Company:
    facts = read_facts(folder)
    team = "SELECT day, team, sum(effective) FROM facts WHERE counts AND effective IS NOT NULL GROUP BY 1, 2"
    calls = (
        "SELECT day, sum(effective) FILTER (WHERE NOT unpriced AND token_type IS NOT NULL), sum(requests) "
        "FROM facts WHERE counts_usage GROUP BY 1"
    )
    training = (
        "SELECT day, sum(effective) FROM facts WHERE counts AND workload IN ('training', 'fine_tuning') "
        "AND project = 'foundation' AND team = 'ml-research' GROUP BY 1"
    )
    story = folder / "story"
    return Company(
        spend={(day, who): amount for day, who, amount in facts.execute(team).fetchall()},
        requests={day: (cost or Decimal(0), n or Decimal(0)) for day, cost, n in facts.execute(calls).fetchall()},
        training={day: cost for day, cost in facts.execute(training).fetchall() if cost},
        budgets=_rows(story / "budgets.csv"),
        metrics=_rows(story / "business_metrics.csv"),
        runs=_rows(story / "training_runs.csv"),
    )


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    with localcontext(prec=40):
        return numerator / denominator


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _is_on(run: dict[str, str], day: date) -> bool:
    return date.fromisoformat(run["start"]) <= day < date.fromisoformat(run["end"])


def _hours_a_day(run: dict[str, str]) -> Decimal:
    days = (date.fromisoformat(run["end"]) - date.fromisoformat(run["start"])) // timedelta(days=1)
    return Decimal(run["gpu_hours"]) / days


def _sum(values: Iterable[Decimal]) -> Decimal:
    with localcontext(prec=60):
        return sum(values, Decimal(0))
