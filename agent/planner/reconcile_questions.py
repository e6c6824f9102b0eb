"""Questions that set two accounts of the same usage side by side: "does the OpenAI invoice match our usage"."""

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.periods import periods, refused_time
from agent.planner.reading import Reading
from agent.planner.text import words

_RECONCILES = words("reconcile reconciles reconciled reconciling reconciliation")
_MATCHES = words("match matches agree agrees tally tallies differ differs discrepancy gap mismatch off")
_INVOICE = words("invoice invoices invoiced bill bills billed")
_ISSUED = words("issued details detail document documents statement")
_USAGE = words("usage consumption records record logs metered")
_ESTIMATE = words("gateway gateways litellm estimate estimates estimated proxy")
_ACCOUNTS = (("invoice", _INVOICE), ("provider_usage", _USAGE), ("estimate", _ESTIMATE))
_AMOUNTS = words("what how which")
_OPENING = 5
"""Words within which an order begins: "could you please reconcile"."""
_GROUPS = words("x_Model x_Team x_Project x_Customer x_Environment")


def about_accounts(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call that reconciles; None for a question that names no two accounts, or asks for no match."""
    reading, as_of = asked.reading, asked.as_of
    lows = reading.lows()
    documents = lows & _INVOICE and lows & _ISSUED and lows & (_RECONCILES | _MATCHES)
    named = [account for account, its_words in _ACCOUNTS if lows & its_words]
    asks = documents or _is_asked_to(reading) or (len(named) > 1 and lows & _MATCHES)
    if not asks or refused_time(reading) is not None:
        return None
    arguments: dict[str, object] = {}
    provider = next((n.values[0] for n in reading.names if n.dimension == "HostProviderName"), None)
    if provider is not None:
        arguments["provider"] = provider
    when = periods(reading, as_of)
    if when.period is not None:
        arguments["period"] = when.period.model_dump(mode="json")
    if documents:
        arguments["reference"] = "invoice_detail"
    elif len(named) > 1:
        arguments |= {"reference": named[0], "records": named[1]}
    elif named == ["estimate"]:
        arguments["records"] = "estimate"
    groups = [group for group in reading.groups if group in _GROUPS]
    if groups:
        arguments["group_by"] = groups[0]
    return (PlannedCall("reconcile", arguments),)


def _is_asked_to(reading: Reading) -> bool:
    """Whether it says to reconcile, rather than that somebody is reconciling and needs an amount."""
    opening = {token.low for token in reading.tokens[:_OPENING]}
    return bool(opening & {"reconcile", "reconciliation"}) and not reading.lows() & _AMOUNTS
