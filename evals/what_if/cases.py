"""Random scenarios, and whether the tool tells what brute force finds."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evals.what_if.brute import GPU_ORDER, ORDER, expected
from evals.what_if.world import PRICES, TEAMS, USED, Company
from tools.domain.errors import BadRequest, NoData
from tools.domain.result import ToolResult
from tools.inform.scenario.request import ScenarioRequest
from tools.inform.scenario.simulate import AFTER, BEFORE, PART, simulate
from tools.registry import ToolContext

TOLERANCE = Decimal("0.01")
PERIODS = (
    ("2026-10-01", "2026-11-01"), ("2026-09-01", "2026-10-01"), ("2026-07-01", "2026-10-01"),
    ("2026-10-05", "2026-10-19"), ("2026-08-15", "2026-10-20"),
)  # fmt: skip
SHARES = ("0", "0.1", "0.25", "0.3333", "0.5", "0.6", "0.85", "1")
FACTORS = ("0", "0.5", "0.8", "1", "1.2", "1.5", "2", "3.7", "10")


def random_scenarios(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Requests as JSON: one to four levers on a slice."""
    rng = random.Random(seed)
    for _ in range(count):
        yield _scenario(rng)


@dataclass(frozen=True)
class Checked:
    """A case: what differs by more than a cent, or None; and whether there was anything to tell."""

    fault: str | None
    told: bool


def check(company: Company, ctx: ToolContext, asked: dict[str, Any]) -> Checked:
    """Ask the tool and brute force. Where brute force finds nothing to tell, the tool has to refuse."""
    wanted = expected(company, asked)
    return Checked(mismatch(ctx, asked, wanted), wanted is not None)


def mismatch(ctx: ToolContext, asked: dict[str, Any], wanted: dict[str, Decimal] | None) -> str | None:
    try:
        result = simulate.run(ctx, ScenarioRequest.model_validate(asked))
    except (NoData, BadRequest) as refused:
        return None if wanted is None else f"refused: {refused}"
    if wanted is None:
        return "told something of nothing"
    return _difference(asked, wanted, result)


def _difference(asked: dict[str, Any], wanted: dict[str, Decimal], result: ToolResult) -> str | None:
    rows = [(str(step), value) for step, value in result.rows if isinstance(value, Decimal)]
    by_step = dict(rows)
    parts = [value for step, value in rows if step.startswith(PART)]
    levers = [name for name in (*ORDER, *GPU_ORDER) if asked.get(name) is not None]
    found = {"before": by_step[BEFORE], "after": by_step[AFTER], **dict(zip(levers, parts, strict=True))}
    if sum(parts, Decimal(0)) != by_step[AFTER] - by_step[BEFORE]:
        return "the parts do not sum to the difference"
    wrong = {name: (found[name], wanted[name]) for name in wanted if abs(found[name] - wanted[name]) > TOLERANCE}
    return str(wrong) if wrong else None


def _scenario(rng: random.Random) -> dict[str, Any]:
    start, end = rng.choice(PERIODS)
    asked: dict[str, Any] = {"period": {"start": start, "end": end}, "filters": _filters(rng)}
    for lever in rng.sample([*ORDER, *GPU_ORDER], rng.choice([1, 1, 2, 2, 3, 4])):
        asked[lever] = _lever(rng, lever)
    if "more_gpus" in asked or "commitment" in asked:
        asked["filters"] = []
    return asked


def _filters(rng: random.Random) -> list[dict[str, Any]]:
    team = rng.choice(list(TEAMS))
    options: list[list[dict[str, Any]]] = [
        [],
        [{"dimension": "x_Team", "values": [team]}],
        [{"dimension": "x_Project", "values": [rng.choice(TEAMS[team])]}],
        [{"dimension": "x_Model", "values": rng.sample(list(PRICES)[:5], 2)}],
        [
            {"dimension": "x_Team", "values": [team]},
            {"dimension": "HostProviderName", "values": [rng.choice(list(USED))]},
        ],
    ]
    return rng.choice(options)


def _lever(rng: random.Random, lever: str) -> Any:
    if lever == "switch":
        old, new = rng.sample(list(PRICES), 2)
        return {"from_model": old, "to_model": new, "share": rng.choice(SHARES)}
    if lever == "price_change":
        named = {"model": rng.choice(list(PRICES)[:5])} if rng.random() < 0.5 else {}
        return {"factor": rng.choice(FACTORS), **named}
    if lever == "launch":
        sizes = {"input_tokens": rng.randint(0, 20_000), "output_tokens": rng.randint(0, 3_000)}
        given = {name: size for name, size in sizes.items() if rng.random() < 0.5}
        ramp = {"ramp_days": rng.choice([0, 1, 7, 30, 31, 90])}
        return {
            "model": rng.choice(list(PRICES)),
            "requests_a_day": rng.choice([0, 1, 20_000, 1_000_000]),
            **ramp,
            **given,
        }
    if lever == "more_gpus":
        hours = {"hours": rng.choice(["1", "160", "744"])} if rng.random() < 0.5 else {}
        return {"kind": rng.choice(["H100", "A100", "L4"]), "count": rng.randint(-4, 16), **hours}
    if lever == "commitment":
        kind, discount = rng.choice(["H100", "A100", "L4"]), rng.choice(["0", "0.25", "0.4", "1"])
        return {"kind": kind, "count": rng.randint(1, 24), "discount": discount}
    return rng.choice(SHARES if lever in ("cache_hit_rate", "batch_share") else FACTORS)
