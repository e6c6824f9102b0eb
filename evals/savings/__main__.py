"""`python -m evals.savings [LEVER …]`: every lever beside brute force, on the demo company and with requests on top."""

import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from evals.machine import write_result
from evals.savings.check import Checked, Joint, check_joint, check_lever, has_brute_force
from evals.savings.extra import END, START, load_extra
from evals.savings.world import World, read_world
from tools.demo import build_world, load_world
from tools.optimize.ledger import read_ledger
from tools.optimize.levers import LEVERS
from tools.optimize.search import savings
from tools.pricing.book import PriceBook
from tools.registry import ToolContext
from tools.store import Store

TODAY, SEED = date(2026, 11, 23), 11


def main(names: Sequence[str]) -> int:
    """Print one line a lever and world, and record them; 1 when something differs by too much."""
    fine, told = True, {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        build_world(home / "demo", today=TODAY, seed=SEED)
        store = Store(home / "store")
        load_world(store, home / "demo")
        lists = [home / "demo" / "price_list.yaml"]
        told["demo"], fine = _world("demo", store, PriceBook(lists), names)
        lists.insert(0, load_extra(store, home / "extra", SEED))
        told["with requests"], also = _world("with requests", store, PriceBook(lists), names)
    if not names:
        write_result("savings", {"seed": SEED, "today": str(TODAY), "most_apart": "0.005", "worlds": told})
    return int(not (fine and also))


def _world(name: str, store: Store, book: PriceBook, names: Sequence[str]) -> tuple[dict[str, Any], bool]:
    ctx = ToolContext(store=store.snapshot(), as_of=TODAY, prices=book)
    ledger, world = read_ledger(ctx), read_world(ctx, book, START, END)
    lines = []
    for lever in LEVERS:
        if (names and lever.name not in names) or not has_brute_force(lever.name):
            continue
        checked = check_lever(ctx, ledger, world, lever)
        print(f"{name}: {_line(checked)}", flush=True)
        lines.append(checked)
    joint = check_joint(savings(ctx).portfolio, world)
    print(f"{name}: {_joint_line(joint)}", flush=True)
    return _record(lines, joint, world), joint.holds and all(one.holds for one in lines)


def _line(one: Checked) -> str:
    verdict = "holds" if one.holds else "DIFFERS"
    lacks = f"; lacks {one.missing}" if one.missing else ""
    more = f"; only the lever: {', '.join(one.only_found)}" if one.only_found else ""
    more += f"; only brute force: {', '.join(one.only_expected)}" if one.only_expected else ""
    more += f"; out of its range: {', '.join(one.odd_ranges)}" if one.odd_ranges else ""
    return (
        f"{one.lever}: {one.found} found, {one.saving:,.2f} a month, brute force {one.expected:,.2f}, at most "
        f"{one.apart:.4%} apart: {verdict}{more}{lacks}"
    )


def _joint_line(joint: Joint) -> str:
    return (
        f"portfolio: {joint.taken} taken save {joint.saving:,.4f} together, recomputed {joint.expected:,.4f} (alone "
        f"they would add up to {joint.alone:,.2f}): {'holds' if joint.holds else 'DIFFERS'}"
    )


def _record(lines: Sequence[Checked], joint: Joint, world: World) -> dict[str, Any]:
    def rounded(amount: Decimal) -> str:
        return str(round(amount, 4))

    levers = {
        one.lever: {
            "found": one.found,
            "saving": rounded(one.saving),
            "brute_force": rounded(one.expected),
            "worst_apart": str(round(one.apart, 6)),
            "holds": one.holds,
            **({"lacks": one.missing} if one.missing else {}),
        }
        for one in lines
    }
    together = {"taken": joint.taken, "saving": rounded(joint.saving), "recomputed": rounded(joint.expected),
                "holds": joint.holds}  # fmt: skip
    return {"rows": len(world.rows), "levers": levers, "portfolio": together}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
