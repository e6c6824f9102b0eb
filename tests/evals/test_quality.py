"""What is measured beside right and wrong."""

from decimal import Decimal

from evals.quality import quality
from evals.report import Ask, EvalReport, Measured, Outcome


def report(*measured: Measured, outcome: Outcome = "exact") -> EvalReport:
    asks = [Ask(category="a", case="a/x", number=n, outcome=outcome, measured=one) for n, one in enumerate(measured)]
    return EvalReport(name="r", asks=tuple(asks))


def test_a_suite_that_asks_nobody_has_no_quality() -> None:
    assert quality("prices", [EvalReport(name="prices", asks=(Ask(category="a", case="x", outcome="exact"),))]) is None


def test_tools_are_counted_only_where_some_are_expected() -> None:
    made = quality("r", [report(*(Measured(seconds=1, tools_right=right) for right in (True, False, None)))])
    assert made is not None
    assert (made.tools_right, made.tools_expected, made.asked) == (1, 2, 3)


def test_an_ask_passes_when_every_time_was_exact() -> None:
    made = quality("r", [report(Measured(seconds=1, times=8, passes=8), Measured(seconds=1, times=8, passes=7))])
    assert made is not None
    assert (made.passed, made.times) == (1, 8)


def test_an_unbound_figure_and_a_text_that_varies_are_counted() -> None:
    made = quality("r", [report(Measured(seconds=1, is_bound=False), Measured(seconds=1, is_same=False))])
    assert made is not None
    assert (made.bound, made.same) == (1, 1)


def test_cost_is_unknown_as_soon_as_one_part_of_it_is() -> None:
    known = quality("r", [report(Measured(seconds=1, tokens=5, cost=Decimal("0.2")), Measured(seconds=1))])
    unknown = quality("r", [report(Measured(seconds=1, tokens=5, cost=None), Measured(seconds=1))])
    assert known is not None
    assert unknown is not None
    assert (known.cost, unknown.cost, unknown.tokens) == (Decimal("0.2"), None, 5)


def test_the_seconds_are_those_of_the_middle_and_of_the_slowest_twentieth() -> None:
    made = quality("r", [report(*(Measured(seconds=second) for second in range(1, 102)))])
    assert made is not None
    assert (made.seconds_p50, made.seconds_p95) == (51, 96)
