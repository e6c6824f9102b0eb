"""Building the demo world's raw files, and loading them through the ordinary entry points."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tools.demo.calendar import Calendar
from tools.domain.load import LoadReport, Progress
from tools.store import Store

if TYPE_CHECKING:
    from tools.demo.disturbances import Incident
    from tools.domain.records import RecordKind

FIRST_QUESTION = "top 5 costly models"
MARKER, LOADED = "world.json", "loaded"
Report = Callable[[Progress], None]


@dataclass(frozen=True)
class World:
    """A built demo world. `truth` is there only when this call built it: no file in the home holds it."""

    folder: Path
    today: date
    seed: int
    built: bool
    truth: "tuple[Incident, ...]" = ()

    @property
    def headline(self) -> str:
        """One sentence about the world and its age."""
        first, last = Calendar(self.today).start, self.today - timedelta(days=1)
        state = "built just now" if self.built else "already here"
        return f"Fernhill, a made-up company with 6 teams and 15 models; {first} to {last}, {state}"


def build_world(folder: Path, *, today: date, seed: int = 7, progress: Report | None = None) -> World:
    """Write the company's raw files for the thirteen full months before `today`'s month, and it through yesterday.

    A folder that holds a finished world is left as it is, also on a later day. An unfinished one is built anew.
    """
    marker = folder / MARKER
    if marker.exists():
        known = json.loads(marker.read_text("utf-8"))
        return World(folder, date.fromisoformat(known["today"]), known["seed"], built=False)
    from tools.demo.company import write_company

    tell = progress or (lambda _: None)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    truth = write_company(folder, Calendar(today), seed, lambda stage: tell(Progress(stage, 0, None)))
    marker.write_text(json.dumps({"today": today.isoformat(), "seed": seed}), "utf-8")
    return World(folder, today, seed, built=True, truth=truth)


def load_world(store: Store, folder: Path, *, progress: Report | None = None) -> tuple[LoadReport, ...]:
    """Load the world's bills, usage, records and GPU samples as `outlay ingest` would; again, it changes nothing."""
    from tools.ingest.focus import load_focus
    from tools.ingest.gpu import load_gpu
    from tools.ingest.records import load_all_records
    from tools.ingest.usage import load_usage

    bills, usage, prices = folder / "bills", folder / "usage", folder / "price_list.yaml"
    reports = [
        load_focus(store, [bills / name], source=name, progress=progress)
        for name in ("openai", "anthropic", "aws", "google", "nordhaven")
    ]
    reports.append(load_usage(
        store, [usage / "openai"], provider="OpenAI", columns=OPENAI_COLUMNS, prices=prices,
        assign={"x_ModelDeveloper": "OpenAI"}, source="openai-usage", progress=progress,
    ))  # fmt: skip
    reports.append(load_usage(
        store, [usage / "anthropic"], provider="Anthropic", columns=ANTHROPIC_COLUMNS, prices=prices,
        assign={"x_ModelDeveloper": "Anthropic"}, source="anthropic-usage", progress=progress,
    ))  # fmt: skip
    reports.append(load_usage(
        store, [usage / "self_hosted"], provider="Nordhaven Compute", columns=SELF_HOSTED_COLUMNS, prices=prices,
        source="self-hosted", basis="estimate", progress=progress,
    ))  # fmt: skip
    reports.append(load_usage(
        store, [usage / "gateway"], provider="OpenAI", columns=GATEWAY_COLUMNS, prices=prices,
        assign={"x_ModelDeveloper": "OpenAI"}, source="gateway", basis="estimate", progress=progress,
    ))  # fmt: skip
    story = {kind: folder / "story" / name for kind, name in RECORD_FILES.items()}
    reports += load_all_records(store, story, progress=progress)
    reports.append(load_gpu(store, [folder / "gpus"], source="dcgm", progress=progress))
    return tuple(reports)


def ensure_demo(store: Store, folder: Path, *, today: date, seed: int = 7, progress: Report | None = None) -> World:
    """The demo world in a home: built and loaded on the first call, a no-op once it has been."""
    loaded = folder / LOADED
    world = build_world(folder, today=today, seed=seed, progress=progress)
    if world.built or not loaded.exists():
        load_world(store, folder, progress=progress)
        loaded.touch()
    return world


RECORD_FILES: "dict[RecordKind, str]" = {
    "metrics": "business_metrics.csv",
    "budgets": "budgets.csv",
    "events": "events.csv",
    "runs": "training_runs.csv",
    "quality": "quality.csv",
}
_OWNERS = {
    "team": "x_Team",
    "environment": "x_Environment",
    "use_case": "x_UseCase",
    "customer": "x_Customer",
    "workload": "x_Workload",
}
OPENAI_COLUMNS = {
    **_OWNERS,
    "start_time": "time",
    "project": "x_Project",
    "input_cached_tokens": "cached_input_tokens",
    "output_reasoning_tokens": "reasoning_tokens",
    "num_model_requests": "requests",
}
ANTHROPIC_COLUMNS = {
    **_OWNERS,
    "starting_at": "time",
    "workspace": "x_Project",
    "uncached_input_tokens": "input_tokens",
    "cache_creation_input_tokens": "cache_write_tokens",
    "cache_read_input_tokens": "cached_input_tokens",
    "num_requests": "requests",
}
SELF_HOSTED_COLUMNS = {
    **_OWNERS,
    "window_start": "time",
    "model_group": "model",
    "project": "x_Project",
    "prompt_tokens": "input_tokens",
    "completion_tokens": "output_tokens",
    "api_requests": "requests",
}
GATEWAY_COLUMNS = {
    "date": "time",
    "team_id": "x_Team",
    "project": "x_Project",
    "environment": "x_Environment",
    "end_user": "x_Customer",
    "prompt_tokens": "input_tokens",
    "cache_read_input_tokens": "cached_input_tokens",
    "completion_tokens": "output_tokens",
    "api_requests": "requests",
    "spend": "cost",
}
