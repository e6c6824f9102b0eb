"""The mutation campaign: falsified drafts and answers, of which the check must let none through.

`python -m evals.campaigns.mutations` makes 10,000 or more, prints a table by kind, and writes
`evals/results/mutations.json`. A mutant that says the same as its original is not counted.
"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from agent.answer.check import check_answer, check_content
from agent.answer.check_draft import check_draft
from agent.answer.compose import compose
from evals.campaigns.mutation_answers import answers
from evals.campaigns.mutation_drafts import DRAFT_MUTATIONS
from evals.campaigns.mutation_rendered import RENDERED_MUTATIONS
from evals.paths import RESULTS
from tools.domain.answer import Answer

SEED, ENOUGH = 20261123, 12_000

_SEAL_ONLY = (
    "question", "as of", "model", "table cell", "table unit", "table label", "table row dropped", "table total",
    "table dropped",
)  # fmt: skip
"""Kinds that need not show in the text: the seal has to find them. All others must be found without it."""


@dataclass
class Tally:
    """Counts by kind."""

    mutants: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    survivors: list[tuple[str, str]] = field(default_factory=list)
    answers: int = 0

    @property
    def total(self) -> int:
        return self.mutants.total()


def campaign(seed: int, enough: int) -> Tally:
    """Mutate answer after answer until there are `enough` mutants."""
    random, tally = Random(seed), Tally()
    while tally.total < enough:
        for answer in answers(random):
            if check_answer(answer):
                raise AssertionError(f"the answer to mutate is not sound: {check_answer(answer)[0]}")
            tally.answers += 1
            for kind, shown, caught in _judged(random, answer):
                if shown is None:
                    tally.same[kind] += 1
                    continue
                tally.mutants[kind] += 1
                if not caught:
                    tally.survivors.append((kind, shown))
    return tally


def _judged(random: Random, answer: Answer) -> Iterator[tuple[str, str | None, bool]]:
    """Kind, what is shown (None: the same as before), whether the check found it."""
    for mutate in DRAFT_MUTATIONS:
        for kind, draft in mutate(random, answer):
            caught = bool(check_draft(draft, answer.results))
            shown = draft if caught else compose(draft, answer.results, answer.as_of).text
            yield kind, None if draft == answer.draft or shown == answer.text else shown, caught
    for change in RENDERED_MUTATIONS:
        for kind, changed in change(random, answer):
            needs_seal = kind in _SEAL_ONLY or kind.startswith("evidence")
            caught = bool(check_answer(changed) if needs_seal else check_content(changed))
            yield kind, None if changed == answer else changed.text, caught


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--mutants", type=int, default=ENOUGH)
    options = parser.parse_args()
    tally = campaign(options.seed, options.mutants)
    survivors = Counter(kind for kind, _ in tally.survivors)
    print(f"{'kind':<34}{'mutants':>9}{'survived':>10}")
    for kind, count in sorted(tally.mutants.items()):
        print(f"{kind:<34}{count:>9,}{survivors[kind]:>10}")
    print(f"{'all':<34}{tally.total:>9,}{len(tally.survivors):>10}   of {tally.answers} answers, seed {options.seed}")
    for kind, shown in tally.survivors[:20]:
        print(f"survived [{kind}]: {shown!r}")
    _write(tally, options.seed)
    return 1 if tally.survivors else 0


def _write(tally: Tally, seed: int) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    report = {
        "campaign": "mutated answers",
        "seed": seed,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"cores": os.cpu_count(), "memory_gib": _memory_gib()},
        "answers": tally.answers,
        "mutants": tally.total,
        "survivors": len(tally.survivors),
        "same_as_original_not_counted": tally.same.total(),
        "by_kind": dict(sorted(tally.mutants.items())),
    }
    (RESULTS / "mutations.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


if __name__ == "__main__":
    raise SystemExit(main())
