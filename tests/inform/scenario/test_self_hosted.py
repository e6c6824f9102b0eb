"""Self-hosted models beside their GPUs: what serves them is counted once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from evals.what_if.world import Node, _charge, _write
from tools.domain.result import ToolResult
from tools.inform.scenario.request import ScenarioRequest
from tools.inform.scenario.simulate import AFTER, BEFORE, PART, simulate
from tools.ingest.focus import load_focus
from tools.ingest.usage import load_usage
from tools.registry import ToolContext
from tools.store import Store

USAGE = """time,model,input_tokens,requests,cost
2026-10-05T09:00:00Z,{model},1000,10,{cost}
"""


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    """10 for 100 H100-hours of Cirrus, which serve a model estimated at 6; a bill of 8 and a gateway's 5 elsewhere."""
    folder = tmp_path_factory.mktemp("hosted")
    store = Store(folder / "store")
    node = Node(date(2026, 10, 5), "1x H100 node", "Standard", Decimal(100), Decimal(10))
    load_focus(store, [_write(folder / "nodes.csv", [_charge(node)])], source="nodes")
    for provider, model, cost, basis in (
        ("Cirrus", "own", 6, "estimate"), ("Acme AI", "alpha", 8, "provider_usage"), ("Bolt AI", "beta", 5, "estimate")
    ):  # fmt: skip
        path = folder / f"{model}.csv"
        path.write_text(USAGE.format(model=model, cost=cost))
        load_usage(store, [path], provider=provider, source=model, basis=basis)
    return ToolContext(store=store.snapshot(), as_of=date(2026, 11, 5))


def _ask(ctx: ToolContext, **asked: Any) -> ToolResult:
    period = {"start": "2026-10-01", "end": "2026-11-01"}
    return simulate.run(ctx, ScenarioRequest.model_validate({"period": period, **asked}))


def _costs(result: ToolResult) -> dict[str, Decimal]:
    return {str(step): value for step, value in result.rows if isinstance(value, Decimal)}


def test_without_gpu_changes_a_served_model_counts_by_its_estimate(ctx: ToolContext) -> None:
    assert _costs(_ask(ctx, traffic="1"))[BEFORE] == 6 + 8 + 5


def test_beside_its_gpus_a_served_model_costs_nothing_more_and_the_answer_says_so(ctx: ToolContext) -> None:
    result = _ask(ctx, traffic="1", more_gpus={"kind": "H100", "count": 1})
    assert _costs(result)[BEFORE] == 10 + 8 + 5
    assert any(one.startswith("tokens of own cost nothing here") for one in result.evidence.caveats)


def test_leaving_a_served_model_costs_the_other_models_price_and_saves_only_gpus(ctx: ToolContext) -> None:
    moved = {"from_model": "own", "to_model": "alpha"}
    result = _ask(ctx, switch=moved, more_gpus={"kind": "H100", "count": -1, "hours": "50"})
    costs = _costs(result)
    assert [value for step, value in costs.items() if step.startswith(PART)] == [8, -5]
    assert costs[AFTER] == 10 + 8 + 5 + 8 - 5
