"""What-if against brute force: `python -m evals.what_if [CASES]`."""

import sys
import tempfile
import time
from pathlib import Path

from evals.machine import write_result
from evals.what_if.cases import check, random_scenarios
from evals.what_if.world import company, load_company

SEED, CASES, COMPANIES = 20261124, 10_000, 20


def main(arguments: list[str]) -> int:
    """Print and record the mismatches over 0.01; exit code 1 when there is one."""
    count = int(arguments[0]) if arguments else CASES
    each, wrong, told, seconds = count // COMPANIES, [], 0, 0.0
    for number in range(COMPANIES):
        one = company(SEED + number)
        with tempfile.TemporaryDirectory() as folder:
            ctx = load_company(one, Path(folder))
            started = time.perf_counter()
            for asked in random_scenarios(SEED + number, each):
                checked = check(one, ctx, asked)
                told += checked.told
                if checked.fault is not None:
                    wrong.append((SEED + number, asked, checked.fault))
            seconds += time.perf_counter() - started
        print(f"company {number + 1} of {COMPANIES}: {len(wrong)} mismatches", flush=True)
    for seed, asked, fault in wrong[:10]:
        print(f"company {seed}: {asked}\n  {fault}")
    done = each * COMPANIES
    print(f"what-if and brute force: {len(wrong)} mismatches over 0.01 in {done:,} cases (to hold: 0), {seconds:.0f} s")
    print(f"of these {told:,} with a cost to tell, {done - told:,} rightly refused")
    if done == CASES:
        figures = {
            "seed": SEED,
            "cases": done,
            "told": told,
            "companies": COMPANIES,
            "mismatches": len(wrong),
            "reference": 0,
        }
        write_result("what_if", {**figures, "seconds": round(seconds)})
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
