"""Every campaign in full: `python -m evals.campaigns`; figures land in evals/results."""

import subprocess
import sys

CAMPAIGNS = (
    "mutations",
    "malformed",
    "kills",
    "concurrency",
    "hostile_sql",
    "hostile_model",
    "remediation_kills",
    "approvals",
    "hostile_actions",
)

if __name__ == "__main__":
    codes = [
        subprocess.run([sys.executable, "-m", f"evals.campaigns.{name}"], check=False).returncode for name in CAMPAIGNS
    ]
    sys.exit(max(codes))
