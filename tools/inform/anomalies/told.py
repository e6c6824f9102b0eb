"""Incidents in people's words: what a slice is called, and amounts as exact cells."""

from decimal import Decimal

from tools.inform.anomalies.incident import Incident
from tools.inform.anomalies.slices import Slice
from tools.semantic.model import load_model
from tools.semantic.numbers import plain

TOTAL = "everything"
BETWEEN = " · "


def slice_words(one: Slice) -> str:
    """`gpt-5.5 · sql-helper`: the values, which in a bill name themselves; `everything` for the total."""
    order = {name: index for index, name in enumerate(_ORDER)}
    where = sorted(one.where, key=lambda pair: order.get(pair[0], len(order)))
    return BETWEEN.join(_value(name, str(value)) for name, value in where) or TOTAL


_ORDER = ("x_Model", "ServiceName", "HostProviderName", "x_Project", "x_Team", "RegionId")


def _value(name: str, value: str) -> str:
    """A team or a project is said to be one; a model, service, provider or region is known by its name."""
    return f"{load_model().dimensions[name].label} {value}" if name in ("x_Team", "x_Project") else value


def money(value: float) -> Decimal:
    """To the cent, below one to the millionth: an estimate claims no more digits."""
    return plain(Decimal(value).quantize(Decimal("0.01") if abs(value) >= 1 else Decimal("0.000001")))


def status(one: Incident) -> str:
    if one.reversed_on is not None:
        return f"undone on {one.reversed_on}"
    if one.is_open:
        return "still going on"
    return "now the usual level" if one.kind in ("level shift up", "level shift down") else "ended"


def kind_words(one: Incident) -> str:
    """The kind; an offsetting shift with where the money came from, an undone one with the day."""
    if one.reversed_on is not None and one.counterpart is None:
        return f"{one.kind}, undone on {one.reversed_on}"
    return f"{one.kind} from {slice_words(one.counterpart)}" if one.counterpart is not None else one.kind
