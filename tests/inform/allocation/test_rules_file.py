"""allocation.yaml: what is wrong with it is said with its line, and with what would work."""

from pathlib import Path

import pytest

from tools.domain.allocation import NO_RULES
from tools.domain.errors import BadInput
from tools.inform.allocation.read import read_rules

WRONG = {
    "a: 1": "'a' is not known; known are allocate",
    "allocate: {Team: {}}": "write x_Team for 'Team'",
    "allocate: {x_Team: {rule: []}}": "'rule' is not known; known are rules, owners, fallback",
    "allocate: {x_Team: {rules: [{name: r, to: a}]}}": "'to' is not known; known are name, where, from, until, target",
    "allocate: {x_Team: {rules: [{name: r}]}}": "needs exactly one of target, take and split; it has none",
    "allocate: {x_Team: {rules: [{name: r, target: a, split: even}]}}": "it has target and split",
    "allocate: {x_Team: {rules: [{name: r, split: evenly}]}}": "should be 'even', 'proportional' or 'weighted'",
    "allocate: {x_Team: {rules: [{name: r, split: weighted}]}}": "needs weights: {payer: number}",
    "allocate: {x_Team: {rules: [{name: r, split: weighted, weights: {a: -1}}]}}": "numbers from 0",
    "allocate: {x_Team: {rules: [{name: r, split: weighted, weights: {a: much}}]}}": "valid decimal",
    "allocate: {x_Team: {rules: [{name: r, split: even, weights: {a: 1}}]}}": "go with no other split",
    "allocate: {x_Team: {rules: [{name: r, split: even, among: [a, a]}]}}": "names a payer twice",
    "allocate: {x_Team: {rules: [{name: r, target: a, from: 2026-02-30}]}}": "valid date",
    "allocate: {x_Team: {rules: [{name: r, target: a, from: 2026-02-02, until: 2026-02-02}]}}": "has to come after",
    "allocate: {x_Team: {rules: [{name: r, target: a}, {name: r, target: b}]}}": "two rules are called 'r'",
    "allocate: {x_Team: {rules: [{name: r, split: proportional, metric: CacheHitRate}]}}": "is a ratio; split by an",
    "allocate: {x_Team: {rules: [{name: r, split: proportional, metric: Tokenz}]}}": "use one of Tokens",
    "allocate: {x_Team: {rules: [{name: r, target: a, where: [{dimension: Servicename}]}]}}": "ServiceName",
    "allocate: {x_Team: {rules: [{name: r, target: a, where: [{dimension: ServiceName}]}]}}": "needs values: [a, b]",
    "allocate: {x_Team: {rules: [{name: r, target: a, where: ServiceName}]}}": "is not a list",
    "allocate: [": "not YAML or JSON",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_file_that_cannot_be_used_says_why_and_where(tmp_path: Path, text: str) -> None:
    path = tmp_path / "allocation.yaml"
    path.write_text(f"# rules\n{text}\n")
    with pytest.raises(BadInput) as fault:
        read_rules(path)
    assert WRONG[text] in str(fault.value)
    assert "allocation.yaml line" in str(fault.value)


def test_the_rule_is_named(tmp_path: Path) -> None:
    path = tmp_path / "allocation.yaml"
    path.write_text("allocate:\n  x_Team:\n    rules:\n      - name: first\n        target: a\n      - name: second\n")
    with pytest.raises(BadInput, match=r"line 6, rule 'second'"):
        read_rules(path)


def test_no_file_is_no_rules(tmp_path: Path) -> None:
    assert read_rules(tmp_path / "allocation.yaml") == NO_RULES


def test_a_digest_is_of_what_is_said_not_of_how_it_is_laid_out(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("allocate: {x_Team: {rules: [{name: r, target: a, from: 2026-01-01}]}}")
    two.write_text(
        "# the same\nallocate:\n  x_Team:\n    rules:\n      - from: 2026-01-01\n        name: r\n        target: a\n"
    )
    assert read_rules(one).digest == read_rules(two).digest
    two.write_text(two.read_text().replace("2026-01-01", "2026-01-02"))
    assert read_rules(one).digest != read_rules(two).digest
