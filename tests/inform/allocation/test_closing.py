"""Closed months stand; what changes later is an adjustment in the next one."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.inform.allocation.conftest import Desk
from tests.semantic.bill import Row, charge
from tools.domain.allocation import NO_RULES, AllocationRules
from tools.domain.closing import Closing
from tools.domain.errors import BadInput
from tools.domain.period import Period
from tools.inform.allocation.close import Occasion, close_month
from tools.inform.allocation.tool import AllocateRequest, allocate
from tools.ingest.focus import load_focus
from tools.ingest.usage import load_usage
from tools.registry import ToolContext
from tools.store import Store

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
WHEN = Occasion("ada", datetime(2026, 11, 3, tzinfo=UTC))
SHARED = AllocationRules.model_validate(
    {
        "allocate": {
            "x_Team": {
                "rules": [
                    {
                        "name": "network",
                        "where": [{"dimension": "ServiceName", "values": ["Network"]}],
                        "split": "proportional",
                    }
                ]
            }
        }
    }
)


class Books:
    """A store that bills are loaded into, and the months that were closed on it."""

    def __init__(self, folder: Path, rules: AllocationRules = NO_RULES) -> None:
        self.folder, self.store, self.desk = folder, Store(folder / "store"), Desk(rules)

    def load(self, *bill: Row) -> None:
        import csv

        path = self.folder / "bill.csv"
        names = list(dict.fromkeys(name for row in bill for name in row))
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(bill)
        load_focus(self.store, [path], source="bill")

    def close(self, month: date) -> Closing:
        closing = close_month(self.store.snapshot(), self.desk.rules(), self.desk.closings(), month, WHEN)
        self.desk.closed.append(Closing.model_validate_json(closing.model_dump_json(by_alias=True)))
        return closing

    def chargeback(self, month: date, **more: object) -> dict[object, Decimal]:
        context = ToolContext(store=self.store.snapshot(), as_of=date(2026, 12, 2), allocation=self.desk)
        request = AllocateRequest(period=Period.month_of(month), compare_to=None, **more)  # type: ignore[arg-type]
        return {row[0]: row[1] for row in allocate.run(context, request).rows}  # type: ignore[misc]


def on(day: date, cost: str, team: str, **more: str) -> Row:
    return charge(day, cost, x_Team=team, **more)


def posted(closing: Closing) -> dict[str | None, Decimal]:
    sums: dict[str | None, Decimal] = defaultdict(Decimal)
    for one in closing.statements[0].adjustments:
        sums[one.payer] += one.cost
    return dict(sums)


A, B = on(date(2026, 9, 30), "10", "a"), on(date(2026, 9, 30), "5", "b")
LATER = on(date(2026, 10, 31), "7", "a")


def test_a_closed_month_is_told_as_it_was_issued_whatever_is_loaded_later(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(A, B, LATER)
    books.close(SEPTEMBER)
    books.load(on(date(2026, 9, 30), "12", "a"), B, LATER)
    assert books.chargeback(SEPTEMBER) == {"a": Decimal(10), "b": Decimal(5)}
    assert books.chargeback(SEPTEMBER, closed_through="none") == {"a": Decimal(12), "b": Decimal(5)}


def test_a_restatement_is_in_the_next_month_that_is_open_and_is_posted_by_its_closing(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(A, B, LATER)
    books.close(SEPTEMBER)
    books.load(on(date(2026, 9, 30), "12", "a"), LATER)
    assert books.chargeback(OCTOBER) == {"a": Decimal(9), "b": Decimal(-5)}
    closing = books.close(OCTOBER)
    assert posted(closing) == {"a": Decimal(2), "b": Decimal(-5)}
    assert {one.month for one in closing.statements[0].adjustments} == {SEPTEMBER}
    assert books.chargeback(OCTOBER) == {"a": Decimal(9), "b": Decimal(-5)}


def test_what_was_posted_is_not_posted_again(tmp_path: Path) -> None:
    books = Books(tmp_path)
    november = on(date(2026, 11, 30), "1", "a")
    books.load(A, B, LATER, november)
    books.close(SEPTEMBER)
    books.load(on(date(2026, 9, 30), "12", "a"), B, LATER, november)
    books.close(OCTOBER)
    books.load(on(date(2026, 9, 30), "11", "a"), B, LATER, november)
    late = Occasion("ada", datetime(2026, 12, 2, tzinfo=UTC))
    closing = close_month(books.store.snapshot(), NO_RULES, books.desk.closings(), date(2026, 11, 1), late)
    assert posted(closing) == {"a": Decimal(-1)}


def test_a_restatement_goes_by_the_rules_that_the_month_was_issued_under(tmp_path: Path) -> None:
    books = Books(tmp_path, SHARED)
    network = charge(date(2026, 9, 30), "3", ServiceName="Network")
    books.load(A, B, network, LATER)
    books.close(SEPTEMBER)
    assert books.chargeback(SEPTEMBER) == {"a": Decimal(12), "b": Decimal(6)}
    books.desk.own = NO_RULES
    books.load(A, B, charge(date(2026, 9, 30), "6", ServiceName="Network"), LATER)
    assert books.chargeback(OCTOBER) == {"a": Decimal(9), "b": Decimal(1)}


def test_everything_charged_and_adjusted_sums_to_the_bills_at_last(tmp_path: Path) -> None:
    books = Books(tmp_path, SHARED)
    books.load(A, B, charge(date(2026, 9, 30), "0.01", ServiceName="Network"), LATER)
    books.close(SEPTEMBER)
    books.load(A, on(date(2026, 9, 30), "5.003", "c"), charge(date(2026, 9, 30), "1", ServiceName="Network"), LATER)
    books.close(OCTOBER)
    charged = sum((sum(books.chargeback(month).values()) for month in (SEPTEMBER, OCTOBER)), Decimal(0))
    assert charged == Decimal("10") + Decimal("5.003") + Decimal(1) + Decimal(7)


def test_evidence_of_before_a_closing_still_gives_what_it_gave(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(A, B, LATER)
    context = ToolContext(store=books.store.snapshot(), as_of=date(2026, 12, 2), allocation=books.desk)
    before = allocate.run(context, AllocateRequest(period=Period.month_of(SEPTEMBER)))
    books.close(SEPTEMBER)
    again = allocate.run(context, AllocateRequest.model_validate(before.evidence.arguments))
    assert again == before


def test_usage_without_an_invoice_is_accrued(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(A, LATER)
    usage, prices = tmp_path / "usage.csv", tmp_path / "prices.yaml"
    usage.write_text("time,model,input_tokens,team\n2026-09-03T10:00:00Z,m-large,2000000,a\n")
    prices.write_text("currency: USD\nprices: [{model: m-large, input: 1.5, output: 3, from: 2026-01-01}]\n")
    load_usage(books.store, [usage], provider="Other AI", prices=prices)
    closing = books.close(SEPTEMBER)
    accrual = closing.accruals[0]
    assert (accrual.provider, accrual.basis, accrual.cost) == ("Other AI", "provider_usage", Decimal(3))
    assert books.chargeback(SEPTEMBER) == {"a": Decimal(13)}


@pytest.mark.parametrize(
    ("month", "why"),
    [
        (date(2026, 11, 1), "2026-11 is not over; it can be closed from 2026-12-01 on"),
        (date(2026, 8, 1), "nothing is loaded for 2026-08"),
    ],
)
def test_a_month_that_cannot_be_closed_says_why(tmp_path: Path, month: date, why: str) -> None:
    books = Books(tmp_path)
    books.load(A, LATER)
    with pytest.raises(BadInput, match=why):
        books.close(month)


def test_a_month_is_not_closed_before_its_last_day_is_loaded(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(on(date(2026, 10, 30), "7", "a"))
    with pytest.raises(BadInput, match="2026-10 is loaded through 2026-10-30 only"):
        books.close(OCTOBER)


def test_months_are_closed_in_order(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(A, LATER, on(date(2026, 8, 2), "1", "a"))
    books.close(date(2026, 8, 1))
    with pytest.raises(BadInput, match="2026-08 was the last, so 2026-09 is the next"):
        books.close(OCTOBER)


def test_a_filtered_question_is_answered_by_todays_data(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(A, B, LATER)
    books.close(SEPTEMBER)
    closed = books.desk.closed[0]
    books.desk.closed = [replace_lines(closed)]
    assert books.chargeback(SEPTEMBER) == {"a": Decimal(1)}
    only = [{"dimension": "ServiceName", "values": ["Machines"]}]
    assert books.chargeback(SEPTEMBER, filters=only) == {"a": Decimal(10), "b": Decimal(5)}


def replace_lines(closing: Closing) -> Closing:
    statement = closing.statements[0]
    line = statement.lines[0].model_copy(update={"cost": Decimal(1)})
    return closing.model_copy(update={"statements": (statement.model_copy(update={"lines": (line,)}),)})


def test_a_part_of_a_closed_month_is_told_by_todays_data_and_says_so(tmp_path: Path) -> None:
    books = Books(tmp_path)
    books.load(A, B, LATER)
    books.close(SEPTEMBER)
    context = ToolContext(store=books.store.snapshot(), as_of=date(2026, 12, 2), allocation=books.desk)
    half = Period(start=date(2026, 9, 15), end=date(2026, 10, 1))
    result = allocate.run(context, AllocateRequest(period=half))
    assert any("part of a closed month" in caveat for caveat in result.evidence.caveats)
