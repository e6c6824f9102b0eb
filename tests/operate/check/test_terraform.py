"""Terraform plans: what is made, changed, replaced and destroyed."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.operate.check.plans import check, read, terraform
from tools.domain.errors import BadInput
from tools.operate.check.span import Span

P4D, P5 = Decimal("21.957642"), Decimal("55.04")


def template(name: str, actions: list[str], before: str, after: str) -> dict[str, Any]:
    values = ({"name": name, "instance_type": one} for one in (before, after))
    return {"type": "aws_launch_template", "actions": actions, "before": next(values), "after": next(values)}


def instance(kind: str = "p4d.24xlarge", **more: Any) -> dict[str, Any]:
    return {"type": "aws_instance", "after": {"instance_type": kind}, **more}


def test_what_runs_on_is_priced_for_a_month() -> None:
    report = check(terraform(instance()))
    assert report.totals == {"USD": Span.of(P4D * 730)}


@pytest.mark.parametrize("actions", [["no-op"], ["read"]])
def test_what_does_not_change_costs_nothing_more(actions: list[str]) -> None:
    values = {"instance_type": "p4d.24xlarge"}
    assert check(terraform(instance(actions=actions, before=values))).priced == ()


def test_a_deletion_only_saves() -> None:
    report = check(
        terraform({"type": "aws_instance", "actions": ["delete"], "before": {"instance_type": "p4d.24xlarge"}})
    )
    assert (report.totals, report.added) == ({"USD": Span.of(0)}, {"USD": Span.of(-P4D * 730)})


@pytest.mark.parametrize("actions", [["update"], ["delete", "create"], ["create", "delete"]])
def test_a_change_is_told_with_what_it_adds(actions: list[str]) -> None:
    report = check(terraform(instance("p5.48xlarge", actions=actions, before={"instance_type": "p4d.24xlarge"})))
    assert (report.totals["USD"], report.added["USD"]) == (Span.of(P5 * 730), Span.of((P5 - P4D) * 730))


def test_an_update_of_something_else_is_no_change_of_cost() -> None:
    before = {"instance_type": "p4d.24xlarge", "tags": {"a": "b"}}
    assert check(terraform(instance(actions=["update"], before=before))).priced == ()


def test_the_region_s_price_counts() -> None:
    report = check(terraform(instance("p5.48xlarge"), region="eu-west-2"))
    assert report.totals["USD"] == Span.of(Decimal("71.552") * 730)
    (zoned,) = read(terraform({"type": "aws_instance", "after": {"instance_type": "p5.48xlarge",
                                                                "availability_zone": "us-west-1c"}}))  # fmt: skip
    assert zoned.machines.region == "us-west-1"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"type": "aws_instance", "after": {}, "after_unknown": {"instance_type": True}}, "known only after apply"),
        (instance("p9.96xlarge"), "nor is it a machine with GPUs that is known"),
        (
            {
                "type": "aws_sagemaker_endpoint_configuration",
                "after": {"production_variants": [{"instance_type": "ml.g5.xlarge", "initial_instance_count": 1}]},
            },
            "neither paid",
        ),
        ({"type": "aws_autoscaling_group", "after": {"desired_capacity": 1, "max_size": 2}}, "launch template"),
        (
            {
                "type": "aws_batch_compute_environment",
                "after": {"compute_resources": [{"instance_type": ["p5.48xlarge"], "max_vcpus": 96}]},
            },
            "is not known here",
        ),
    ],
)
def test_what_is_not_known_is_unpriced_with_the_reason(one: dict[str, Any], said: str) -> None:
    (found,) = check(terraform(one)).priced
    assert found.cost is None
    assert said in (found.lacks or "")


def test_machines_without_gpus_of_unknown_types_are_not_invented() -> None:
    assert check(terraform({"type": "aws_s3_bucket", "after": {"bucket": "b"}})).priced == ()


def test_a_group_finds_its_template_by_reference_inside_a_module() -> None:
    group = {"type": "aws_autoscaling_group", "address": 'module.gpu["a"].aws_autoscaling_group.g',
             "after": {"desired_capacity": 2, "max_size": 3, "launch_template": [{"version": "$Latest"}]}}  # fmt: skip
    started = {"type": "aws_launch_template", "address": 'module.gpu["a"].aws_launch_template.t',
                "after": {"instance_type": "p4d.24xlarge"}}  # fmt: skip
    references = {"launch_template": [{"id": {"references": ["aws_launch_template.t.id", "aws_launch_template.t"]}}]}
    module = {"module_calls": {"gpu": {"module": {"resources": [
        {"address": "aws_autoscaling_group.g", "expressions": references}]}}}}  # fmt: skip
    (one,) = check(terraform(group, started, root_module=module)).priced
    assert one.cost == Span(2 * P4D * 730, 3 * P4D * 730)


def test_a_template_s_new_machines_are_a_change_of_the_group_that_stays() -> None:
    values = {"desired_capacity": 1, "max_size": 1, "launch_template": [{"name": "t"}]}
    group = {"type": "aws_autoscaling_group", "actions": ["no-op"], "before": values, "after": values}
    changed = template("t", ["update"], "p4d.24xlarge", "p5.48xlarge")
    report = check(terraform(group, changed))
    assert report.added["USD"] == Span.of((P5 - P4D) * 730)


def test_node_groups_may_grow_and_may_be_spot() -> None:
    group = {"type": "aws_eks_node_group", "after": {
        "instance_types": ["p5.48xlarge"], "capacity_type": "SPOT",
        "scaling_config": [{"desired_size": 1, "max_size": 2, "min_size": 0}]}}  # fmt: skip
    (one,) = check(terraform(group)).priced
    assert one.cost == Span(Decimal("20.2037") * 730, Decimal("25.7522") * 2 * 730)


def test_a_regional_pool_has_nodes_in_three_zones() -> None:
    pool = {"type": "google_container_node_pool", "after": {
        "location": "us-central1", "node_count": 2, "node_config": [{"machine_type": "a2-highgpu-1g"}]}}  # fmt: skip
    (one,) = check(terraform(pool)).priced
    assert one.gpus == Span.of(6)


def test_an_azure_machine_is_found_by_its_size_whatever_the_case() -> None:
    machine = {
        "type": "azurerm_linux_virtual_machine",
        "after": {"size": "Standard_NC24ads_A100_v4", "location": "East US"},
    }
    assert check(terraform(machine)).totals["USD"] == Span.of(Decimal("3.673") * 730)


def test_the_line_is_where_the_change_stands() -> None:
    text = terraform(instance(), instance("p5.48xlarge", address="aws_instance.big"))
    found = {one.address: one.line for one in read(text)}
    assert '"address": "aws_instance.big"' in text.splitlines()[found["aws_instance.big"] - 1]
    assert {one.line for one in read(json.dumps(json.loads(text)))} == {1}


def test_the_team_is_a_tag() -> None:
    (one,) = read(
        terraform({"type": "aws_instance", "after": {"instance_type": "p4d.24xlarge", "tags": {"Team": "lab"}}})
    )
    assert one.owner == "lab"


def test_a_state_is_no_plan() -> None:
    with pytest.raises(BadInput, match="terraform show -json"):
        read(json.dumps({"format_version": "1.0", "values": {}}))
    with pytest.raises(BadInput, match=r"format_version 2\.0"):
        read(json.dumps({"format_version": "2.0", "resource_changes": []}))
