"""How the store is read: invoices matched with usage records, and no more lines than fit."""

from decimal import Decimal
from pathlib import Path

from tests.inform.change.bills import BEFORE, NOW, OCTOBER, SEPTEMBER, tokens
from tests.semantic.bill import load
from tools.inform.change.align import aligned
from tools.inform.change.cells import TokenCell
from tools.inform.change.decompose import decompose
from tools.inform.change.read import read_cells
from tools.inform.change.request import ChangeRequest
from tools.inform.change.sides import resolve


def cell(side: int, kind: str | None, cost: str = "0", tokens: int = 0, **more: object) -> TokenCell:
    place = {"group": (), "use": ("docflow", "extractor"), "provider": "P", "service": "S", "model": "m", "tier": None}
    return TokenCell(side, **{**place, **more}, token_type=kind, cost=Decimal(cost), tokens=Decimal(tokens))  # type: ignore[arg-type]


def test_an_invoice_without_kinds_of_tokens_is_shared_out_by_what_usage_records_say() -> None:
    cells = []
    for side, count, cost in ((0, 100, "10"), (1, 200, "20")):
        cells += [
            cell(side, None, cost),
            cell(side, "input", tokens=count * 8, weight=Decimal(count * 3), requests=Decimal(count)),
            cell(side, "output", tokens=count, weight=Decimal(count)),
        ]
    found = decompose(cells)
    assert {one.reason for one in found} == {"requests"}
    assert sum(one.amount for one in found) == 10


def test_an_invoice_that_names_no_team_is_matched_without_teams() -> None:
    cells = [cell(1, None, "20", use=(None, "extractor")), cell(1, "input", tokens=8, requests=Decimal(2))]
    assert {one.use for one in aligned(cells)} == {(None, "extractor")}


def test_usage_joins_the_group_that_its_cost_stands_in() -> None:
    cells = [cell(1, None, "20", group=("account-1",)), cell(1, "input", tokens=8, group=(None,), requests=Decimal(2))]
    assert {one.group for one in aligned(cells)} == {("account-1",)}


def test_too_many_lines_are_read_coarser_with_a_note_and_without_a_remainder(tmp_path: Path) -> None:
    bill = []
    for number in range(30):
        more = {"x_Customer": f"c-{number}", "x_UseCase": f"u-{number % 3}"}
        bill += [tokens(BEFORE, "m", "input", 100 + number, "0.002", 10, **more),
                 tokens(NOW, "m", "input", 150 + number, "0.003", 12, **more)]  # fmt: skip
    context = load(tmp_path, bill)
    sides = resolve(context, ChangeRequest(period=OCTOBER, compare_to=SEPTEMBER))
    fine, coarse = read_cells(context, sides), read_cells(context, sides, most=20)
    assert len(fine.tokens) == 60
    assert len(coarse.tokens) == 6
    assert "customer" in coarse.caveats[0]
    sums = [sum(one.amount for one in decompose(cells.tokens)) for cells in (fine, coarse)]
    assert sums[0] == sums[1] == sum(Decimal("0.003") * (150 + n) - Decimal("0.002") * (100 + n) for n in range(30))
