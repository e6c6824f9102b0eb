"""A launch: usage that was not there, rising in a straight line until it is all there.

On day d of a ramp of R days d/R of the requests come, then all of them. Exact.
"""

from collections.abc import Mapping
from fractions import Fraction

from tools.domain.errors import BadRequest
from tools.inform.scenario.levers import STANDARD, Lever, World
from tools.inform.scenario.prices import UnitPrices
from tools.inform.scenario.request import Launch
from tools.inform.scenario.usage import Amounts, Line, TokenType, Usage, added

MONTH_DAYS = 30
"""A launch's month: its first days."""


def full_days(ramp_days: int, days: int = MONTH_DAYS) -> Fraction:
    """How many days at full traffic the first `days` of a launch amount to."""
    rising = min(ramp_days, days)
    return Fraction(rising * (rising + 1), 2 * ramp_days) + days - rising if ramp_days else Fraction(days)


def launch_line(launch: Launch, prices: UnitPrices) -> Line:
    """Where its requests go: to the provider that the model is bought from, at the standard tier."""
    return prices.line_of(launch.model, Line("", launch.model, STANDARD))


def one_request(launch: Launch, usage: Usage, line: Line) -> Mapping[TokenType, Fraction]:
    """The tokens of one request: as asked for, else as a mean request of the model, else of the whole slice.

    Raises BadRequest where neither is known.
    """
    asked: dict[TokenType, int | None] = {"input": launch.input_tokens, "output": launch.output_tokens}
    given = {kind: Fraction(count) for kind, count in asked.items() if count is not None}
    if len(given) == len(asked):
        return given
    same = [amounts for one, amounts in usage.items() if one.model.lower() == line.model.lower() and amounts.requests]
    like = same or [amounts for amounts in usage.values() if amounts.requests]
    if not like:
        raise BadRequest(f"nobody counted requests in the base; say input_tokens and output_tokens of {line.model}")
    requests = sum((amounts.requests for amounts in like), Fraction(0))
    mean: dict[TokenType, Fraction] = {}
    for amounts in like:
        for kind, count in amounts.tokens.items():
            mean[kind] = mean.get(kind, Fraction(0)) + count / requests
    for kind in [kind for kind in mean if _whole(kind) in given]:
        del mean[kind]
    return {**mean, **given}


def launched(launch: Launch, line: Line, tokens: Mapping[TokenType, Fraction], days: Fraction) -> Lever:
    """Add so many full days of the launch's requests."""
    requests = launch.requests_a_day * days
    amounts = Amounts(requests, {kind: count * requests for kind, count in tokens.items()})

    def apply(world: World) -> World:
        return World(added(world.usage, line, amounts), world.price_factors)

    return apply


def said_of(launch: Launch, tokens: Mapping[TokenType, Fraction]) -> str:
    """What one request was taken to be."""
    whole = {name: sum(n for kind, n in tokens.items() if _whole(kind) == name) for name in ("input", "output")}
    how = (
        "as asked for"
        if None not in (launch.input_tokens, launch.output_tokens)
        else "what was not said as in the base"
    )
    return (
        f"a request of the launch has {float(whole['input']):,.0f} input and {float(whole['output']):,.0f} output "
        f"tokens, {how}; counted are its first {MONTH_DAYS} days"
    )


def _whole(kind: TokenType) -> str:
    return "output" if kind in ("output", "reasoning") else "input"
