"""How fast GPU samples load beside DuckDB's own CREATE TABLE AS of the same file, and how fast their hours answer.

    python -m evals.benchmarks.gpu --samples 100000000

Bars: 1 million samples a second or 2 × DuckDB's bare load; an answer over the hourly rollup within 300 ms; 2 GiB.
The samples are DuckDB's own: 1,000 GPUs, one every 15 s, random values, ordered by time.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from evals.benchmarks.report import Measurement, write

LANES, SECONDS = 1_000, 15
ANSWERS = {
    "utilisation by owner": (
        'SELECT "Owner", sum("SmActiveMean" * "CoveredSeconds") / sum("CoveredSeconds"), sum("CoveredSeconds") / 3600 '
        "FROM gpu_hours GROUP BY 1 ORDER BY 1"
    ),
    "the quietest lanes": (
        'SELECT "Host", "Gpu", max("SmActiveMax"), max("PowerWattsP95"), avg("MemoryUsedGiBMean") '
        "FROM gpu_hours GROUP BY 1, 2 ORDER BY 3 LIMIT 20"
    ),
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--samples", type=int, default=20_000_000)
    arguments.add_argument("--part", choices=["generate", "reference", "load", "answer"], help=argparse.SUPPRESS)
    arguments.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.part:
        print(json.dumps(_part(chosen.part, chosen.file, chosen.samples)))
        return
    found = _measure(chosen.samples)
    write("gpu", found)
    sys.exit(not all(one.meets for one in found))


def _measure(samples: int) -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "samples.parquet"
        _run("generate", file, samples)
        reference, load = _run("reference", file, samples), _run("load", file, samples)
        answers = _run("answer", file, samples)
    detail = {"samples": samples, "samples_per_second": round(samples / load["seconds"])}
    return [
        Measurement(
            name="GPU samples, load beside CREATE TABLE AS",
            value=load["seconds"],
            unit="s",
            bar=2.0,
            reference=reference["seconds"],
            ratio=round(load["seconds"] / reference["seconds"], 2),
            detail=detail,
        ),
        Measurement(name="Peak memory of that load", value=load["peak_gib"], unit="GiB", bar=2, detail=detail),
        *(
            Measurement(name=f"Hourly rollup, {name}", value=seconds, unit="s", bar=0.3, detail=detail)
            for name, seconds in answers.items()
        ),
    ]


def _run(part: str, file: Path, samples: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "evals.benchmarks.gpu", "--part", part, "--file", str(file)]
    done = subprocess.run([*command, "--samples", str(samples)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _part(part: str, file: Path, samples: int) -> dict[str, Any]:
    started = time.perf_counter()
    if part == "generate":
        _generate(file, samples)
    elif part == "reference":
        import duckdb

        with duckdb.connect(str(file.with_name("reference.duckdb")), config={"memory_limit": "1GiB"}) as connection:
            connection.execute(f"CREATE TABLE samples AS FROM '{file}'")
        file.with_name("reference.duckdb").unlink()
    elif part == "load":
        from tools.ingest.gpu import load_gpu
        from tools.store import Store

        report = load_gpu(Store(file.parent / "store"), [file])
        assert report.read == report.accepted == samples
    else:
        return _answers(file)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"seconds": round(seconds, 2), "peak_gib": round(peak, 2)}


def _generate(file: Path, samples: int) -> None:
    import duckdb

    with duckdb.connect(config={"memory_limit": "2GiB"}) as connection:
        connection.execute(f"""COPY (
            SELECT TIMESTAMP '2026-10-01' + to_seconds(i // {LANES} * {SECONDS}) AS time,
                'node-' || lpad(CAST(i % {LANES} // 8 AS VARCHAR), 4, '0') AS host,
                CAST(i % {LANES} % 8 AS INTEGER) AS gpu,
                'NVIDIA H100 80GB HBM3' AS model_name, 'team-' || (i % {LANES} // 40) AS owner,
                round(random(), 2) AS gpu_utilization, round(random(), 4) AS sm_active,
                round(random(), 4) AS dram_active, round(random(), 4) AS tensor_active,
                round(80 * random(), 3) AS memory_used_gib, 80.0 AS memory_total_gib,
                round(700 * random(), 2) AS power_watts, CAST(100 * random() AS INTEGER) AS requests
            FROM range({samples}) r(i)
        ) TO '{file}' (FORMAT parquet, COMPRESSION lz4_raw)""")


def _answers(file: Path) -> dict[str, float]:
    """The median of nine answers, each from a snapshot that has answered once before."""
    from tools.store import Store

    snapshot = Store(file.parent / "store").snapshot()
    found = {}
    for name, sql in ANSWERS.items():
        snapshot.query(sql)
        times = []
        for _ in range(9):
            started = time.perf_counter()
            snapshot.query(sql)
            times.append(time.perf_counter() - started)
        found[name] = round(statistics.median(times), 4)
    return found


if __name__ == "__main__":
    main()
