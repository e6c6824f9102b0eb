"""200 malformed files: each is refused with a reason or loaded with what does not fit kept out; never a half.

python -m evals.campaigns.malformed --seed 7 --count 200
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from evals.campaigns.malformed_files import MAKERS, put, rows, text
from evals.machine import write_result
from tools.domain.errors import BadInput
from tools.ingest.focus import load_focus
from tools.ingest.focus_files import find_files
from tools.store import Store


class Outcome(NamedTuple):
    """What became of one file. `fault` is None when the rules held."""

    kind: str
    verdict: str
    fault: str | None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=20261123)
    arguments.add_argument("--count", type=int, default=200)
    chosen = arguments.parse_args()
    outcomes = run(chosen.seed, chosen.count)
    outcomes += [folder_without_permission()]
    faults = [f"{one.kind}: {one.fault}" for one in outcomes if one.fault]
    verdicts = Counter(f"{one.kind}: {one.verdict}" for one in outcomes)
    for line, number in sorted(verdicts.items()):
        print(f"{number:4d}  {line}")
    print(*faults, sep="\n")
    print(f"{len(outcomes)} files, {len(faults)} faults")
    write_result(
        "malformed",
        {"seed": chosen.seed, "files": len(outcomes), "faults": faults, "verdicts": dict(sorted(verdicts.items()))},
    )
    sys.exit(bool(faults))


def run(seed: int, count: int) -> list[Outcome]:
    """Load `count` files, kind after kind, into one store that holds a sound bill already."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        store = Store(base / "store")
        load_focus(store, [put(base, text(rows(chance, 20)), "sound.csv")], source="sound")
        kinds = sorted(MAKERS)
        return [_try(store, base / f"case-{number}", kinds[number % len(kinds)], chance) for number in range(count)]


def _try(store: Store, folder: Path, kind: str, chance: random.Random) -> Outcome:
    folder.mkdir()
    path = MAKERS[kind](chance, folder)
    before = _state(store)
    try:
        report = load_focus(store, [path])
    except BadInput as refusal:
        changed = "the store changed though the file was refused" if _state(store) != before else None
        vague = (
            None if path.name in str(refusal) or str(folder) in str(refusal) else f"the file is not named: {refusal}"
        )
        return Outcome(kind, "refused", changed or vague)
    except Exception as fault:  # noqa: BLE001 - a campaign records whatever comes
        return Outcome(kind, "crashed", f"{type(fault).__name__}: {fault}")
    verdict = "loaded, some kept out" if report.quarantined else "loaded"
    return Outcome(kind, verdict, _inconsistency(store, report.read, report.accepted, report.quarantined, before))


def _inconsistency(store: Store, read: int, accepted: int, quarantined: int, before: tuple[object, ...]) -> str | None:
    if read != accepted + quarantined:
        return f"read {read}, accepted {accepted}, quarantined {quarantined}"
    if _sound(store) != before[1]:
        return "the load changed another source"
    charges, daily = (store.snapshot().query(f"SELECT {item}").rows for item in _COUNTS)
    return None if charges == daily else f"charges have {charges}, the rollup {daily}"


_COUNTS = (
    'count(*), sum("BilledCost"), sum("EffectiveCost") FROM charges',
    'CAST(sum("x_Rows") AS BIGINT), sum("BilledCost"), sum("EffectiveCost") FROM daily',
)


def _sound(store: Store) -> object:
    query = f"SELECT {_COUNTS[0]} WHERE \"x_Source\" = 'sound'"
    return store.snapshot().query(query).rows


def _state(store: Store) -> tuple[object, ...]:
    return store.snapshot().generation, _sound(store)


def folder_without_permission() -> Outcome:
    """Root may read everything, so a forked child gives its rights up first."""
    kind = "a_folder_without_read_permission"
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        base.chmod(0o755)
        folder = base / "locked"
        folder.mkdir()
        put(folder, text(rows(random.Random(1))))
        folder.chmod(0)
        said = _in_child(lambda: _refusal(folder))
        folder.chmod(0o755)
    refused = "can't be read" in said
    return Outcome(kind, "refused" if refused else "not refused", None if refused else said)


def _refusal(folder: Path) -> str:
    if os.geteuid() == 0:
        os.setuid(65534)
    try:
        return f"found {find_files([folder])}"
    except BadInput as refusal:
        return str(refusal)


def _in_child(work: Callable[[], str]) -> str:
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(send, work().encode())
        os._exit(0)
    os.close(send)
    os.waitpid(child, 0)
    with os.fdopen(receive) as answer:
        return answer.read()


if __name__ == "__main__":
    main()
