"""Cold `outlay ask` beside the time that importing langgraph and duckdb takes: `python -m evals.benchmarks.cold`.

Each run is a new process; bytecode is compiled beforehand, as an installation does. The bar is 2.2 ×: the
import alone takes most of the time, and no agent on these libraries can save it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from evals.benchmarks.report import Measurement, write

BAR = 2.2
RUNS = 9
QUESTION = "top 5 costly models"


def measure() -> Measurement:
    """Medians over alternating runs, so that a slow moment of the machine hits both."""
    with tempfile.TemporaryDirectory() as folder:
        outlay = [str(Path(sys.executable).with_name("outlay"))]
        environment = os.environ | {"OUTLAY_HOME": str(Path(folder) / "home")}
        subprocess.run([*outlay, "demo"], env=environment, check=True, capture_output=True)
        imports, asks = [], []
        for _ in range(RUNS):
            imports.append(_seconds([sys.executable, "-c", "import langgraph.graph, duckdb"], environment))
            asks.append(_seconds([*outlay, "ask", QUESTION, "--json"], environment))
    reference, cold = statistics.median(imports), statistics.median(asks)
    return Measurement(
        name="cold ask / import of langgraph and duckdb",
        value=cold,
        reference=reference,
        ratio=cold / reference,
        bar=BAR,
        unit="s",
        detail={"runs": RUNS, "fastest_ask": min(asks), "fastest_import": min(imports)},
    )


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    write("cold", [measure()])
