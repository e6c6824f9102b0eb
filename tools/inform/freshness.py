"""Freshness: which providers' data end before the days that are asked for, and later than they usually do."""

from collections.abc import Sequence
from datetime import date, timedelta

from tools.domain.period import Period
from tools.domain.scope import Filter
from tools.registry import ToolContext

_MOST_NAMED = 3


def late_providers(ctx: ToolContext, period: Period, filters: Sequence[Filter] = ()) -> dict[str, date]:
    """Provider → its last day, where that is before the period's end and longer ago than its data usually trail.

    Those that a filter on the provider leaves out are none of the question's.
    """
    ends = min(period.end, ctx.as_of)
    return {
        provider: last
        for provider, last in sorted(ctx.store.reach.items())
        if last < ends - timedelta(days=1 + ctx.lag.of(provider)) and _is_asked(provider, filters)
    }


def lateness(ctx: ToolContext, period: Period, filters: Sequence[Filter] = ()) -> tuple[str, ...]:
    """What an answer that depends on late data has to say; () where everything is as fresh as usual."""
    late = late_providers(ctx, period, filters)
    if not late:
        return ()
    days = sorted(set(late.values()))
    if len(days) == 1 and len(late) == len(ctx.store.reach) > 1:
        return (f"every provider is late: data usually trail by {ctx.lag.days} days",)
    if len(late) > _MOST_NAMED:
        of = f"{len(late)} of {len(ctx.store.reach)} providers"
        return (f"{of} are late: their data end between {days[0]} and {days[-1]}",)
    return tuple(
        f"{provider} is late: its data end on {last}, and usually trail by {ctx.lag.of(provider)} days"
        for provider, last in late.items()
    )


def _is_asked(provider: str, filters: Sequence[Filter]) -> bool:
    for one in filters:
        if one.dimension in ("HostProviderName", "ServiceProviderName", "InvoiceIssuerName"):
            named = provider.lower() in {value.lower() for value in one.values}
            if (one.operator == "in" and not named) or (one.operator == "not_in" and named):
                return False
    return True
