"""Candidate causes: prices that stepped, and events that fit in time and in slice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.inform.change.bills import OCTOBER, SEPTEMBER, tokens
from tests.inform.change.conftest import Explain
from tests.semantic.bill import load
from tools.inform.change.candidates import find_candidates
from tools.inform.change.decompose import decompose
from tools.inform.change.events import fitting_events
from tools.inform.change.read import read_cells
from tools.inform.change.reasons import reason_rows
from tools.inform.change.request import ChangeRequest
from tools.inform.change.sides import resolve
from tools.inform.change.steps import step_day, step_days, stepped

DAYS = [date(2026, 9, 20) + timedelta(days=number) for number in range(20)]
STEP = date(2026, 10, 1)
ONSET = date(2026, 10, 10)
ABOUT = {"x_Project": "extractor", "x_Team": "docflow", "x_Model": "m"}


@dataclass(frozen=True)
class Happened:
    title: str
    time: datetime
    slice: Mapping[str, str] = field(default_factory=dict)
    kind: str = "deployment"


def on(day: int, title: str, **where: str) -> Happened:
    return Happened(title, datetime(2026, 10, day, 9, tzinfo=UTC), where)


def titles(*events: Happened) -> list[str]:
    return [one.title for one in fitting_events(events, ONSET, ABOUT)]


def test_a_price_that_stepped_is_named_with_its_day_and_both_prices(explain: Explain) -> None:
    bill = [tokens(day, "m", "input", 10**6, "0.000002" if day < STEP else "0.000003", 10) for day in DAYS]
    bill.append(tokens(date(2026, 9, 1), "m", "input", 10**6, "0.000002", 10))
    result = explain(bill)
    told = [row[result.column_index("Candidates")] for row in result.rows if row[0] == "token price"]
    assert told == ["price change on 2026-10-01: m input from 2 to 3 USD per million"]


def test_a_price_that_did_not_move_is_no_candidate(explain: Explain) -> None:
    bill = [tokens(day, "m", "input", 10**6 * (1 + (day >= STEP)), "0.000002", 10) for day in DAYS]
    bill.append(tokens(date(2026, 9, 1), "m", "input", 10**6, "0.000002", 10))
    result = explain(bill)
    assert {row[result.column_index("Candidates")] for row in result.rows} == {None}


def test_a_step_is_where_two_means_fit_best_and_clean_only_without_overlap() -> None:
    values = [2.0 if day < STEP else 3.0 for day in DAYS]
    assert step_day(DAYS, values) == STEP
    assert stepped(DAYS, values, 0.01) == (STEP, 2.0, 3.0)
    assert stepped(DAYS, [float(number % 2) + 1 for number in range(20)], 0.01) is None
    assert step_day(DAYS, [1.0] * 20) is None
    assert step_day(DAYS[:3], [1.0, 2.0, 3.0]) is None


def test_an_event_fits_on_or_shortly_before_the_step_and_not_later() -> None:
    assert titles(on(2, "early"), on(8, "before"), on(10, "same day"), on(12, "late")) == ["same day", "before"]


def test_an_event_elsewhere_does_not_fit_and_the_nearer_slice_comes_first() -> None:
    events = (
        on(10, "everywhere"),
        on(9, "this project", x_Project="extractor"),
        on(10, "another project", x_Project="copilot"),
        on(10, "unknown place", RegionId="eu-west-1"),
        on(8, "this team's project", x_Project="extractor", x_Team="docflow"),
    )
    assert titles(*events) == ["this team's project", "this project", "everywhere"]


def test_the_steps_of_what_came_and_went_are_both_found() -> None:
    values = [9.0 if 5 <= number < 8 else 2.0 for number in range(20)]
    assert set(step_days(DAYS, values)) == {DAYS[5], DAYS[8]}


def test_an_event_at_the_step_of_the_line_that_moved_is_a_candidate_with_that_day(tmp_path: Path) -> None:
    bill = [tokens(date(2026, 9, 1), "m", "input", 10**6, "0.000002", 10, x_Project="extractor")]
    for day in DAYS:
        size = 10**6 * (9 if day >= STEP else 1)
        bill.append(tokens(day, "m", "input", size, "0.000002", size // 10**5, x_Project="extractor"))
    context = load(tmp_path, bill)
    sides = resolve(context, ChangeRequest(period=OCTOBER, compare_to=SEPTEMBER))
    rows = reason_rows(decompose(read_cells(context, sides).tokens))
    one = Happened("5.0", datetime(2026, 9, 30, 9, tzinfo=UTC), {"x_Project": "extractor"})
    other = Happened("5.0", datetime(2026, 9, 30, 9, tzinfo=UTC), {"x_Project": "copilot"})
    found = find_candidates(context, sides, rows, "USD", [other, one]).found
    assert found == {
        ((), "requests"): "deployment on 2026-09-30, “5.0” (project extractor); the cost stepped on 2026-10-01"
    }
