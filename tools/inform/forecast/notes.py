"""What a forecast has to say of itself beside its figures."""

from collections.abc import Iterator

from tools.domain.period import Period
from tools.inform.forecast.daily import LEAST_FOR_MODELS
from tools.inform.forecast.series import Outlook
from tools.inform.forecast.slices import Slices

MOST_NAMED = 3


def notes_of(slices: Slices, period: Period, late: str) -> tuple[str, ...]:
    """Caveats in the order in which they matter."""
    return tuple(dict.fromkeys(note for note in _notes(slices, period, late) if note))


def _notes(slices: Slices, period: Period, late: str) -> Iterator[str]:
    history, found = slices.history, slices.whole.outlook
    yield late
    yield _method(found, history.days)
    ahead = (period.last_day - history.last).days
    if found.tested and ahead > found.tested:
        yield f"past forecasts could be tested {found.tested} days ahead; further ahead the interval is drawn wider"
    if not history.is_additive:
        yield f"{history.metric.label} is a ratio: a period's figure is the mean of its days"
    if history.dimensions and history.is_additive:
        yield "parts are foreseen one by one and scaled to the forecast of the whole, so that they sum to it"
    yield from _prices(slices)
    if slices.planned:
        names = ", ".join(name for name, _ in slices.planned)
        yield f"planned changes are added as they were given, without an interval of their own: {names}"
    yield from history.caveats


def _method(found: Outlook, days: int) -> str:
    if not found.tested:
        return (
            f"{days} days of data are too few to test a forecast, so there is no interval: this is the seasonal-naive "
            f"one, the last week again; models start at {LEAST_FOR_MODELS} days"
        )
    largest = sorted(found.weights, key=lambda name: (-round(found.weights[name], 6), name))[:MOST_NAMED]
    return (
        f"method: {len(found.weights)} models weighed by their errors in {found.origins} past forecasts on {days} days "
        f"of data; those that count most are {', '.join(largest)}"
    )


def _prices(slices: Slices) -> Iterator[str]:
    told: set[tuple[str, str]] = set()
    for change in sorted(slices.price_changes, key=lambda one: (one.day, one.model)):
        key = (change.model, change.day.isoformat())
        if key not in told:
            told.add(key)
            yield f"the price of {change.model} changes on {change.day}, which the forecast takes into account"
