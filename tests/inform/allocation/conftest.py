"""A desk with rules and closings, over small bills."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.domain.allocation import AllocationRules
from tools.domain.closing import Closing
from tools.inform.allocation.read import read_rules
from tools.registry import ToolContext


@dataclass
class Desk:
    """An AllocationDesk of plain values."""

    own: AllocationRules
    closed: list[Closing] = field(default_factory=list)

    def rules(self) -> AllocationRules:
        return self.own

    def closings(self) -> Sequence[Closing]:
        return tuple(self.closed)


def with_rules(context: ToolContext, folder: Path, text: str) -> ToolContext:
    """The context with the rules of an allocation.yaml."""
    path = folder / "allocation.yaml"
    path.write_text(text, encoding="utf-8")
    return replace(context, allocation=Desk(read_rules(path)))
