"""Results to draw, made by hand: many models, a series for each of many teams, negative and unknown amounts."""

from datetime import date
from decimal import Decimal

from tests.answer.results import COST, MODEL, OCTOBER, TEAM, TIME, cost_result
from tools.domain.result import Column, ToolResult

CREDITS = Column(name="Credits", kind="metric", label="credits", unit="USD", metric="Credits")
MANY = 14
DAYS = tuple(date(2026, 10, day).isoformat() for day in range(1, 6))


def team_cost(team: int, day: int) -> Decimal:
    """What a team costs on a day; team 0 costs most."""
    return Decimal(100 - 6 * team) + Decimal(day) / 8


def many_teams_by_day() -> ToolResult:
    rows = [(f"team-{team:02d}", day, str(team_cost(team, n))) for n, day in enumerate(DAYS) for team in range(MANY)]
    return cost_result((TEAM, TIME, COST), rows, period=OCTOBER, granularity="day")


def many_models(count: int = 30) -> ToolResult:
    rows = [(f"m-{number:02d}", str(1000 - number)) for number in range(count)]
    return cost_result((MODEL, COST), rows, period=OCTOBER)


def credits_by_month() -> ToolResult:
    rows = [("2026-08-01", "-50.5"), ("2026-09-01", "-20"), ("2026-10-01", "-75.25")]
    return cost_result((TIME, CREDITS), rows, granularity="month", group_by=[])


def two_dimensions() -> ToolResult:
    rows = [("search", "m-1", "10"), ("search", "m-2", "5"), ("ads", "m-1", "7"), ("ads", "m-3", "-2")]
    return cost_result((TEAM, MODEL, COST), rows, period=OCTOBER)


def hostile_names() -> ToolResult:
    rows = [("$x^2$ & <b>", "10"), ("line\nbreak \x1b[31m", "9"), ("w" * 200, "8"), ("名前", "7"), ("100%", "6")]
    return cost_result((MODEL, COST), rows, period=OCTOBER)
