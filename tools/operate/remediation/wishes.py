"""From recommendations to wishes: which action does what a lever advises, and on which target."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tools.domain.recommendation import Recommendation
from tools.domain.remediation import Estimate, TargetRef, Wish


@dataclass(frozen=True)
class Deed:
    """An action on one target that does what a recommendation says."""

    action: str
    target: TargetRef
    parameters: Mapping[str, str]
    recommendation: Recommendation


def deed_of(recommendation: Recommendation) -> Deed | None:
    """What would do it; None where no action can, so that it takes a ticket."""
    make = _BY_LEVER.get(recommendation.lever)
    return make(recommendation) if make else None


def wishes(deeds: Iterable[Deed], proposed_by: str, environments: tuple[str, ...] = ()) -> tuple[Wish, ...]:
    """One wish for all deeds of one action with the same parameters and currency."""
    groups: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Deed]] = {}
    for one in deeds:
        key = one.action, one.recommendation.currency, tuple(sorted(one.parameters.items()))
        groups.setdefault(key, []).append(one)
    return tuple(
        Wish(
            action=action,
            targets=tuple(one.target for one in group),
            proposed_by=proposed_by,
            currency=currency,
            parameters=dict(parameters),
            savings={one.target.key: _estimate(one.recommendation) for one in group},
            reason="; ".join(dict.fromkeys(one.recommendation.description for one in group)),
            recommendations=tuple(dict.fromkeys(one.recommendation.id for one in group)),
            environments=environments,
        )
        for (action, currency, parameters), group in groups.items()
    )


def _estimate(recommendation: Recommendation) -> Estimate:
    """Only cash counts: what a commitment pays for anyway saves nothing by being stopped."""
    if recommendation.cash == "capacity":
        return Estimate()
    saving = recommendation.saving
    low, high = recommendation.low, recommendation.high
    return Estimate(amount=saving, low=saving if low is None else low, high=saving if high is None else high)


def _ec2(recommendation: Recommendation) -> TargetRef | None:
    """The EC2 instance it is about, if it is about one."""
    name, region = recommendation.resource_id or "", recommendation.region
    instance = name.rpartition("/")[2]
    if recommendation.provider != "AWS" or region is None or not instance.startswith("i-"):
        return None
    return TargetRef(id=instance, place={"region": region})


def _stop(recommendation: Recommendation) -> Deed | None:
    target = _ec2(recommendation)
    return Deed("ec2_stop", target, {}, recommendation) if target else None


def _resize(recommendation: Recommendation) -> Deed | None:
    target, size = _ec2(recommendation), recommendation.parameters.get("instance")
    if target is None or size is None:
        return None
    return Deed("ec2_resize", target, {"instance_type": size}, recommendation)


_BY_LEVER: Mapping[str, Callable[[Recommendation], Deed | None]] = {"idle_gpu": _stop, "rightsize": _resize}
