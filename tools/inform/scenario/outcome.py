"""What a scenario costs, and what each of its levers does to that. Exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tools.domain.errors import BadRequest
from tools.inform.scenario.attribution import shapley
from tools.inform.scenario.launch import full_days, launch_line, launched, one_request, said_of
from tools.inform.scenario.levers import (
    BATCH,
    STANDARD,
    Lever,
    World,
    batch_share,
    cache_hit_rate,
    completion_length,
    price_change,
    prompt_length,
    switch,
    traffic,
)
from tools.inform.scenario.prices import UnitPrices
from tools.inform.scenario.request import USAGE_LEVERS, Launch, ScenarioRequest
from tools.inform.scenario.usage import COMPLETION, PROMPT, Line, Usage


@dataclass(frozen=True)
class Outcome:
    """Costs over the base's own period; `parts` by lever, which sum to `after` − `before`."""

    before: Fraction
    after: Fraction
    parts: Mapping[str, Fraction]
    full: Fraction | None
    """What it costs when all of a launch's ramp is over; None without a ramp."""
    left_out: tuple[str, ...]
    """Models that a lever could not move, with the reason; and what a launch was taken to be."""


def outcome(request: ScenarioRequest, usage: Usage, prices: UnitPrices, month: Fraction) -> Outcome:
    """Apply every lever of a request to a usage; times `month` that usage is a month's.

    Raises BadRequest where a lever has nothing to move, or a price that it needs is nowhere known.
    """
    levers, left_out = _levers(request, usage, prices, month)
    start = World(usage, {})

    def cost(names: frozenset[str]) -> Fraction:
        world = start
        for name in USAGE_LEVERS:
            if name in names:
                world = levers[name](world)
        return _cost(world, prices)

    before, after = cost(frozenset()), cost(frozenset(levers))
    parts, full = shapley(tuple(levers), cost), None
    if request.launch is not None and request.launch.ramp_days:
        at_once = request.launch.model_copy(update={"ramp_days": 0})
        levers["launch"] = _launch(at_once, usage, prices, month)[0]
        full = cost(frozenset(levers))
    return Outcome(before, after, parts, full, left_out)


def _cost(world: World, prices: UnitPrices) -> Fraction:
    total = Fraction(0)
    for line, amounts in world.usage.items():
        factors = world.price_factors
        factor = factors.get(line.model.lower(), factors.get("", Fraction(1)))
        used = ((kind, count) for kind, count in amounts.tokens.items() if count)
        total += factor * sum((count * prices.price(line, kind) for kind, count in used), Fraction(0))
    return total


def _launch(launch: Launch, usage: Usage, prices: UnitPrices, month: Fraction) -> tuple[Lever, Line, str]:
    line = launch_line(launch, prices)
    tokens = one_request(launch, usage, line)
    return launched(launch, line, tokens, full_days(launch.ramp_days) / month), line, said_of(launch, tokens)


def _levers(
    request: ScenarioRequest, usage: Usage, prices: UnitPrices, month: Fraction
) -> tuple[dict[str, Lever], tuple[str, ...]]:
    found: dict[str, Lever] = {}
    left_out: list[str] = []
    lines = dict.fromkeys(usage)
    if request.switch is not None:
        moved = {
            line: prices.line_of(request.switch.to_model, line)
            for line in lines
            if _is(line, request.switch.from_model)
        }
        if not moved:
            raise BadRequest(_absent(request.switch.from_model, usage))
        found["switch"] = switch(request.switch.from_model, Fraction(request.switch.share), lambda line: moved[line])
        lines |= dict.fromkeys(moved.values())
    if request.traffic is not None:
        found["traffic"] = traffic(Fraction(request.traffic))
    if request.prompt_length is not None:
        found["prompt_length"] = prompt_length(Fraction(request.prompt_length))
    if request.completion_length is not None:
        found["completion_length"] = completion_length(Fraction(request.completion_length))
    if request.cache_hit_rate is not None:
        can = {line[:2] for line in lines if prices.has_own(line._replace(tier=STANDARD), "cached_input")}
        left_out += _named("no price for cached input", lines, can)
        found["cache_hit_rate"] = cache_hit_rate(Fraction(request.cache_hit_rate), can)
    if request.batch_share is not None:
        can = {line[:2] for line in lines if _has_batch(line, usage, prices)}
        left_out += _named("no batch price", lines, can)
        found["batch_share"] = batch_share(Fraction(request.batch_share), can)
    if request.launch is not None:
        found["launch"], line, note = _launch(request.launch, usage, prices, month)
        lines |= {line: None}
        left_out.append(note)
    if request.price_change is not None:
        model = request.price_change.model
        if model is not None and not any(_is(line, model) for line in lines):
            raise BadRequest(_absent(model, usage))
        found["price_change"] = price_change(Fraction(request.price_change.factor), model)
    return found, tuple(left_out)


def _is(line: Line, model: str) -> bool:
    return line.model.lower() == model.lower()


def _has_batch(line: Line, usage: Usage, prices: UnitPrices) -> bool:
    """Whether a (provider, model) has a batch price of its own for input, and for output where it gives any."""
    there = line._replace(tier=BATCH)
    same = [amounts for other, amounts in usage.items() if other[:2] == line[:2]]
    gives_output = any(amounts.of(COMPLETION) for amounts in same) or not same
    takes_input = any(amounts.of(PROMPT) for amounts in same) or not same
    has_input = not takes_input or prices.has_own(there, "input")
    return has_input and (not gives_output or prices.has_own(there, "output"))


def _named(why: str, lines: Mapping[Line, None], can: set[tuple[str, str]]) -> list[str]:
    without = sorted({line.model for line in lines if line[:2] not in can})
    stay = "which stays as it is" if len(without) == 1 else "which stay as they are"
    return [f"{why} is known for {', '.join(without)}, {stay}"] if without else []


def _absent(model: str, usage: Usage) -> str:
    return f"no usage of {model} in the base; there is {', '.join(sorted({line.model for line in usage}))}"
