from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from tests.inform.change.bills import OCTOBER, SEPTEMBER
from tests.semantic.bill import Row, load
from tools.domain.result import ToolResult
from tools.inform.change.request import ChangeRequest
from tools.inform.change.tool import explain_change

Explain = Callable[..., ToolResult]


@pytest.fixture
def explain(tmp_path: Path) -> Explain:
    """The explanation of October against September over a bill."""

    def explained(bill: Sequence[Row], **request: object) -> ToolResult:
        asked = {"period": OCTOBER, "compare_to": SEPTEMBER, **request}
        return explain_change.run(load(tmp_path, bill), ChangeRequest.model_validate(asked))

    return explained


def effects(result: ToolResult, *group: str | None) -> dict[str, Decimal]:
    """Reason → contribution, of one group."""
    reason, amount = result.column_index("Reason"), result.column_index("Contribution")
    return {str(row[reason]): row[amount] for row in result.rows if row[: len(group)] == group}  # type: ignore[misc]
