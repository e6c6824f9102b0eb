"""A scenario's levers in words, with the numbers that were asked for."""

from decimal import Decimal

from tools.inform.scenario.request import ScenarioRequest


def said(request: ScenarioRequest, lever: str) -> str:
    """`traffic × 2`, `20 % shorter prompts`, `30 % of gpt-5.5 requests on gpt-5.5-mini`."""
    if lever == "switch" and request.switch is not None:
        one = request.switch
        return f"{percent(one.share)} of {one.from_model} requests on {one.to_model}"
    if lever == "cache_hit_rate" and request.cache_hit_rate is not None:
        return f"a cache hit rate of {percent(request.cache_hit_rate)}"
    if lever == "batch_share" and request.batch_share is not None:
        return f"{percent(request.batch_share)} of requests through batch"
    if lever == "price_change" and request.price_change is not None:
        change = request.price_change
        return (
            f"{change.model} prices × {number(change.factor)}" if change.model else f"prices × {number(change.factor)}"
        )
    if lever == "launch" and request.launch is not None:
        new = request.launch
        ramp = f", ramping up over {new.ramp_days} days" if new.ramp_days else ""
        return f"a launch with {new.requests_a_day:,} requests a day on {new.model}{ramp}"
    if lever == "more_gpus" and request.more_gpus is not None:
        more = request.more_gpus
        return f"{abs(more.count)} {'more' if more.count >= 0 else 'fewer'} {more.kind} GPUs"
    if lever == "commitment" and request.commitment is not None:
        bought = request.commitment
        return f"a commitment to {bought.count} {bought.kind} GPUs at {percent(bought.discount)} off"
    words = {"traffic": "traffic", "prompt_length": "prompt length", "completion_length": "completion length"}
    factor: Decimal = getattr(request, lever)
    return f"{words[lever]} × {number(factor)}"


def number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def percent(share: Decimal) -> str:
    """`60 %`, `12.5 %`."""
    return f"{number(share * 100)} %"
