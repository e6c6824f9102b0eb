"""What the commitments tool found is told with every figure bound."""

from datetime import date
from pathlib import Path

import pytest

from agent.answer.check_draft import check_draft
from agent.answer.plain import plain_draft
from tests.optimize.commitments.company import company, context, with_agreements
from tools.optimize.commitments.request import About, CommitmentsRequest
from tools.optimize.commitments.tool import commitments
from tools.registry import ToolContext

CONTRACTS = """c-1,rsv-1,Cloud,2026-01-01,2026-12-01,,USD,Usage,
c-2,edp,Cloud,2026-09-01,2026-12-01,50000,USD,Spend,EDP
"""


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    folder: Path = tmp_path_factory.mktemp("company")
    return context(with_agreements(company(folder), CONTRACTS), date(2026, 11, 1))


@pytest.mark.parametrize("about", ["coverage", "expiring", "plan", "agreements"])
def test_each_row_is_told_in_the_text(ctx: ToolContext, about: About) -> None:
    results = {"r1": commitments.run(ctx, CommitmentsRequest(about=about))}
    draft = plain_draft(results)
    assert "{{r1.0.name}}" in draft
    assert check_draft(draft, results) == ()
