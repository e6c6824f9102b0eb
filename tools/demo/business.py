"""The story around the bills: business metrics, budgets, changes, training runs."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tools.demo.calendar import Calendar
from tools.demo.cloud import daily_level
from tools.demo.disturbances import moment, token_disturbances
from tools.demo.prices import haiku_rise
from tools.demo.windows import windows

BUDGETS = (
    ("", 680_000),
    ("assist", 150_000),
    ("docflow", 90_000),
    ("discovery", 50_000),
    ("insights", 85_000),
    ("ml-research", 130_000),
    ("platform", 70_000),
)
"""Monthly budgets in USD by team; the first one is the company's."""


BENEFITS = (
    ("copilot", 6_900, 1.5),
    ("extractor", 3_100, 1.3),
    ("report-writer", 1_250, 1.2),
    ("recommender", 1_900, 1.45),
    ("voice-desk", 640, 1.3),
    ("redactor", 720, 1.2),
    ("semantic-search", 410, 1.3),
    ("sql-helper", 160, 1.1),
)
"""What a project is worth in USD a day, in work saved and sales won, with its growth; the other projects count none."""
QUALITY = (
    ("gpt-4.1", "extraction", 0.915),
    ("gpt-5.5-mini", "extraction", 0.902),
    ("claude-sonnet-4-5", "extraction", 0.948),
    ("deepseek-v3.2", "extraction", 0.861),
    ("claude-sonnet-4-5", "chat", 0.884),
    ("qwen3-235b", "chat", 0.823),
    ("gpt-5.5", "reporting", 0.931),
    ("gpt-5.5-mini", "ranking", 0.874),
    ("claude-haiku-4-5", "ranking", 0.889),
    ("o4-mini", "code-assist", 0.792),
    ("claude-sonnet-4-5", "code-assist", 0.871),
    ("claude-opus-4-5", "code-assist", 0.912),
)
"""The share of reviewed answers that were right, by model and use case."""


def write_story(folder: Path, calendar: Calendar, noise: np.random.Generator) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(folder / "business_metrics.csv", ("date", "metric", "value", "x_Project"), _metrics(calendar, noise)),
        _write(folder / "budgets.csv", ("name", "x_Team", "start", "end", "amount", "currency"), _budgets(calendar)),
        _write(folder / "events.csv", ("time", "kind", "title", "x_Team", "x_Project"), _events(calendar)),
        _write(folder / "training_runs.csv", RUN_COLUMNS, _runs(calendar, noise)),
        _write(folder / "quality.csv", QUALITY_COLUMNS, _quality(calendar, noise.spawn(1)[0])),
    ]


def _metrics(calendar: Calendar, noise: np.random.Generator) -> Iterable[Sequence[object]]:
    series = {
        "active_customers": daily_level(calendar, 1_840, noise, 1.3),
        "requests_served": daily_level(calendar, 410_000, noise, 1.4),
        "documents_processed": daily_level(calendar, 96_000, noise, 1.45),
        "revenue": daily_level(calendar, 68_000, noise, 1.35),
    }
    for name, values in series.items():
        for index, value in enumerate(values):
            yield calendar.day(index), name, round(float(value), 2) if name == "revenue" else round(float(value)), ""
    (own,) = noise.spawn(1)  # so that what follows is drawn as it was
    for project, value_a_day, growth in BENEFITS:
        for index, value in enumerate(daily_level(calendar, value_a_day, own, growth)):
            yield calendar.day(index), "benefit", round(float(value), 2), project


def _budgets(calendar: Calendar) -> Iterable[Sequence[object]]:
    for first, _ in calendar.months():
        after = (first + timedelta(days=32)).replace(day=1)
        for team, amount in BUDGETS:
            yield f"{team or 'company'} {first:%Y-%m}", team, first, after, amount, "USD"


def _events(calendar: Calendar) -> Iterable[Sequence[object]]:
    """Deployments, launches and price changes: some precede a change in cost, most don't."""
    around = windows(calendar)
    rows: list[tuple[date, str, str, str, str]] = [
        (calendar.day(haiku_rise(calendar)[0] - 9), "notice", "Provider newsletter: new rates next week", "", ""),
        (calendar.day(calendar.index(calendar.month(6)) + 9), "deployment", "extractor 5.0", "docflow", "extractor"),
        (calendar.day(calendar.index(calendar.month(12)) + 5), "launch", "report-writer preview", "insights",
         "report-writer"),
        (calendar.day(around.unlabelled[0]), "launch", "slide-maker captions", "insights", "slide-maker"),
        (calendar.day(around.region[0]), "deployment", "slide-maker 1.8", "insights", "slide-maker"),
        (calendar.day(around.uncovered[0] - 30), "notice", "Contract renewals due this quarter", "", ""),
    ]  # fmt: skip
    for one in token_disturbances(calendar):
        if one.leads and "project" in one.where:
            project = one.where["project"]
            rows.append((moment(calendar, one.first).date(), "deployment", f"{project} update", "", project))
    names = ("copilot", "extractor", "recommender", "sql-helper", "gateway", "semantic-search", "voice-desk")
    for number, index in enumerate(range(3, calendar.days, 9)):
        project = names[number % len(names)]
        rows.append((calendar.day(index), "deployment", f"{project} {2 + number // 7}.{number % 7}", "", project))
    for day, kind, title, team, project in sorted(rows):
        yield f"{day}T09:{len(title) % 60:02}:00Z", kind, title, team, project


RUN_COLUMNS = ("run", "x_Project", "x_Team", "start", "end", "hosts", "gpus", "gpu_hours", "status", "final_loss")


def _runs(calendar: Calendar, noise: np.random.Generator) -> Iterable[Sequence[object]]:
    for number, first in enumerate(range(4, calendar.days - 6, 11)):
        days, hosts = 2 + number % 4, 2 + number % 3
        status = "failed" if number % 9 == 7 else "finished"
        loss = 2.4 * 0.985**number + 0.02 * float(noise.standard_normal())
        start = calendar.day(first)
        yield (f"run-{1_000 + 37 * number:x}", "foundation", "ml-research", start, start + timedelta(days=days), hosts,
               8 * hosts, 8 * hosts * 24 * days, status, round(loss, 4))  # fmt: skip


QUALITY_COLUMNS = ("date", "model", "use_case", "metric", "score", "samples")


def _quality(calendar: Calendar, noise: np.random.Generator) -> Iterable[Sequence[object]]:
    """A review each Monday of some hundred answers of each model in each use case."""
    for index in range(calendar.days):
        if calendar.day(index).weekday() != 0:
            continue
        for model, use_case, rate in QUALITY:
            samples = int(noise.integers(150, 450))
            right = int(noise.binomial(samples, rate))
            yield calendar.day(index), model, use_case, "success_rate", round(right / samples, 4), samples


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
