"""Shapley values, rounding that keeps sums, and the interval."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.inform.scenario.attribution import SCALE, shapley, told
from tools.inform.scenario.gpus import gpus_in
from tools.inform.scenario.interval import relative_margin

_fractions = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6)


@settings(max_examples=30)
@given(st.tuples(*[_fractions] * 8))
def test_parts_sum_to_what_all_levers_do_together(values: tuple[Fraction, ...]) -> None:
    def value(names: frozenset[str]) -> Fraction:
        return values[sum(1 << "abc".index(name) for name in names)]

    assert sum(shapley("abc", value).values()) == values[7] - values[0]


def test_levers_that_do_not_touch_each_other_have_what_they_do_alone() -> None:
    alone = {"a": Fraction(3), "b": Fraction(-5), "c": Fraction(1, 7)}
    assert shapley("abc", lambda names: sum((alone[name] for name in names), Fraction(0))) == alone


@settings(max_examples=50)
@given(st.lists(_fractions, min_size=1, max_size=8))
def test_told_parts_sum_to_the_told_whole_and_are_off_by_less_than_a_unit(parts: list[Fraction]) -> None:
    whole, rounded = told(sum(parts, Fraction(0)), parts)
    assert sum(rounded) == whole
    assert all(abs(Fraction(got) - part) < Fraction(1, 10**SCALE) for got, part in zip(rounded, parts, strict=True))


def test_steady_growth_is_no_noise_and_few_weeks_tell_nothing() -> None:
    growing = [Fraction(100 + 10 * week) for week in range(13)]
    assert relative_margin(growing, Fraction(4)) == 0
    assert relative_margin(growing[:3], Fraction(4)) is None
    noisy = [week * (Fraction(12, 10) if number % 2 else Fraction(8, 10)) for number, week in enumerate(growing)]
    margin = relative_margin(noisy, Fraction(4))
    assert margin is not None
    assert Fraction(1, 10) < margin < Fraction(1, 2)


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("8x H100 SXM node", "H100", 8),
        ("ml.p5.48xlarge training", "H100", 8),
        ("g6e.12xlarge on demand", "L40S", 4),
        ("g6e.12xlarge on demand", "L4", 0),
        ("A100 hours", "A100", 1),
        ("g5.xlarge", "H100", 0),
    ],
)
def test_the_gpus_of_a_machine_are_known_by_its_name(name: str, kind: str, count: int) -> None:
    assert gpus_in(name, kind) == count


def test_a_share_of_a_decimal_is_exact() -> None:
    whole, parts = told(Fraction(1), [Fraction(1, 3)] * 3)
    assert whole == 1
    assert sorted(parts)[0] == Decimal("0.333333333333")
