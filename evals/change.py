"""`python -m evals.change [--cubes N]`: explanations of change, each figure beside what must hold."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from evals.changes.checks import Held, check
from evals.changes.planted import Planted, planted
from evals.machine import write_result

SEED = 20_261_123
CUBES = 10_000


def main(arguments: Sequence[str]) -> int:
    """1 when a cube leaves a remainder, is not negated or not pure, or something planted is not found first."""
    parser = argparse.ArgumentParser(prog="python -m evals.change", description=__doc__)
    parser.add_argument("--cubes", type=int, default=CUBES)
    chosen = parser.parse_args(arguments)
    held = check(chosen.cubes, SEED)
    _tell_cubes(held)
    with tempfile.TemporaryDirectory() as folder:
        found = planted(Path(folder))
    _tell_planted(found)
    if chosen.cubes == CUBES:
        write_result("change", {"seed": SEED, "cubes": vars(held), "planted": [_json(one) for one in found]})
    sound = not (held.with_remainder or held.not_negated or held.not_pure)
    return int(not (sound and all(one.is_first and one.is_dated is not False for one in found)))


def _tell_cubes(held: Held) -> None:
    print(f"random cubes: {held.cubes:,}")
    for label, count in (
        ("with a remainder, in all or in a group", held.with_remainder),
        ("not negated when the sides are swapped", held.not_negated),
        ("with another effect than the one factor changed", held.not_pure),
    ):
        print(f"  {count:>6,}  {label} (must be 0)")


def _tell_planted(found: Sequence[Planted]) -> None:
    print(f"\nplanted in the demo world: {sum(one.is_first for one in found)} of {len(found)} are the first reason")
    for one in found:
        part = "" if one.ratio is None else f", {one.ratio:.2f} of the planted amount"
        dated = {None: "", True: ", dated", False: ", NOT DATED"}[one.is_dated]
        mark = "ok " if one.is_first else "NO "
        print(f"  {mark} {one.what}: {one.first} first, {one.expected} {one.amount:,.2f}{part}{dated}")
    ratios = [one.ratio for one in found if one.ratio is not None]
    print(f"  median of reason over planted amount: {median(ratios):.2f}")


def _json(one: Planted) -> dict[str, object]:
    return {
        "what": one.what,
        "expected": one.expected,
        "first": one.first,
        "amount": str(round(one.amount, 2)),
        "of_planted": None if one.ratio is None else round(one.ratio, 3),
        "is_first": one.is_first,
        "is_dated": one.is_dated,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
