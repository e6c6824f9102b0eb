"""policies.yaml: what can be written, and what is said of what can't."""

from pathlib import Path

import pytest

import knowledge
from tools.domain.errors import BadInput
from tools.operate.policies.explain import sentence
from tools.operate.policies.policy_file import PolicyFile, load_policies

RULE = "rules:\n  - name: quota\n    resource: gpu_machine\n"


def written(tmp_path: Path, text: str) -> PolicyFile:
    path = tmp_path / "policies.yaml"
    path.write_text(text, encoding="utf-8")
    return load_policies(path)


def test_without_a_file_there_are_no_rules(tmp_path: Path) -> None:
    assert load_policies(tmp_path / "policies.yaml") == PolicyFile()


def test_every_rule_of_the_example_can_be_used_and_says_what_it_means(tmp_path: Path) -> None:
    policies = written(tmp_path, knowledge.read("policies_example.yaml"))
    meanings = {one.name: sentence(one) for one in policies.rules}
    assert len(meanings) == 10
    assert meanings["research-gpu-hours"] == (
        "hours of GPU machines by x_Team, where x_Team is ml-research: at most 25,000 GPU-hours in the month to date; "
        "else block (high)"
    )
    assert "share of all cost at most 5 %" in meanings["untagged-spend"]
    assert meanings["idle-gpus"].endswith("else propose ec2_stop (medium)")


def test_every_kind_of_resource_is_in_the_example(tmp_path: Path) -> None:
    from tools.operate.policies.resources import RESOURCES

    policies = written(tmp_path, knowledge.read("policies_example.yaml"))
    assert {one.resource for one in policies.rules} == set(RESOURCES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule: []\n", "'rule' is not known; known are rules"),
        (RULE + "    filter: []\n", "'filter' is not known; known are name, resource, filters"),
        (RULE + "    filters: [{column: GpuHour, above: 3}]\n", "GpuHours"),
        (RULE + "    filters: [{column: Crad, is: H100}]\n", "Card"),
        (RULE + "    filters: [{column: Card, is: H10}]\n", "H100"),
        (RULE + "    filters: [{column: EffectiveCost, above: 3}]\n", "currency: USD"),
        (RULE + "    filters: [{column: GpuHours, above: 3, currency: USD}]\n", "leave currency out"),
        (RULE + "    filters: [{column: GpuHours, is: many}]\n", "above: 100"),
        (RULE + "    filters: [{column: x_Team, above: 3}]\n", "x_Team is text"),
        (RULE + "    filters: [{column: x_Team, is: a, is_not: b}]\n", "exactly one of is, is_not, contains"),
        (RULE + "    filters: [{column: GpuHours, above: 1}, {column: EffectiveCost, above: 1, currency: USD}]\n",
         "make it two rules"),
        (RULE + "    filters: [{column: GpuHours, above: lots}]\n", "above='lots'"),
        (RULE + "    action: stop\n", "write finding, block, or {propose"),
        (RULE + "    severity: urgent\n", "'low', 'medium', 'high' or 'critical'"),
        (RULE + "  - name: quota\n    resource: charge\n", "several rules are called quota"),
        (RULE.replace("gpu_machine", "gpu_machines"), "gpu_machine"),
        (RULE.replace("quota", "My Quota"), "small letters, digits and hyphens"),
        ("rules:\n  - name: x\n    resource: budget\n    by: x_Team\n", "leave by out"),
        ("rules:\n  - name: x\n    resource: planned\n", "would forbid every plan"),
        ("rules: 3\n", "not a list"),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_told_with_what_would_work(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as fault:
        written(tmp_path, text)
    assert said in str(fault.value)
    assert str(fault.value).startswith("policies.yaml line ")


def test_a_fault_names_its_line_and_its_rule(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"policies\.yaml line 4, rule 'quota'"):
        written(tmp_path, RULE + "    filters: [{column: Crad, is: H100}]\n")


def test_one_value_may_stand_without_brackets(tmp_path: Path) -> None:
    (rule,) = written(tmp_path, RULE + "    by: x_Team\n    filters: [{column: Card, is: H100}]\n").rules
    assert (rule.by, rule.filters[0].is_in) == (("x_Team",), ("H100",))
