"""Every benchmark in turn: `python -m evals.benchmarks`; each prints figures beside their references."""

import subprocess
import sys

BENCHMARKS = ("cold", "chat", "load", "questions", "forecast", "gpu")

if __name__ == "__main__":
    codes = [
        subprocess.run([sys.executable, "-m", f"evals.benchmarks.{name}"], check=False).returncode
        for name in BENCHMARKS
    ]
    sys.exit(max(codes))
