"""Terraform plans: what `terraform show -json PLAN` says will be made, changed, replaced and destroyed.

Source: HashiCorp, Terraform JSON output format (resource_changes, actions, after_unknown, configuration). count and
for_each are expanded there already. Attributes are those of the AWS, AzureRM and Google providers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tools.domain.errors import BadInput
from tools.operate.check.options import CheckOptions
from tools.operate.check.planned import MONTH_HOURS, Change, Machines, PlannedResource
from tools.operate.check.source import Source
from tools.operate.check.span import Span
from tools.operate.check.terraform_plan import Side, TerraformPlan, actions_of
from tools.operate.check.terraform_types import SIZED, unknown_type

STATE = "holds a state, not a plan: terraform plan -out PLAN, then terraform show -json PLAN"


def is_terraform(value: Any) -> bool:
    return isinstance(value, Mapping) and "format_version" in value and "apiVersion" not in value


def read_terraform(source: Source, value: Mapping[str, Any], options: CheckOptions) -> tuple[PlannedResource, ...]:
    """Machines that the plan changes. Raises BadInput for a state, and for a major version that is not known."""
    version = str(value.get("format_version"))
    if version.partition(".")[0] not in ("0", "1"):
        raise BadInput(
            f"{source.name}: format_version {version} of Terraform plans is not known; known are 0.x and 1.x"
        )
    if "resource_changes" not in value and "planned_values" not in value:
        raise BadInput(f"{source.name} {STATE}")
    plan = TerraformPlan(value)
    lines = _lines(source.text)
    found: list[PlannedResource] = []
    for one in plan.changes:
        if one.get("mode") == "data":
            continue
        read = SIZED.get(str(one.get("type"))) or unknown_type(str(one.get("type")))
        address = str(one.get("address"))
        before, after = plan.side(one, "before"), plan.side(one, "after")
        change = _change(one, plan)
        if change is None:
            continue
        was = _sizes(read, before) if change != "create" else {}
        will = _sizes(read, after) if change != "delete" else {}
        for part in sorted({*was, *will}):
            sized = _resource(source, address, part, change, was.get(part), will.get(part), options)
            side = after or before
            if sized is not None and side is not None:
                owner = options.team or side.team
                found.append(replace(sized, kind=str(one.get("type")), owner=owner, line=lines.get(address, 1)))
    return tuple(found)


def _sizes(read: Any, side: Side | None) -> dict[str, Machines]:
    return dict(read(side)) if side is not None else {}


def _change(one: Mapping[str, Any], plan: TerraformPlan) -> Change | None:
    """What happens to a resource; None for nothing. Replacing is deleting and creating in either order."""
    actions = actions_of(one)
    if "create" in actions:
        return "replace" if actions & {"delete", "forget"} else "create"
    if actions == {"delete"}:
        return "delete"
    if actions == {"update"} or (actions == {"no-op"} and plan.is_changed_by_template(one)):
        return "update"
    return None


def _resource(
    source: Source,
    address: str,
    part: str,
    change: Change,
    before: Machines | None,
    after: Machines | None,
    options: CheckOptions,
) -> PlannedResource | None:
    """The part of a resource as it will be; an update that leaves it as it is changes nothing."""
    if change == "update" and before == after:
        return None
    nothing = Machines(count=Span.of(0), instances=before.instances if before else ())
    if after is None:
        change = "delete"
    return PlannedResource(
        format="terraform",
        kind="",
        address=f"{address}/{part}" if part else address,
        machines=after or nothing,
        hours=Span.of(MONTH_HOURS if options.hours is None else options.hours),
        file=source.name,
        line=1,
        change=change,
        before=before,
        is_open=True,
    )


def _lines(text: str) -> dict[str, int]:
    """Address → the line on which its change begins; a plan that is one line has them all on it."""
    found: dict[str, int] = {}
    line, position = 1, 0
    start = max(text.find('"resource_changes"'), 0)
    for match in _addresses(text, start):
        line += text.count("\n", position, match.start())
        position = match.start()
        found.setdefault(match[1].replace('\\"', '"'), line)
    return found


def _addresses(text: str, start: int) -> Iterator[re.Match[str]]:
    return re.compile(r'"address"\s*:\s*"((?:[^"\\]|\\.)*)"').finditer(text, start)
