"""Questions that telemetry answers, and those on GPUs that it does not."""

import pytest

from agent.planner import Lexicon
from agent.planner.planner import plan
from tests.planner.world import AS_OF

OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("which GPUs are idle?", {"measure": "activity", "states": ["idle", "zombie"]}),
        ("which H100s sit around unused in October", {
            "measure": "activity", "states": ["idle", "zombie"], "model": "H100", "period": OCTOBER,
        }),
        ("utilisation by team in October", {"measure": "utilization", "group_by": "team", "period": OCTOBER}),
        ("what was the average GPU utilization in October?", {
            "measure": "utilization", "group_by": "fleet", "period": OCTOBER,
        }),
        ("what did the idle H100s cost?", {"measure": "cost", "model": "H100"}),
        ("how much money are we throwing away on GPUs nobody touches?", {"measure": "cost"}),
        ("how much do we spend on idle gpus by team", {"measure": "cost", "group_by": "team"}),
        ("how much of the memory is held but unused?", {"measure": "memory"}),
        ("GPU memory in use per node", {"measure": "memory", "group_by": "host"}),
        ("power and energy by model", {"measure": "power", "group_by": "model"}),
        ("how busy are our GPUs?", {"measure": "utilization", "group_by": "fleet"}),
    ],
)  # fmt: skip
def test_a_question_on_the_fleet_is_answered_from_telemetry(
    lexicon: Lexicon, question: str, arguments: dict[str, object]
) -> None:
    (call,) = plan(question, lexicon=lexicon, as_of=AS_OF)
    assert (call.name, call.arguments) == ("gpu_fleet", arguments)


@pytest.mark.parametrize(
    "question",
    [
        "stop the idle GPUs", "how do I reduce GPU idle cost", "GPU spend in October",
        "what if we had 4 fewer A100 gpus", "why is our GPU utilization at 100% while throughput is low?",
        "commitment utilization by provider",
        "spend by model in October", "what is GPU utilization?", "cost of 8 more H100s for a month",
    ],
)  # fmt: skip
def test_orders_advice_spend_and_commitments_are_not(lexicon: Lexicon, question: str) -> None:
    assert all(call.name != "gpu_fleet" for call in plan(question, lexicon=lexicon, as_of=AS_OF))
