"""What is wrong with a rule that is well formed: columns that there are not, money without a currency."""

from collections.abc import Iterator

from tools.domain.errors import UnknownName
from tools.inform.gpus.cards import cards
from tools.operate.policies.resource import ResourceKind
from tools.operate.policies.resources import resource_named
from tools.operate.policies.rule import Rule, RuleFilter
from tools.semantic.model import load_model

Place = tuple[int | str, ...]
PROPOSING = ("idle_gpu",)
"""Resources whose violations name a machine that an action can be proposed for."""
_VERDICTS = ("working", "idle", "zombie", "waiting", "insufficient evidence")


def faults_of(rule: Rule) -> Iterator[tuple[Place, str]]:
    """Each fault with its place inside the rule, in a sentence that names what would work."""
    try:
        kind = resource_named(rule.resource)
    except UnknownName as fault:
        yield ("resource",), str(fault)
        return
    if rule.action.propose is not None:
        yield from ((("action",), message) for message in _proposal_faults(rule.action.propose, kind))
    for number, one in enumerate(rule.filters):
        yield from ((("filters", number), message) for message in _filter_faults(one, kind))
    for name in rule.by or ():
        if not kind.can_group:
            yield ("by",), f"{kind.name} is always judged one by one; leave by out"
        elif (message := _unknown_text(name, kind)) is not None:
            yield ("by",), message
    if kind.name == "planned" and rule.limit is None and not rule.conditions:
        yield (), f"{rule.name} would forbid every plan; give it a filter, such as column: Card"


def _proposal_faults(action: str, kind: ResourceKind) -> Iterator[str]:
    """Only a machine can be acted on by itself; of a quota or a budget nobody knows which target would mend it."""
    from tools.operate.remediation.doors import action_kind

    if kind.name not in PROPOSING:
        yield f"a rule on {kind.name} can't propose an action; write finding or block ({', '.join(PROPOSING)} can)"
    try:
        action_kind(action)
    except UnknownName as fault:
        yield str(fault)


def _filter_faults(one: RuleFilter, kind: ResourceKind) -> Iterator[str]:
    number = kind.numbers.get(one.column)
    if one.above is None:
        if number is not None:
            yield f"{one.column} is a number; write {{column: {one.column}, above: 100}}"
        elif (message := _unknown_text(one.column, kind)) is not None:
            yield message
        else:
            yield from _value_faults(one)
    elif number is None:
        if one.column in kind.texts:
            yield f"{one.column} is text; above goes with {', '.join(kind.numbers)}"
        else:
            yield str(UnknownName("column", one.column, tuple(kind.numbers)))
    elif number.is_money and one.currency is None:
        yield f"{one.column} is money; name its currency: {{column: {one.column}, above: {one.above}, currency: USD}}"
    elif not number.is_money and one.currency is not None:
        yield f"{one.column} is in {number.unit}; leave currency out"


def _unknown_text(name: str, kind: ResourceKind) -> str | None:
    if name in kind.texts or (kind.is_open and name.startswith(("x_", "tag:"))):
        return None
    if kind.is_open:
        try:
            found = load_model().dimension(name)
        except UnknownName:
            return str(UnknownName("column", name, (*kind.columns, *load_model().dimensions, "tag:KEY")))
        return None if found.name == name else f"write {found.name} for {name!r}"
    return str(UnknownName("column", name, kind.columns))


def _value_faults(one: RuleFilter) -> Iterator[str]:
    known = {"Card": tuple(cards()), "Verdict": _VERDICTS}.get(one.column, ())
    spelled = {value.lower() for value in known}
    for value in (*(one.is_in or ()), *(one.is_not or ())):
        if known and value.lower() not in spelled:
            yield str(UnknownName(one.column, value, known))
