"""Terraform plans with their truth, from the JSON output format and the providers' attributes."""

import json
import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

from evals.plan_check.truth import OPEN, Part, Plan, Truth, exactly

TYPES = ("p5.48xlarge", "p4d.24xlarge", "g5.12xlarge", "g6.xlarge", "g6e.12xlarge", "p3.8xlarge", "g4dn.12xlarge")
ACTIONS = (["create"],) * 5 + (["update"], ["delete", "create"], ["create", "delete"], ["delete"], ["no-op"], ["read"])
MONTH = exactly(OPEN)


def terraform_plan(rng: random.Random, number: int) -> Plan:
    """One to three resources of any type, each with what happens to it."""
    region = rng.choice(("us-east-1", "us-east-1", None, "eu-west-3"))
    changes: list[dict[str, Any]] = []
    configured: list[dict[str, Any]] = []
    parts: list[Part] = []
    unpriceable, traps = 0, []
    for place in range(rng.randint(1, 3)):
        kind = rng.choice(list(_KINDS))
        after, will, unknown, extra = _KINDS[kind](rng, region, traps)
        before, was, _, behind = _KINDS[kind](rng, region, [])
        for other, _ in behind:
            before["launch_template"] = [{"name": other["change"]["after"]["name"]}]
            changes.append(_change(other["address"], other["type"], ["no-op"], other["change"]["after"], {}, {}))
        actions = rng.choice(ACTIONS)
        if unknown or extra or kind == "aws_sagemaker_endpoint_configuration":
            actions = ["create"]
        address = f"{kind}.r{place}[0]" if rng.random() < 0.3 else f"{kind}.r{place}"
        changes.append(_change(address, kind, actions, before, after, unknown))
        for other, reference in extra:
            changes.append(other)
            configured.append(
                {"address": f"{kind}.r{place}", "expressions": {"launch_template": [{"id": {"references": reference}}]}}
            )
        if actions in (["no-op"], ["read"]):
            traps.append("no-op")
            continue
        if actions == ["delete"]:
            traps.append("delete only")
            parts += [replace(one, sign=-1) for one in was if one is not None]
            continue
        is_changed = "delete" in actions or actions == ["update"]
        if actions == ["update"] and (before == after or was == will):
            continue  # an update that leaves the machines as they are
        known = not is_changed or None not in (*was, *will)
        if is_changed:
            traps.append("replaced or updated")
            parts += [replace(one, sign=-1, resource=place, adds=known) for one in was if one is not None]
        number_of = place if is_changed else -1
        parts += [replace(one, resource=number_of, adds=known) for one in will if one is not None]
        unpriceable += sum(one is None for one in will)
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "resource_changes": [*changes, _change("aws_s3_bucket.b", "aws_s3_bucket", ["create"], {}, {}, {})],
        "configuration": {
            "provider_config": {
                "aws": {"name": "aws", "expressions": {"region": {"constant_value": region}} if region else {}}
            },
            "root_module": {"resources": configured},
        },
    }
    text = json.dumps(plan, indent=rng.choice((None, 2)))
    return Plan(f"plan-{number}.json", text, Truth(tuple(parts), unpriceable), tuple(traps))


def _change(
    address: str, kind: str, actions: list[str], before: dict[str, Any], after: dict[str, Any], unknown: dict[str, Any]
) -> dict[str, Any]:
    change = {
        "actions": actions,
        "before": None if actions == ["create"] else before,
        "after": None if actions == ["delete"] else before if actions in (["no-op"], ["read"]) else after,
        "after_unknown": {"id": True, **unknown},
    }
    return {"address": address, "mode": "managed", "type": kind, "name": address.split(".")[1], "change": change}


Made = tuple[dict[str, Any], list[Part | None], dict[str, Any], list[tuple[dict[str, Any], list[str]]]]
"""Values, parts (None: unpriceable), what is known only after apply, and a launch template beside it."""


def _aws(instance: str, count: tuple[int, int], region: str | None, spot: bool = False) -> Part:
    units = (Fraction(count[0]), Fraction(count[1]))
    return Part(units, MONTH, instances=(instance,), provider="AWS", region=region, spot=spot)


def _instance(rng: random.Random, region: str | None, traps: list[str]) -> Made:
    case = rng.random()
    if case < 0.08:
        traps.append("unknown type")
        return {"instance_type": "p9.96xlarge"}, [None], {}, []
    if case < 0.16:
        traps.append("after apply")
        return {}, [None], {"instance_type": True}, []
    instance = rng.choice(TYPES)
    if case < 0.3:
        return (
            {"instance_type": instance, "availability_zone": "us-east-1b"},
            [_aws(instance, (1, 1), "us-east-1")],
            {},
            [],
        )
    if case < 0.38:
        traps.append("spot")
        options = [{"market_type": "spot"}]
        return (
            {"instance_type": instance, "instance_market_options": options},
            [_aws(instance, (1, 1), region, True)],
            {},
            [],
        )
    return {"instance_type": instance, "tags": {"Team": "search"}}, [_aws(instance, (1, 1), region)], {}, []


def _group(rng: random.Random, region: str | None, traps: list[str]) -> Made:
    """An Auto Scaling group with its template: from the desired capacity to the largest size."""
    desired, most = rng.choice(((2, 4), (0, 3), (1, 1), (0, 0), (None, 5)))
    instance, name = rng.choice(TYPES), f"lt-{rng.randint(0, 10**9)}"
    start = desired if desired is not None else 1
    part = _aws(instance, (start, max(start, most)), region)
    values: dict[str, Any] = {"min_size": 1 if desired is None else min(desired, 1), "max_size": most}
    values |= {} if desired is None else {"desired_capacity": desired}
    if rng.random() < 0.3:
        kinds = rng.sample(("p5.48xlarge", "p4d.24xlarge", "p3.8xlarge"), 2)
        template = {"launch_template_specification": [{"launch_template_name": name}],
                    "override": [{"instance_type": one} for one in kinds]}  # fmt: skip
        values["mixed_instances_policy"] = [{"launch_template": [template]}]
        traps.append("alternatives")
        return values, [replace(part, instances=tuple(kinds))], {}, []
    template_change = _change(f"aws_launch_template.t{name[3:]}", "aws_launch_template", ["create"], {},
                              {"name": name, "instance_type": instance}, {})  # fmt: skip
    if rng.random() < 0.5:
        values["launch_template"] = [{"name": name, "version": "$Latest"}]
        return values, [part], {}, [(template_change, [])]
    values["launch_template"] = [{"version": "$Latest"}]
    traps.append("template by reference")
    address = template_change["address"]
    return values, [part], {"launch_template": [{"id": True}]}, [(template_change, [f"{address}.id", address])]


def _eks(rng: random.Random, region: str | None, traps: list[str]) -> Made:
    desired, most = rng.choice(((2, 6), (0, 4), (3, 3)))
    instance = rng.choice(TYPES)
    scaling = [{"desired_size": desired, "max_size": most, "min_size": 0}]
    spot = rng.random() < 0.2
    values = {"instance_types": [instance], "scaling_config": scaling, "capacity_type": "SPOT" if spot else "ON_DEMAND"}
    return values, [_aws(instance, (desired, max(desired, most)), region, spot)], {}, []


def _sagemaker(rng: random.Random, region: str | None, traps: list[str]) -> Made:
    variants, parts = [], []
    for number in range(rng.randint(1, 2)):
        instance, count = rng.choice(("ml.g5.12xlarge", "ml.g5.xlarge", "ml.g5.12xlarge")), rng.randint(1, 3)
        variants.append({"variant_name": f"v{number}", "instance_type": instance, "initial_instance_count": count})
        parts.append(_aws(instance, (count, count), region))
    if rng.random() < 0.3:
        variants.append(
            {"variant_name": "serverless", "serverless_config": [{"max_concurrency": 5, "memory_size_in_mb": 2048}]}
        )
        traps.append("serverless variant")
    return {"production_variants": variants}, list(parts), {}, []


def _azure(rng: random.Random, region: str | None, traps: list[str]) -> Made:
    size, here = (
        rng.choice(("Standard_NC24ads_A100_v4", "Standard_NC64as_T4_v3")),
        rng.choice(("eastus", "East US", "mars")),
    )
    part = Part(exactly(1), MONTH, instances=(size,), provider="Microsoft Azure", region=here.lower().replace(" ", ""))
    return {"size": size, "location": here}, [part], {}, []


def _google(rng: random.Random, region: str | None, traps: list[str]) -> Made:
    if rng.random() < 0.5:
        part = Part(exactly(1), MONTH, instances=("a2-highgpu-1g",), provider="Google Cloud", region="us-central1")
        return {"machine_type": "a2-highgpu-1g", "zone": "us-central1-a", "guest_accelerator": []}, [part], {}, []
    accelerators = [{"type": "nvidia-tesla-a100", "count": 2}]
    part = Part(exactly(2), MONTH, card="A100", provider="Google Cloud", region="us-central1")
    return {"machine_type": "n1-standard-8", "zone": "us-central1-c", "guest_accelerator": accelerators}, [part], {}, []


def _gke(rng: random.Random, region: str | None, traps: list[str]) -> Made:
    """Nodes are per zone; a regional cluster has three."""
    zones, place = rng.choice(((1, "us-central1-a"), (3, "us-central1"), (2, "us-central1")))
    nodes = rng.randint(0, 3)
    values: dict[str, Any] = {
        "location": place,
        "node_config": [{"machine_type": "a2-highgpu-1g"}],
        "node_count": nodes,
    }
    if zones == 2:
        values["node_locations"] = ["us-central1-a", "us-central1-b"]
    low = high = nodes * zones
    if rng.random() < 0.4:
        values["autoscaling"] = [{"min_node_count": 0, "max_node_count": 5}]
        high = max(nodes, 5) * zones
        traps.append("autoscaled pool")
    units = (Fraction(low), Fraction(high))
    part = Part(units, MONTH, instances=("a2-highgpu-1g",), provider="Google Cloud", region="us-central1")
    return values, [part], {}, []


_KINDS = {
    "aws_instance": _instance, "aws_autoscaling_group": _group, "aws_eks_node_group": _eks,
    "aws_sagemaker_endpoint_configuration": _sagemaker, "azurerm_linux_virtual_machine": _azure,
    "google_compute_instance": _google, "google_container_node_pool": _gke,
}  # fmt: skip
