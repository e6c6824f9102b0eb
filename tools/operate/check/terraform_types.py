"""Resource types of Terraform that start machines, and how many of which they start."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from tools.operate.check.instances import gpus_of, named_card
from tools.operate.check.numbers import count_of
from tools.operate.check.planned import ONE, Machines
from tools.operate.check.span import Span
from tools.operate.check.terraform_plan import Side

AWS, AZURE, GOOGLE = "AWS", "Microsoft Azure", "Google Cloud"
Sized = Iterator[tuple[str, Machines]]
"""Parts of a resource by name ('' where it is one), each with its machines."""
Reader = Callable[[Side], Sized]
AFTER = "known only after apply"
REGIONAL_ZONES = 3
"""Zones that a regional GKE cluster spreads its nodes over where none are named. Source: Google, regional clusters."""


def _type(side: Side, name: str) -> tuple[tuple[str, ...], str | None]:
    """The instance type of an attribute, or why it is not known."""
    value = side.values.get(name)
    if isinstance(value, str) and value:
        return (value,), None
    return (), f"its {name.replace('_', ' ')} is {AFTER if side.is_unknown(name) else 'not named'}"


def _number(side: Side | None, name: str) -> int | None:
    return None if side is None else count_of(side.values.get(name))


def _fleet(desired: int | None, least: int | None, most: int | None) -> Span | None:
    """From what it starts with to what it may scale up to."""
    start = desired if desired is not None else least
    if start is None:
        return None
    return Span(Decimal(start), Decimal(max(start, most if most is not None else start)))


def _market(value: Any) -> Literal["spot"] | None:
    return "spot" if str(value).lower() == "spot" else None


def _aws_region(side: Side) -> str | None:
    named = side.values.get("region")
    zone = side.values.get("availability_zone") or _first(side.values.get("availability_zones"))
    if isinstance(named, str):
        return named
    return re.sub(r"[a-z]$", "", zone) if isinstance(zone, str) else side.region


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None


def _instance(side: Side, *, spot: bool = False) -> Sized:
    types, lacks = _type(side, "instance_type")
    if not types and side.templates:
        types, lacks = _type(side.templates[0], "instance_type")
    options = side.block("instance_market_options")
    market = "spot" if spot else _market(options.values.get("market_type") if options else None)
    yield "", Machines(types, provider=AWS, region=_aws_region(side), market=market, lacks=lacks)


def _spot_instance(side: Side) -> Sized:
    yield from _instance(side, spot=True)


def _autoscaling_group(side: Side) -> Sized:
    count = _fleet(*(_number(side, name) for name in ("desired_capacity", "min_size", "max_size")))
    types, market, lacks = _launched(side)
    if count is None and lacks is None:
        lacks = f"its desired capacity is {AFTER if side.is_unknown('desired_capacity') else 'not named'}"
    yield "", Machines(types, count=count, provider=AWS, region=_aws_region(side), market=market, lacks=lacks)


def _launched(side: Side) -> tuple[tuple[str, ...], Literal["spot"] | None, str | None]:
    """Types that a group starts: the overrides of a mixed policy, else the launch template's."""
    policy = side.block("mixed_instances_policy")
    template = policy.block("launch_template") if policy else None
    overrides = template.blocks("override") if template else ()
    named = tuple(str(one.values["instance_type"]) for one in overrides if one.values.get("instance_type"))
    if any(one.values.get("weighted_capacity") not in (None, "", "1") for one in overrides):
        return named, None, "its capacity is in weights, not in machines"
    if named:
        return tuple(dict.fromkeys(named)), None, None
    if not side.templates:
        return (), None, "its launch template is not in the plan"
    types, lacks = _type(side.templates[0], "instance_type")
    options = side.templates[0].block("instance_market_options")
    return types, _market(options.values.get("market_type") if options else None), lacks


def _eks_node_group(side: Side) -> Sized:
    scaling = side.block("scaling_config")
    count = _fleet(*(_number(scaling, name) for name in ("desired_size", "min_size", "max_size")))
    named = side.values.get("instance_types")
    types = tuple(str(one) for one in named) if isinstance(named, list) and named else ()
    lacks = None
    if not types and side.templates:
        types, lacks = _type(side.templates[0], "instance_type")
    elif not types:
        lacks = f"its instance types are {AFTER if side.is_unknown('instance_types') else 'not named'}"
    if count is None and lacks is None:
        lacks = f"its desired size is {AFTER}"
    market = _market(side.values.get("capacity_type"))
    yield "", Machines(types, count=count, provider=AWS, region=_aws_region(side), market=market, lacks=lacks)


def _sagemaker_endpoint(side: Side) -> Sized:
    """Each variant by itself; a serverless one has no machines."""
    for key in ("production_variants", "shadow_production_variants"):
        for number, one in enumerate(side.blocks(key)):
            if one.block("serverless_config") is not None:
                continue
            types, lacks = _type(one, "instance_type")
            scaling = one.block("managed_instance_scaling")
            count = _fleet(
                _number(one, "initial_instance_count"),
                _number(scaling, "min_instance_count"),
                _number(scaling, "max_instance_count"),
            )
            if count is None:
                lacks = lacks or f"its instance count is {AFTER}"
            name = str(one.values.get("variant_name") or f"variant {number + 1}")
            yield name, Machines(types, count=count, provider=AWS, region=_aws_region(side), lacks=lacks)


def _notebook(side: Side) -> Sized:
    types, lacks = _type(side, "instance_type")
    yield "", Machines(types, provider=AWS, region=_aws_region(side), lacks=lacks)


def _azure_region(side: Side) -> str | None:
    location = side.values.get("location")
    return location.lower().replace(" ", "") if isinstance(location, str) else None


def _azure(size: str, count: Callable[[Side], Span | None]) -> Reader:
    def read(side: Side) -> Sized:
        types, lacks = _type(side, size)
        machines = count(side)
        if machines is None and lacks is None:
            lacks = f"how many there will be is {AFTER}"
        yield "", Machines(
            types, count=machines, provider=AZURE, region=_azure_region(side), lacks=lacks,
            market=_market(side.values.get("priority")),
        )  # fmt: skip

    return read


def _azure_pool(side: Side) -> Span | None:
    scaled = side.values.get("auto_scaling_enabled") or side.values.get("enable_auto_scaling")
    most = _number(side, "max_count") if scaled else None
    return _fleet(_number(side, "node_count"), _number(side, "min_count"), most)


def _azure_set(side: Side) -> Span | None:
    return _fleet(_number(side, "instances"), None, None)


def _google_region(place: Any) -> str | None:
    return re.sub(r"-[a-z]$", "", place) if isinstance(place, str) else None


def _google(side: Side, machine: Side, count: Span | None, place: Any, lacks: str | None) -> Machines:
    """A machine whose type has its GPUs, or one with accelerators put on: of those only the GPUs are priced."""
    types, without = _type(machine, "machine_type")
    lacks = lacks or without
    accelerators = machine.blocks("guest_accelerator")
    region, spot = _google_region(place), _google_market(machine)
    if not accelerators or (types and types[0].startswith(("a2-", "a3-", "a4-", "g2-"))):
        return Machines(types, count=count, provider=GOOGLE, region=region, market=spot, lacks=lacks)
    cards = tuple(card for one in accelerators if (card := named_card(str(one.values.get("type")))))
    gpus = count_of(accelerators[0].values.get("count"))
    if gpus == 0:
        return Machines(types, count=count, provider=GOOGLE, region=region, market=spot, lacks=lacks)
    if lacks is None and (len(cards) != 1 or gpus is None):
        lacks = f"its accelerator {accelerators[0].values.get('type')} is not known"
    return Machines(
        cards=tuple(one.card for one in cards),
        memory_gib=cards[0].memory_gib if cards else None,
        gpus=None if gpus is None else Span.of(gpus),
        count=count,
        is_share=True,
        provider=GOOGLE,
        region=region,
        market=spot,
        lacks=lacks,
        notes=(f"only the GPUs, without the machine {types[0] if types else ''}".strip(),),
    )


def _google_market(machine: Side) -> Literal["spot"] | None:
    scheduling = machine.block("scheduling")
    model = scheduling.values.get("provisioning_model") if scheduling else None
    is_spot = machine.values.get("spot") or machine.values.get("preemptible")
    return "spot" if is_spot or _market(model) else None


def _google_instance(side: Side) -> Sized:
    yield "", _google(side, side, ONE, side.values.get("zone"), None)


def _google_pool(side: Side) -> Sized:
    """Nodes are counted per zone, but for limits that are called total."""
    machine = side.block("node_config")
    if machine is None:
        yield "", Machines(provider=GOOGLE, lacks=f"its node_config is {AFTER}")
        return
    place = side.values.get("location")
    zones = _zones(side, place)
    count, lacks = _google_nodes(side), None
    if count is None:
        lacks = f"its node count is {AFTER if side.is_unknown('node_count') else 'not named'}"
    elif zones is None:
        lacks = f"how many zones it is in is {AFTER}"
    else:
        scaling = side.block("autoscaling")
        most = _number(scaling, "total_max_node_count")
        low = count.low * zones
        high = Decimal(most) if most else count.high * zones
        count = Span(low, max(low, high))
    yield "", _google(side, machine, count, place, lacks)


def _google_nodes(side: Side) -> Span | None:
    """Nodes of a zone."""
    scaling = side.block("autoscaling")
    start = _number(side, "node_count")
    start = start if start is not None else _number(side, "initial_node_count")
    return _fleet(start, _number(scaling, "min_node_count"), _number(scaling, "max_node_count"))


def _zones(side: Side, place: Any) -> int | None:
    named = side.values.get("node_locations")
    if isinstance(named, list) and named:
        return len(named)
    if not isinstance(place, str):
        return None
    return 1 if re.search(r"-[a-z]$", place) else REGIONAL_ZONES


def _once(side: Side) -> Span | None:
    return ONE


_NAMES_A_TYPE = ("instance_type", "instance_types", "machine_type", "vm_size", "size", "sku", "node_type_id")
TEMPLATES = ("aws_launch_template", "aws_launch_configuration", "google_compute_instance_template")
"""They start nothing by themselves."""


def unknown_type(kind: str) -> Reader:
    """A resource of another type: told only where it names machines with GPUs, of which nobody knows how many."""

    def read(side: Side) -> Sized:
        found = tuple(dict.fromkeys(one for one in _named_types(side.values) if gpus_of(one)))
        if found and kind not in TEMPLATES:
            yield "", Machines(found, count=None, lacks=f"how many machines {kind} starts is not known here")

    return read


def _named_types(value: Any, depth: int = 5) -> Iterator[str]:
    if isinstance(value, Mapping) and depth:
        for name, inner in value.items():
            if name in _NAMES_A_TYPE:
                yield from (str(one) for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, str))
            else:
                yield from _named_types(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _named_types(inner, depth - 1)


SIZED: Mapping[str, Reader] = {
    "aws_instance": _instance,
    "aws_spot_instance_request": _spot_instance,
    "aws_autoscaling_group": _autoscaling_group,
    "aws_eks_node_group": _eks_node_group,
    "aws_sagemaker_endpoint_configuration": _sagemaker_endpoint,
    "aws_sagemaker_notebook_instance": _notebook,
    "azurerm_linux_virtual_machine": _azure("size", _once),
    "azurerm_windows_virtual_machine": _azure("size", _once),
    "azurerm_linux_virtual_machine_scale_set": _azure("sku", _azure_set),
    "azurerm_kubernetes_cluster_node_pool": _azure("vm_size", _azure_pool),
    "google_compute_instance": _google_instance,
    "google_container_node_pool": _google_pool,
}
