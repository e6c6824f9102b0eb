"""An allocation by plain Python over the bill's rows, in exact fractions, apart from the code under test."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Row = dict[str, str]
Payer = str | None
Sums = dict[tuple[Payer, str], Fraction]
"""(payer, part) → cost."""


@dataclass(frozen=True)
class Case:
    """A rule as this oracle knows it: which rows, and how they are paid."""

    fits: Callable[[Row], bool]
    target: str | None = None
    even: tuple[str, ...] | None = None
    weights: dict[str, Fraction] = field(default_factory=dict)
    by: str = ""
    """Proportional to this column of the payers' own rows, in the month."""
    among: tuple[str, ...] = ()


def allocated(rows: Sequence[Row], rules: Sequence[Case], fallback: Sequence[Case]) -> Sums:
    """What each payer bears of one month's rows."""
    own = _own(rows, rules)
    sums: Sums = defaultdict(Fraction)
    for row in rows:
        cost = Fraction(row["EffectiveCost"])
        rule = next((one for one in rules if one.fits(row)), None)
        if rule is None and row.get("x_Team"):
            sums[row["x_Team"], "direct"] += cost
            continue
        part = "direct" if rule is not None and rule.target else "shared"
        if rule is None:
            rule, part = next((one for one in fallback if one.fits(row)), None), "fallback"
        if rule is None:
            sums[None, "unallocated"] += cost
        elif rule.target:
            sums[rule.target, part] += cost
        else:
            weights = _weights(rule, own)
            whole = sum(weights.values())
            if not whole:
                sums[None, "unallocated"] += cost
            for payer, weight in weights.items():
                if whole:
                    sums[payer, part] += cost * weight / whole
    return {key: value for key, value in sums.items() if value}


def tag(row: Row, key: str) -> str | None:
    return json.loads(row.get("Tags") or "{}").get(key)


def _own(rows: Sequence[Row], rules: Sequence[Case]) -> dict[str, dict[str, Fraction]]:
    """Column → payer → sum over the rows that are directly the payer's."""
    sums: dict[str, dict[str, Fraction]] = {"EffectiveCost": defaultdict(Fraction), "Tokens": defaultdict(Fraction)}
    for row in rows:
        rule = next((one for one in rules if one.fits(row)), None)
        payer = rule.target if rule is not None else row.get("x_Team")
        if payer:
            sums["EffectiveCost"][payer] += Fraction(row["EffectiveCost"])
            if row["ConsumedUnit"] == "Tokens":
                sums["Tokens"][payer] += Fraction(row["ConsumedQuantity"])
    return sums


def _weights(rule: Case, own: dict[str, dict[str, Fraction]]) -> dict[str, Fraction]:
    if rule.weights:
        return rule.weights
    if rule.even:
        return dict.fromkeys(rule.even, Fraction(1))
    measured = {payer: value for payer, value in own[rule.by or "EffectiveCost"].items() if value > 0}
    kept = {payer: value for payer, value in measured.items() if not rule.among or payer in rule.among}
    return kept if rule.by else dict.fromkeys(kept, Fraction(1))
