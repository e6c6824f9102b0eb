"""A bill with growth, weekends and a fee on the first of each month, for two teams."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from tests.semantic.bill import Row, charge, load
from tools.domain.result import ToolResult
from tools.domain.scope import Scope
from tools.inform.forecast.request import ForecastRequest
from tools.inform.forecast.tool import forecast_costs
from tools.registry import ToolContext

FIRST, DAYS = date(2026, 5, 1), 200
LAST = FIRST + timedelta(days=DAYS - 1)
AS_OF = LAST + timedelta(days=1)
"""17 November 2026."""
FEE = 900
PARTS = {"search": 0.6, "ads": 0.4}


def amounts(days: int = DAYS) -> list[Decimal]:
    """Dollars a day, without the fee."""
    random = np.random.default_rng(5)
    found = []
    for number in range(days):
        weekend = 0.6 if (FIRST + timedelta(days=number)).weekday() >= 5 else 1.0
        value = (300 + number) * weekend * (1 + random.normal(0, 0.03))
        found.append(Decimal(str(round(value, 4))))
    return found


def rows(daily: Sequence[Decimal] | None = None) -> list[Row]:
    """A charge a day and team, and the fee."""
    bill = []
    for number, amount in enumerate(daily if daily is not None else amounts()):
        day = FIRST + timedelta(days=number)
        for team, part in PARTS.items():
            bill.append(
                charge(day, str(amount * Decimal(str(part))), x_Team=team, x_Model="m-large", x_TokenType="input")
            )
        if day.day == 1:
            bill.append(charge(day, str(FEE), x_Team="search", ServiceName="Support"))
    return bill


def world(folder: Path, daily: Sequence[Decimal] | None = None, *, scope: Scope | None = None) -> ToolContext:
    return load(folder, rows(daily), as_of=AS_OF, scope=scope or Scope())


def forecast(context: ToolContext, **request: object) -> ToolResult:
    return forecast_costs.run(context, ForecastRequest.model_validate(request))


def column(result: ToolResult, name: str) -> list[object]:
    index = result.column_index(name)
    return [row[index] for row in result.rows]
