"""`--watch` loads what has changed and come to rest, and nothing else."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli.follow import Look, changes, look_at

HEADER = "time,model,requests,input_tokens,output_tokens"


def _watched(paths: list[str], *acts: Callable[[], object]) -> Iterator[Look]:
    """The changes seen while each act happens in one interval; ends when the acts do."""
    queue = iter(acts)

    def sleep(_: float) -> None:
        next(queue, _end)()

    return _until_end(changes(paths, every=1.0, sleep=sleep))


class _Ended(Exception):
    pass


def _end() -> None:
    raise _Ended


def _until_end(seen: Iterator[Look]) -> Iterator[Look]:
    try:
        yield from seen
    except _Ended:
        return


def _rest() -> None:
    pass


def test_a_file_is_given_once_it_rests_and_again_when_it_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    acts = (
        _rest, lambda: file.write_text("a"), lambda: file.write_text("ab"), _rest, _rest, _rest,
        lambda: file.write_text("abc"), _rest, _rest,
    )  # fmt: skip
    assert [look[0][1] for look in _watched([str(tmp_path)], *acts)] == [2, 3]


def test_folders_globs_and_hidden_files(tmp_path: Path) -> None:
    for name in ("a.csv", ".hidden.csv", "b.parquet"):
        (tmp_path / name).write_text("x")
    assert [Path(path).name for path, _, _ in look_at([str(tmp_path)])] == ["a.csv", "b.parquet"]
    assert [Path(path).name for path, _, _ in look_at([str(tmp_path / "*.csv")])] == ["a.csv"]
    assert look_at([str(tmp_path / "gone.csv")]) == ()


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """The command with SIGINT ignored, as a shell starts it in the background; it never outlives the test."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield process
        process.wait(timeout=60)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_watching_loads_each_change_tells_what_it_cannot_read_and_stops_politely(
    tmp_path: Path, sent: signal.Signals
) -> None:
    file = tmp_path / "usage.csv"
    command = [
        sys.executable, "-c", "from agent.cli.main import main; main()", "--home", str(tmp_path / "home"),
        "ingest", "usage", str(file), "--provider", "openai", "--json", "--watch", "--every", "0.2",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with _process(command, environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "watching" in process.stderr.readline()
        reports = []
        for rows in (1, 2):
            day = [f"2026-10-0{n},gpt-5.5,1,10,5" for n in range(1, rows + 1)]
            file.write_text("\n".join([HEADER, *day]) + "\n", encoding="utf-8")
            reports.append(json.loads(process.stdout.readline()))
        file.write_text("", encoding="utf-8")
        fault = next(line for line in process.stderr if "not loaded" in line)
        process.send_signal(sent)
        rest = list(process.stderr)
    assert [report["accepted"] for report in reports] == [1, 2]
    assert "usage.csv" in fault
    assert "trying again" in fault
    assert "stopped watching" in rest[-1]
    assert process.returncode == 0


def _hours(first: int, last: int, runaway_from: int) -> str:
    """Two keys, an hour a row each; from some hour on one of them makes sixty times the requests."""
    rows = []
    for hour in range(first, last):
        for key in ("alpha", "beta"):
            many = 60 if key == "beta" and hour >= runaway_from else 1
            tokens = many * (100_000 + 7_000 * (hour % 5))
            time = f"2026-10-{1 + hour // 24:02d}T{hour % 24:02d}:00:00Z"
            rows.append(f"{time},gpt-5.5,{many},{tokens},{tokens // 10},{key}")
    return "\n".join(rows) + "\n"


def test_watching_alerts_to_a_runaway_key_once_on_the_load_that_has_it(tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    command = [
        sys.executable, "-c", "from agent.cli.main import main; main()", "--home", str(tmp_path / "home"), "ingest",
        "usage", str(file), "--provider", "openai", "--map", "key=x_ApiKey", "--json", "--watch", "--every", "0.2",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    grown = HEADER + ",key\n"
    lines = []
    with _process(command, environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "watching" in process.stderr.readline()
        for first, last in ((0, 100), (100, 102), (102, 104), (104, 105)):
            grown += _hours(first, last, 102)
            file.write_text(grown, encoding="utf-8")
            lines.append(json.loads(process.stdout.readline()))
            if last == 104:
                lines.append(json.loads(process.stdout.readline()))
        file.write_text("", encoding="utf-8")
        told = []
        for line in process.stderr:
            told.append(line)
            if "not loaded" in line:
                break
        process.send_signal(signal.SIGINT)
    assert ["alert" in line for line in lines] == [False, False, False, True, False]
    alert = lines[3]["alert"]
    assert (alert["what"], alert["since"]) == ("API key beta", "2026-10-05T06:00:00+00:00")
    assert alert["currency"] == "USD"
    assert [line for line in told if "ALERT" in line and "API key beta" in line] == [
        line for line in told if "ALERT" in line
    ]
    assert sum("ALERT" in line for line in told) == 1
