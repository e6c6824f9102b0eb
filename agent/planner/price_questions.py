"""Questions about list prices: "what does gpt-5.5-mini cost per million tokens"."""

from agent.planner.asked import Asked
from agent.planner.build import build_query, query_call
from agent.planner.calls import PlannedCall, ask_back
from agent.planner.lexicon import Lexicon
from agent.planner.periods import refused_time
from agent.planner.reading import Reading
from agent.planner.text import words

_OURS = words("we us our did paid pay paying spent actually average blended effective effectively measured")
_MOST_MODELS = 6
_PER_TOKENS = frozenset(["CostPerMillionTokens", "CostPerMillionInputTokens", "CostPerMillionOutputTokens"])


def about_prices(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """One lookup for each model that is asked about; None for other questions."""
    reading, lexicon, as_of, previous = asked.reading, asked.lexicon, asked.as_of, asked.previous
    models = _models(reading)
    if (refused := refused_time(reading)) is not None and (refused.kind != "ambiguous" or refused.period is None):
        return None
    if models and reading.unknown:
        return None
    if previous is not None and _continues(reading, previous) and not models and reading.times:
        return (_lookup(str(previous.arguments["model"]), reading, previous),)
    if _continues(reading, previous) and models:
        return tuple(_lookup(model, reading, previous) for model in models)
    if reading.has("price") and not reading.has("act", "override", "forecast"):
        written = models or _unknown_model(reading)
        if written and not _measured(reading):
            prices = tuple(
                call
                for model in written[:_MOST_MODELS]
                for call in _on_each_day(_lookup(model, reading, None), reading)
            )
            return (query_call(build_query(reading, lexicon, as_of)), *prices) if _spend_too(reading) else prices
    if reading.has("price") and not models and _lists_prices(reading, lexicon):
        return tuple(_lookup(model, reading, None) for model in lexicon.values["x_Model"])
    if models and _asks_what_it_costs(reading):
        return tuple(_lookup(model, reading, None) for model in models[:_MOST_MODELS])
    if models and len(models) == 1 and _could_be_either(reading):
        name = models[0]
        options = (f"What is the list price of {name} per million tokens?", f"How much did we spend on {name}?")
        return (ask_back(f"The list price of {name}, or what was spent on it?", options),)
    return None


def _lists_prices(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the prices of all models are asked for, and they are few."""
    alone = reading.groups == ["x_Model"] and not (reading.metrics or reading.filters or reading.unknown)
    known = lexicon.values.get("x_Model", ())
    return alone and 0 < len(known) <= _MOST_MODELS and not reading.has("rank", "most", "act", "override", "forecast")


def _models(reading: Reading) -> list[str]:
    return [value for names in reading.names if names.dimension == "x_Model" for value in names.values]


def _measured(reading: Reading) -> bool:
    """Whether the question is about what was paid rather than about a price list."""
    return bool(set(reading.metrics) & _PER_TOKENS) and bool(reading.lows() & _OURS)


def _unknown_model(reading: Reading) -> list[str]:
    """A model that the store doesn't know may still be on a price list."""
    if not reading.unknown or reading.unclear or reading.filters:
        return []
    first, last = reading.unknown[0], reading.unknown[-1]
    if any(
        span.kind not in ("unknown", "number", "filler")
        for span in reading.spans
        if first.start <= span.start < last.end
    ):
        return []
    if reading.has("change", "why", "baseline", "compare") or reading.groups:
        return []
    rates = [reading.text(span).lower() for span in reading.spans if span.kind == "price"]
    if rates and all(rate in ("rate", "rates") for rate in rates) and not reading.lows() & {"list", "token", "tokens"}:
        return []
    tokens = reading.tokens[first.start : last.end]
    name = "".join(("" if i == 0 else token.glue) + token.text for i, token in enumerate(tokens))
    return [name] if any(c.isdigit() for c in name) or len(tokens) == 1 else []


def _spend_too(reading: Reading) -> bool:
    return reading.has("link") and "EffectiveCost" in reading.metrics


def _asks_what_it_costs(reading: Reading) -> bool:
    """what does X cost per million tokens"""
    lows = reading.lows()
    if reading.granularity is not None or reading.has("trend", "change", "share", "why", "threshold"):
        return False
    if "does" in lows and lows & {"charge", "charges"} and not lows & _OURS:
        return True
    if set(reading.metrics) and set(reading.metrics) <= _PER_TOKENS and lows & {"price", "prices"}:
        return not (lows & _OURS or reading.groups or reading.has("rank", "most", "change", "compare"))
    per_tokens = bool(set(reading.metrics) & _PER_TOKENS) or reading.has("per_tokens")
    return per_tokens and bool(reading.lows() & {"does", "do"}) and not (reading.lows() & _OURS) and not reading.groups


def _could_be_either(reading: Reading) -> bool:
    """what does X cost: the price, or the spend?"""
    lows = reading.lows()
    asks = (bool(lows & {"does", "do"}) and bool(lows & {"cost", "costs"})) or reading.has("how_much")
    if not asks or lows & _OURS or reading.times or reading.groups or reading.has("rank", "most", "compare", "total"):
        return False
    expensive = "expensive" in lows and "how" in lows
    return (expensive or bool(lows & {"does", "do"})) and reading.metrics in ([], ["EffectiveCost"])


def _continues(reading: Reading, previous: PlannedCall | None) -> bool:
    if previous is None or previous.name != "lookup_prices":
        return False
    short = reading.has("again", "link") or not reading.names
    return short and not reading.metrics and not reading.groups and not reading.unknown


def _on_each_day(call: PlannedCall, reading: Reading) -> tuple[PlannedCall, ...]:
    """The lookup on the first day of every period that is named: "in September vs October"."""
    starts = [span.time.period.start for span in reading.times if span.time and span.time.period]
    if len(starts) < 2:
        return (call,)
    return tuple(PlannedCall(call.name, {**call.arguments, "on": day.isoformat()}) for day in sorted(set(starts)))


def _lookup(model: str, reading: Reading, previous: PlannedCall | None) -> PlannedCall:
    arguments: dict[str, str] = {"model": model}
    provider = next((n.values[0] for n in reading.names if n.dimension == "HostProviderName"), None)
    if provider is not None:
        arguments["provider"] = provider
    periods = [span.time.period for span in reading.times if span.time and span.time.period]
    if periods:
        arguments["on"] = periods[0].start.isoformat()
    elif previous is not None and "on" in previous.arguments:
        arguments["on"] = str(previous.arguments["on"])
    return PlannedCall("lookup_prices", arguments)
