"""A planned resource as the text columns that rules go by."""

from collections.abc import Mapping

from tools.operate.check.instances import gpus_of
from tools.operate.check.pricing import Priced
from tools.operate.policies.rule import RuleFilter

_NAMES = ("Card", "Instance", "Kind", "Format", "Market", "HostProviderName", "RegionId", "x_Team")


def texts_of(one: Priced) -> tuple[Mapping[str, str | None], ...]:
    """The columns, once for each alternative that the plan leaves open."""
    machines, resource = one.resource.machines, one.resource
    kinds: list[tuple[str | None, str | None]] = []
    for instance in machines.instances:
        held = gpus_of(instance)
        kinds.append((held.card if held else None, instance))
    kinds = kinds or [(card, None) for card in machines.cards] or [(None, None)]
    return tuple(
        {
            "Card": card or (machines.cards[0] if len(machines.cards) == 1 else None),
            "Instance": instance,
            "Kind": resource.kind,
            "Format": resource.format,
            "Market": machines.market or "on demand",
            "HostProviderName": machines.provider,
            "RegionId": machines.region,
            "x_Team": resource.owner,
        }
        for card, instance in kinds
    )


def is_told(column: str) -> bool:
    """Whether a plan tells such a column at all."""
    return column in _NAMES


def matches(one: Priced, conditions: tuple[RuleFilter, ...]) -> bool | None:
    """Whether any alternative passes; None where that hangs on a text that the plan does not name.

    A team that is not named is no team: what starts will be nobody's.
    """
    doubt = False
    for texts in texts_of(one):
        passes = [_passes(texts, condition) for condition in conditions]
        if all(passes):
            return True
        doubt = doubt or (None in passes and False not in passes)
    return None if doubt else False


def _passes(texts: Mapping[str, str | None], condition: RuleFilter) -> bool | None:
    if not is_told(condition.column):
        return None
    value = texts[condition.column]
    if value is None and condition.column != "x_Team":
        return None
    return condition.holds(value)
