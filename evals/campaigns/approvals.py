"""Approvals that are none: forged, replayed, expired, mutated, by the wrong person, and raced. None may be accepted.

    python -m evals.campaigns.approvals --seed 20261124 --count 20000

An attack is judged by the outside world, which counts the calls that reached it, and by the raw rows of the trail; what
the desk says of itself counts for nothing. Between the attacks valid approvals are put in, all of which must be
accepted. A home that an attack has spoiled is left for a new one.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import evals.campaigns.approval_forgeries
import evals.campaigns.approval_mutations
import evals.campaigns.approval_persons
import evals.campaigns.approval_replays
import evals.campaigns.approval_standing
import evals.campaigns.approval_times
import evals.campaigns.approval_valid  # noqa: F401
from agent.state.remediation.desk import RemediationDesk, home_desk
from evals.campaigns.approval_kinds import ATTACKS, VALID, Kind
from evals.campaigns.approval_races import PROCESSES, RACES, racing_processes
from evals.campaigns.approval_site import Opener, Site, World
from evals.machine import write_result

COUNT, SEED = 20_000, 20261124
VALID_EVERY = 8
RACED_SHARE = 0.1
"""Of the attacks, those that are lost races; a tenth of them between processes."""
A_HOME_SERVES, HOMES_OF_A_KEY = 20, 500


@dataclass
class Tally:
    """What came of it, by family and kind."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    valid_refused: Counter[str] = field(default_factory=Counter)
    refusals: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: list[str] = field(default_factory=list)


class Campaign:
    """`opened` opens a home's desk; another than the product's shows that the campaign can fail."""

    def __init__(self, base: Path, seed: int, opened: Callable[[Path], RemediationDesk] = home_desk) -> None:
        self._base, self._chance, self._opened = base, Random(seed), Opener(opened)
        self._homes, self._served, self._begun = 0, 0, 0
        self.tally = Tally()
        self._site = self._new_site()

    def attacks(self, count: int, kinds: Sequence[Kind] = ATTACKS) -> None:
        """The kinds in turn, each with its own chances, with valid ones between them."""
        for number in range(count):
            self._one(kinds[number % len(kinds)])
            if number % VALID_EVERY == 0:
                self._one(VALID[number // VALID_EVERY % len(VALID)])

    def races(self, attempts: int) -> None:
        """Races in threads until so many attempts were lost that had to be."""
        lost = number = 0
        while lost < attempts:
            race = RACES[number % len(RACES)]
            number += 1
            site = self._ready()
            before = len(site.world.calls)
            tried, won = race(site)
            done = len(site.world.calls) - before
            lost += tried - won
            self._count("raced", race.__name__, done, won, attempts=tried - won)

    def process_races(self, attempts: int) -> None:
        """The same between processes, on one home."""
        site = self._site = self._new_site()
        self._served = A_HOME_SERVES
        with racing_processes(site.folder) as race:
            for number in range(-(-attempts // (PROCESSES - 1))):
                site.cases += 1
                site.now += timedelta(minutes=1)
                if number % 2:
                    site.grant(100)
                    told = [site.used().id for _ in range(PROCESSES)]
                else:
                    told = [site.approved().id] * PROCESSES
                name = "processes for a month's amount" if number % 2 else "processes for one plan"
                self._count("raced", name, race(told, site.now), 1, attempts=PROCESSES - 1)
        if site.begun() != sum(1 for line in (site.folder / "taken").read_text().splitlines() if line):
            self.tally.faults.append("a race between processes began other executions than it was given")

    def _one(self, kind: Kind) -> None:
        site = self._ready()
        before = len(site.world.calls)
        try:
            allowed = kind.act(site)
        except Exception as fault:  # noqa: BLE001 - a campaign records whatever comes
            self.tally.faults.append(f"{kind.family}, {kind.name}: {type(fault).__name__}: {fault}")
            allowed = len(site.world.calls) - before
            kind = Kind(kind.family, kind.name, kind.act, spoils=True)
        done = len(site.world.calls) - before
        self.tally.refusals[f"{kind.family}: {kind.name}"].update(site.refusals)
        if kind.family == "valid":
            self.tally.valid[kind.name] += 1
            if done != allowed:
                self.tally.valid_refused[kind.name] += 1
        else:
            self._count(kind.family, kind.name, done, allowed)
        if kind.spoils:
            self._served = A_HOME_SERVES
        else:
            self._check_begun(site, kind)

    def _count(self, family: str, name: str, done: int, allowed: int, attempts: int = 1) -> None:
        key = f"{family}: {name.replace('_', ' ')}"
        self.tally.tried[key] += attempts
        if done > allowed:
            self.tally.accepted[key] += done - allowed
        elif done < allowed:
            self.tally.faults.append(f"{key}: {done} of {allowed} calls that were allowed: the scene was not set")

    def _check_begun(self, site: Site, kind: Kind) -> None:
        """The raw trail has an execution for everything that reached the world, and none besides."""
        begun = site.begun()
        called = len({key for key, _ in site.world.calls[self._begun :]})
        if (begun == 0) != (called == 0):
            self.tally.faults.append(f"{kind.family}, {kind.name}: {begun} executions in the trail, {called} changed")

    def _ready(self) -> Site:
        if self._served >= A_HOME_SERVES:
            self._site, self._served = self._new_site(), 0
        self._served += 1
        self._site.cases += 1
        self._site.refusals.clear()
        self._site.now += timedelta(minutes=1)
        return self._site

    def _new_site(self) -> Site:
        self._homes += 1
        world = self._site.world if self._homes > 1 else World()
        self._begun = len(world.calls)
        folder = self._base / f"home-{self._homes}"
        if self._homes > 1:
            shutil.rmtree(self._site.folder)
        shutil.copytree(self._empty_home(), folder)
        return Site(folder, self._chance, world, self._opened, cases=self._homes * 1000)

    def _empty_home(self) -> Path:
        """Tables and a key; made anew now and then, as making one takes longer than most attacks."""
        folder = self._base / f"empty-{self._homes // HOMES_OF_A_KEY}"
        if not folder.exists():
            self._opened(folder).proposals()
        return folder

    def figures(self) -> dict[str, Any]:
        tally = self.tally
        families: Counter[str] = Counter()
        for key, count in tally.tried.items():
            families[key.split(":")[0]] += count
        return {
            "attacks": sum(tally.tried.values()),
            "accepted": sum(tally.accepted.values()),
            "by_family": dict(families),
            "by_kind": dict(sorted(tally.tried.items())),
            "accepted_by_kind": dict(tally.accepted),
            "valid": sum(tally.valid.values()),
            "valid_refused": sum(tally.valid_refused.values()),
            "valid_by_kind": {name.replace("_", " "): n for name, n in sorted(tally.valid.items())},
            "valid_refused_by_kind": dict(tally.valid_refused),
            "faults": tally.faults,
        }

    def reasons(self) -> dict[str, list[str]]:
        """Why each kind was refused, the most frequent first, so that a refusal for another reason than meant shows."""
        return {key: [text for text, _ in found.most_common(4)] for key, found in sorted(self.tally.refusals.items())}


def run(count: int = COUNT, seed: int = SEED, opened: Callable[[Path], RemediationDesk] = home_desk) -> Campaign:
    """`count` attacks, a share of which are lost races."""
    with tempfile.TemporaryDirectory() as name:
        campaign = Campaign(Path(name), seed, opened)
        raced = int(count * RACED_SHARE)
        between_processes = raced // 10 if opened is home_desk else 0
        campaign.races(raced - between_processes)
        if between_processes:
            campaign.process_races(between_processes)
        campaign.attacks(count - sum(campaign.tally.tried.values()))
    return campaign


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--count", type=int, default=COUNT)
    arguments.add_argument("--reasons", action="store_true", help="print why each kind was refused")
    chosen = arguments.parse_args()
    started = time.monotonic()
    campaign = run(chosen.count, chosen.seed)
    figures = {"seed": chosen.seed, "seconds": round(time.monotonic() - started), **campaign.figures()}
    print(json.dumps(figures, indent=1))
    if chosen.reasons:
        print(json.dumps(campaign.reasons(), indent=1, ensure_ascii=False))
    if chosen.count >= COUNT:
        write_result("approvals", figures)
    return 1 if figures["accepted"] or figures["valid_refused"] or figures["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
