"""What a suite's asks show beside right and wrong: tools, binding, cost, time, and whether repeats agree."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import quantiles

from pydantic import BaseModel, ConfigDict

from evals.report import EvalReport, Measured


class Quality(BaseModel):
    """Counts over the asks that went through the agent."""

    model_config = ConfigDict(frozen=True)

    suite: str
    exact: int
    wrong: int
    refused: int
    asked: int
    tools_right: int
    tools_expected: int
    bound: int
    tokens: int
    cost: Decimal | None
    """None where tokens have no known price."""
    seconds_p50: float
    seconds_p95: float
    times: int
    passed: int
    """Asks that were exact every time."""
    same: int
    """Asks that gave the same text every time."""


def quality(name: str, reports: Sequence[EvalReport]) -> Quality | None:
    """Over all the reports' asks of the agent; None when there are none."""
    asks = [ask for report in reports for ask in report.asks if ask.measured]
    measured = [ask.measured for ask in asks if ask.measured]
    if not measured:
        return None
    p50, p95 = _percentiles([one.seconds for one in measured])
    outcomes = [ask.outcome for ask in asks]
    tools = [one.tools_right for one in measured if one.tools_right is not None]
    return Quality(
        suite=name,
        exact=outcomes.count("exact"),
        wrong=outcomes.count("wrong"),
        refused=outcomes.count("refused"),
        asked=len(measured),
        tools_right=sum(tools),
        tools_expected=len(tools),
        bound=sum(one.is_bound for one in measured),
        tokens=sum(one.tokens for one in measured),
        cost=_cost(measured),
        seconds_p50=p50,
        seconds_p95=p95,
        times=max(one.times for one in measured),
        passed=sum(one.passes == one.times for one in measured),
        same=sum(one.is_same for one in measured),
    )


def _cost(measured: Sequence[Measured]) -> Decimal | None:
    costs = [one.cost for one in measured if one.cost is not None]
    return sum(costs, Decimal(0)) if len(costs) == len(measured) else None


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median, and the 95th percentile."""
    if len(seconds) == 1:
        return seconds[0], seconds[0]
    cuts = quantiles(seconds, n=20, method="inclusive")
    return round(cuts[9], 4), round(cuts[18], 4)


def quality_table(rows: Sequence[Quality]) -> str:
    """One line a suite."""
    width = max(len(row.suite) for row in rows)
    head = f"{'':{width}}  exact  wrong  refused  tools right  figures bound    tokens      cost  p50 s  p95 s"
    lines = [f"{head}  exact every time  same every time"]
    for row in rows:
        cost = "unknown" if row.cost is None else f"{row.cost:.4f}"
        lines.append(
            f"{row.suite:{width}}  {row.exact:5}  {row.wrong:5}  {row.refused:7}  "
            f"{row.tools_right:5}/{row.tools_expected:<5}  {row.bound:6}/{row.asked:<6}  {row.tokens:8}  {cost:>8}  "
            f"{row.seconds_p50:5.3f}  {row.seconds_p95:5.3f}  {f'{row.passed}/{row.asked} of {row.times}':>16}  "
            f"{f'{row.same}/{row.asked}':>15}"
        )
    return "\n".join(lines)
