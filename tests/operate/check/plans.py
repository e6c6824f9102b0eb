"""Small plans, and a check of them without a home."""

import json
from decimal import Decimal
from typing import Any

from tools.operate.check.options import CheckOptions
from tools.operate.check.planned import PlannedResource
from tools.operate.check.read import read_plan
from tools.operate.check.report import CheckReport, check_plans
from tools.operate.check.source import Source
from tools.operate.policies.policy_file import PolicyFile
from tools.operate.policies.rule import Rule
from tools.registry import ToolContext

NOTHING = CheckOptions()


def read(text: str, options: CheckOptions = NOTHING, name: str = "plan") -> tuple[PlannedResource, ...]:
    return read_plan(Source(name, text), options)[1]


def check(
    *texts: str,
    rules: tuple[dict[str, Any], ...] = (),
    ctx: ToolContext | None = None,
    options: CheckOptions = NOTHING,
) -> CheckReport:
    policies = PolicyFile(rules=tuple(Rule.model_validate(one) for one in rules))
    return check_plans([Source(f"plan-{n}", text) for n, text in enumerate(texts)], policies, ctx, options)


def sbatch(*lines: str) -> str:
    return "\n".join(["#!/bin/bash", *(f"#SBATCH {line}" for line in lines), "srun python train.py", ""])


def terraform(*changes: dict[str, Any], region: str = "us-east-1", **more: Any) -> str:
    """A plan of changes; `type`, `actions`, `before`, `after` and `after_unknown` of each."""
    listed = [
        {
            "address": one.get("address", f"{one['type']}.r{n}"),
            "mode": "managed",
            "type": one["type"],
            "change": {
                "actions": one.get("actions", ["create"]),
                "before": one.get("before"),
                "after": one.get("after"),
                "after_unknown": one.get("after_unknown", {}),
            },
        }
        for n, one in enumerate(changes)
    ]
    provider = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": region}}}}
    plan = {"format_version": "1.2", "resource_changes": listed, "configuration": {"provider_config": provider, **more}}
    return json.dumps(plan, indent=2)


def gpu_hours(report: CheckReport) -> Decimal:
    """Of a plan whose GPU-hours are known exactly."""
    spans = [one.gpu_hours for one in report.priced]
    assert all(span is not None and span.is_exact for span in spans)
    return sum((span.low for span in spans if span is not None), Decimal(0))
