"""The arithmetic: nothing is left over, nothing moves that did not."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.changes.checks import check, yields_only
from evals.changes.cubes import CHANGES, random_cube, tidy_side
from tools.inform.change.shapley import chain_effects, in_decimals, product_effects

AMOUNTS = st.fractions(min_value=-50, max_value=50, max_denominator=97)
PAIRS = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6)


def product(values: list[Fraction]) -> Fraction:
    whole = Fraction(1)
    for value in values:
        whole *= value
    return whole


@settings(max_examples=150)
@given(PAIRS)
def test_effects_of_a_product_sum_to_its_change_and_negate_when_swapped(pairs: list[tuple[Fraction, Fraction]]) -> None:
    before, after = [one for one, _ in pairs], [other for _, other in pairs]
    effects = product_effects(before, after)
    assert sum(effects) == product(after) - product(before)
    assert product_effects(after, before) == tuple(-effect for effect in effects)
    assert all(effect == 0 for effect, (old, new) in zip(effects, pairs, strict=True) if old == new)


def test_two_factors_share_as_bennet_has_it() -> None:
    assert product_effects([Fraction(2), Fraction(10)], [Fraction(3), Fraction(16)]) == (Fraction(13), Fraction(15))


def test_what_started_is_the_doing_of_one_link_of_the_chain() -> None:
    assert chain_effects([100, 0, 0, 0], [100, 40, 80, Decimal("0.8")]) == (0, Fraction(4, 5), 0, 0)


@settings(max_examples=100)
@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_decimals_sum_to_the_fractions_and_are_off_by_a_unit_at_most(effects: list[Fraction]) -> None:
    whole = round(sum(effects) * 1000)
    effects = [*effects, Fraction(whole, 1000) - sum(effects)]
    found = in_decimals(effects, 3)
    assert sum(found) == Decimal(whole) / 1000
    assert all(abs(Fraction(cell) - effect) <= Fraction(1, 1000) for cell, effect in zip(found, effects, strict=True))
    assert in_decimals([-effect for effect in effects], 3) == tuple(-cell for cell in found)


def test_random_cubes_leave_nothing_negate_and_are_pure() -> None:
    held = check(45, seed=3)
    assert (held.with_remainder, held.not_negated, held.not_pure) == (0, 0, 0)


@pytest.mark.parametrize("reason", CHANGES)
def test_one_factor_changed_has_its_own_effect_alone(reason: str) -> None:
    import random

    assert yields_only(reason, tidy_side(random.Random(reason)))


def test_the_check_finds_a_cube_that_does_not_add_up() -> None:
    import random

    from evals.changes.checks import leaves_nothing
    from tools.inform.change.decompose import decompose

    cube = random_cube(random.Random(5))
    found = decompose(cube.tokens, cube.usage, cube.amounts)
    assert found
    assert leaves_nothing(cube, found)
    assert not leaves_nothing(cube, found[1:])
