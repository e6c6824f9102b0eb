"""Plans are the best ones, and say how far they might be from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.optimize.commitments.decomposed import decompose
from tools.optimize.commitments.dispatch import dispatch
from tools.optimize.commitments.exact import solve_exactly
from tools.optimize.commitments.problem import Family, Floats, Problem, Span, Tier, one_term
from tools.optimize.commitments.solve import nothing_bought, solve

DEMANDS = st.lists(st.integers(0, 6), min_size=4, max_size=24)


def family(demand: list[int] | Floats, price: float, *tiers: Tier, spend_rate: float | None = None) -> Family:
    return Family("f", np.array(demand, dtype=float)[None, :], (price,), tiers, spend_rate)


def problem(*families: Family, spend: Span | None = None) -> Problem:
    weights = np.ones(families[0].levels.shape[1])
    return Problem(weights, one_term(weights), families, spend)


@given(demand=DEMANDS, price=st.integers(2, 20), rate=st.integers(1, 19))
def test_the_count_of_one_offer_is_the_cheapest_of_all_counts(demand: list[int], price: int, rate: int) -> None:
    found = solve(problem(family(demand, price, Tier("term", rate))))
    costs = [count * rate * len(demand) + price * sum(max(one - count, 0) for one in demand) for count in range(8)]
    assert found.cost == pytest.approx(min(costs))
    assert found.bound == pytest.approx(found.cost)


@given(first=DEMANDS, second=DEMANDS, rates=st.tuples(st.floats(0.5, 0.9), st.floats(0.5, 0.9)))
@settings(max_examples=30)
def test_no_plan_costs_less_than_the_bound_of_decomposition(
    first: list[int], second: list[int], rates: tuple[float, float]
) -> None:
    size = min(len(first), len(second))
    posed = problem(
        family(first[:size], 10, Tier("term", 7), spend_rate=10 * rates[0]),
        family(second[:size], 4, Tier("term", 3), spend_rate=4 * rates[1]),
        spend="term",
    )
    exact, near = solve_exactly(posed), decompose(posed)
    assert near.bound <= exact.cost + 1e-6
    assert near.cost >= exact.cost - 1e-5


@given(demand=DEMANDS)
def test_a_plan_is_never_dearer_than_buying_nothing(demand: list[int]) -> None:
    posed = problem(family(demand, 5, Tier("term", 3), spend_rate=4.0), spend="term")
    assert solve(posed).cost <= nothing_bought(posed) + 1e-9


def test_a_spend_commitment_takes_the_usage_with_the_highest_discount_first() -> None:
    posed = problem(family([1], 10, spend_rate=9.0), family([1], 10, spend_rate=5.0), spend="term")
    spent = dispatch(posed, [{}, {}])
    # 5 dollars cover the second family's machine; the first one's stays on demand.
    assert spent.cost(np.array([5.0])) == 5 + 10


def test_a_whole_machine_is_not_bought_for_half_of_one() -> None:
    half = problem(family(np.full(24, 0.5), 10, Tier("term", 6)))
    assert solve(half).counts[0]["term"].tolist() == [0]
    parts = problem(family(np.full(24, 0.5), 10, Tier("term", 6, whole=False)))
    assert solve(parts).counts[0]["term"].tolist() == [0.5]


def test_a_capacity_block_is_bought_for_the_days_that_are_busy() -> None:
    busy_then_idle = [1] * 24 + [0] * 24
    found = solve(problem(family(busy_then_idle, 10, Tier("day", 8), Tier("term", 7))))
    assert found.counts[0]["day"].tolist() == [1, 0]
    assert found.counts[0]["term"].tolist() == [0]


def test_the_longer_offer_is_for_what_stays_and_the_shorter_for_the_rest() -> None:
    weights = np.ones(48)
    groups: dict[Span, np.ndarray] = {
        "day": np.arange(48) // 24, "term": np.arange(48) // 24, "horizon": np.zeros(48, dtype=int)
    }  # fmt: skip
    demand = [2] * 24 + [1] * 24
    posed = Problem(weights, groups, (family(demand, 10, Tier("term", 7), Tier("horizon", 5)),))
    found = solve(posed)
    assert found.counts[0]["horizon"].tolist() == [1]
    assert found.counts[0]["term"].tolist() == [1, 0]
    assert found.cost == 5 * 48 + 7 * 24


def test_what_can_be_interrupted_is_no_reason_to_commit() -> None:
    levels = np.vstack([np.zeros(24), np.ones(24)])
    posed = problem(Family("f", levels, (10, 3), (Tier("term", 6),)))
    assert solve(posed).counts[0]["term"].tolist() == [0]
    assert solve(posed).cost == 3 * 24
