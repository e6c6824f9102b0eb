"""MLflow's file store (mlruns/<experiment>/<run>/…) as run records.

Source of the layout: mlflow.org/docs, backend stores, file store: `meta.yaml` per run, `params/<name>` and
`tags/<name>` with the value as text, `metrics/<name>` with lines of "milliseconds value step".
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tools.domain.errors import BadInput
from tools.domain.load import LoadedFile
from tools.ingest.record_fields import dimension_of, load_rules

META = "meta.yaml"
STATUSES = {1: "running", 2: "scheduled", 3: "finished", 4: "failed", 5: "killed"}
"""RunStatus in MLflow's service.proto; newer files write the name."""
PREFERRED = ("val", "eval", "test")


def find_stores(paths: Sequence[Path | str]) -> list[Path]:
    """Those of `paths` that are file stores: folders with runs at most two levels down."""
    folders = [Path(path).expanduser() for path in paths]
    return [path for path in folders if path.is_dir() and any(_runs_in(path))]


def stage_runs(stores: Sequence[Path], staging: Path) -> tuple[Path, list[LoadedFile], dict[str, str]]:
    """Write every run as a line of JSON; gives that file, what was read, and the store's name of each path.

    Raises BadInput when a run's meta.yaml can't be read.
    """
    staged, files, sources = staging / "mlflow.jsonl", [], {}
    with staged.open("w", encoding="utf-8") as out:
        for store in stores:
            sources[str(store)] = store.resolve().name
            for meta in _runs_in(store):
                out.write(json.dumps(_run(meta) | {"outlay_file": str(store)}) + "\n")
                files.append(_loaded(meta))
    return staged, files, sources


def _runs_in(store: Path) -> Iterator[Path]:
    for depth in (META, f"*/{META}", f"*/*/{META}"):
        yield from (path for path in sorted(store.glob(depth)) if (path.parent / "metrics").is_dir())


def _run(meta: Path) -> dict[str, Any]:
    facts, folder = _read_meta(meta), meta.parent
    params, tags = _texts(folder / "params"), _texts(folder / "tags")
    name, value = _objective(folder / "metrics")
    status = facts.get("status")
    found: dict[str, Any] = {
        "run_id": facts.get("run_id") or facts.get("run_uuid") or folder.name,
        "name": facts.get("run_name") or tags.get("mlflow.runName") or None,
        "start": _iso(facts.get("start_time")),
        "end": _iso(facts.get("end_time")),
        "status": STATUSES.get(status, str(status)) if isinstance(status, int) else str(status or "").lower() or None,
        "epochs": _first(params, "epochs"),
        "gpu_hours": _first(params | tags, "gpu_hours") or _last(folder / "metrics" / "gpu_hours"),
        "metric_name": name,
        "metric_value": value,
        "x_Experiment": _experiment(folder.parent / META),
    }
    for key, text in (params | tags).items():
        dimension = dimension_of(key)
        if dimension and not key.startswith("mlflow."):
            found[dimension] = text
    return found


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        facts = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise BadInput(f"{path} can't be read: {str(fault).splitlines()[0]}") from None
    if not isinstance(facts, dict):
        raise BadInput(f"{path} holds no run; remove it or export the runs again")
    return facts


def _texts(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    return {
        path.name: path.read_text("utf-8", "replace").strip() for path in sorted(folder.iterdir()) if path.is_file()
    }


def _objective(folder: Path) -> tuple[str | None, str | None]:
    """The metric a run is judged by and its last value: validation before training metrics."""
    own = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(("gpu", "system"))]
    if not own:
        return None, None
    chosen = min(own, key=lambda path: (not path.name.startswith(PREFERRED), path.name))
    lines = [line.split() for line in chosen.read_text("utf-8").splitlines() if line.strip()]
    if not lines:
        return chosen.relative_to(folder).as_posix(), None
    last = lines[-1]
    return chosen.relative_to(folder).as_posix(), last[1] if len(last) > 1 else None


def _last(path: Path) -> str | None:
    if not path.is_file():
        return None
    lines = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip()]
    return lines[-1][1] if lines and len(lines[-1]) > 1 else None


def _first(texts: dict[str, str], field: str) -> str | None:
    names = (field, *load_rules().kinds["runs"].fields[field].names)
    return next((texts[name] for name in names if name in texts), None)


def _iso(milliseconds: Any) -> str | None:
    if not isinstance(milliseconds, int | float):
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def _experiment(meta: Path) -> str | None:
    return str(_read_meta(meta).get("name") or "") or None if meta.is_file() else None


def _loaded(meta: Path) -> LoadedFile:
    content = meta.read_bytes()
    name = "/".join(meta.parts[-3:])
    return LoadedFile(
        name=name, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), stem=meta.parent.name
    )
