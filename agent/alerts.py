"""New runaways after a load: looked for in the newest hours, told once each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.settings import Settings

if TYPE_CHECKING:
    from tools.inform.anomalies.runaways import Runaway


def new_runaways(settings: Settings) -> "tuple[str, Sequence[Runaway]]":
    """The currency, and the runaways in the newest 24 hours of data that were not told before; none where the history
    is too short."""
    from datetime import date

    from agent.app import open_store, tool_context
    from agent.state.alerts import Alerts
    from tools.inform.anomalies.hourly import read_hourly
    from tools.inform.anomalies.judged import currency_of
    from tools.inform.anomalies.runaways import find_runaways
    from tools.inform.anomalies.running import NEWEST_HOURS

    context = tool_context(settings, open_store(settings), date.max)
    currency, _ = currency_of(context, None)
    hourly = read_hourly(context.store, currency, date.max)
    found = find_runaways(hourly, NEWEST_HOURS) if hourly else []
    return currency, Alerts(settings.state_path).new(found) if found else ()


def alert_fields(one: "Runaway", currency: str) -> dict[str, object]:
    """An alert for programs: text, hours (UTC) and amounts as exact text."""
    from tools.inform.anomalies.running import runaway_words
    from tools.inform.anomalies.told import money

    return {
        "kind": "runaway",
        "what": runaway_words(one),
        "dimension": one.dimension,
        "value": one.value,
        "since": one.since.isoformat(),
        "through": one.until.isoformat(),
        "cost_per_hour": format(money(one.per_hour), "f"),
        "usual_per_hour": format(money(one.usual_per_hour), "f"),
        "excess": format(money(one.excess), "f"),
        "currency": currency,
    }
