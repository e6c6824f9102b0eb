"""Which combinations explain a change: of a total, of a ratio, of parts that cancel out."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.inform.root_cause import LeafTable, RootCause, localise, ratio_leaves

DIMENSIONS = ("x_Team", "x_Model", "RegionId")
MEMBERS = tuple(product(("search", "ads", None), ("m-large", "m-small"), ("eu", "us")))
USUAL = {member: Decimal(100 + 7 * number) for number, member in enumerate(MEMBERS)}


def _leaves(**changed: tuple[tuple[str | None, ...], int]) -> LeafTable:
    """Leaves as usual but for those that a pattern fits, whose amount is multiplied by per cent; "*" fits all."""
    seen = dict(USUAL)
    for pattern, percent in changed.values():
        for member in MEMBERS:
            if all(one in ("*", value) for one, value in zip(pattern, member, strict=True)):
                seen[member] = seen[member] * percent / 100
    return LeafTable(DIMENSIONS, MEMBERS, list(seen.values()), list(USUAL.values()))


def _combinations(causes: tuple[RootCause, ...]) -> list[dict[str, str | None]]:
    return [dict(cause.combination) for cause in causes]


def test_a_rise_in_one_combination_is_found_with_its_money_and_all_of_the_change() -> None:
    leaves = _leaves(a=(("ads", "m-large", "*"), 250))
    (cause,) = localise(leaves)
    assert cause.combination == (("x_Team", "ads"), ("x_Model", "m-large"))
    assert (cause.contribution, cause.share, cause.leaves) == (leaves.change, 1, 2)
    assert cause.observed - cause.expected == cause.contribution


def test_a_fall_is_found_and_its_contribution_is_negative() -> None:
    (cause,) = localise(_leaves(a=(("*", "m-small", "*"), 40)))
    assert cause.combination == (("x_Model", "m-small"),)
    assert cause.contribution < 0 < cause.share


def test_untagged_spend_can_be_the_cause() -> None:
    assert _combinations(localise(_leaves(a=((None, "*", "*"), 300)))) == [{"x_Team": None}]


def test_two_causes_are_told_apart_and_the_larger_comes_first() -> None:
    leaves = _leaves(a=(("ads", "m-large", "*"), 250), b=(("search", "m-small", "*"), 400))
    found = localise(leaves)
    assert _combinations(found) == [
        {"x_Team": "search", "x_Model": "m-small"},
        {"x_Team": "ads", "x_Model": "m-large"},
    ]
    assert sum(cause.contribution for cause in found) == leaves.change


def test_a_rise_and_a_fall_that_cancel_out_are_each_found_when_asked_for() -> None:
    leaves = _leaves(a=(("ads", "*", "*"), 150), b=(("search", "*", "*"), 50))
    assert _combinations(localise(leaves, direction="rise")) == [{"x_Team": "ads"}]
    assert _combinations(localise(leaves, direction="fall")) == [{"x_Team": "search"}]


def test_what_rose_everywhere_alike_has_no_part_as_its_cause() -> None:
    (cause,) = localise(_leaves(a=(("*", "*", "*"), 200)))
    assert (cause.combination, cause.share, cause.leaves) == ((), 1, len(MEMBERS))


def test_new_spend_is_found_though_nothing_was_expected_of_it() -> None:
    members = (*MEMBERS, ("ads", "m-new", "eu"))
    leaves = LeafTable(DIMENSIONS, members, [*USUAL.values(), Decimal(90)], [*USUAL.values(), Decimal(0)])
    assert _combinations(localise(leaves)) == [{"x_Model": "m-new"}]


def test_a_change_of_traffic_explains_nothing_of_a_ratio() -> None:
    usual = [(amount, amount * 10) for amount in USUAL.values()]
    traffic = [Decimal(1 + number % 3) for number in range(len(MEMBERS))]
    seen = [(n * more, d * more) for (n, d), more in zip(usual, traffic, strict=True)]
    as_usual = ratio_leaves(DIMENSIONS, MEMBERS, seen, usual)
    assert abs(as_usual.change) < Decimal("1e-9")
    dearer = [(n * 2 if m[1] == "m-large" else n, d) for m, (n, d) in zip(MEMBERS, seen, strict=True)]
    (cause,) = localise(ratio_leaves(DIMENSIONS, MEMBERS, dearer, usual))
    assert cause.combination == (("x_Model", "m-large"),)


def test_without_leaves_or_change_there_is_no_cause() -> None:
    assert localise(LeafTable(DIMENSIONS, (), (), ())) == ()
    assert localise(_leaves()) == ()


def test_leaves_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="1 leaves with 0 observed"):
        LeafTable(("x_Team",), (("ads",),), (), (Decimal(1),))
    with pytest.raises(ValueError, match="x_Team, x_Model"):
        LeafTable(("x_Team", "x_Model"), (("ads",),), (Decimal(1),), (Decimal(1),))


_amounts = st.lists(
    st.decimals("-1000", "100000", places=4, allow_nan=False), min_size=len(MEMBERS), max_size=len(MEMBERS)
)


@given(_amounts, _amounts)
def test_contributions_add_up_to_what_the_covered_leaves_moved(
    observed: list[Decimal], expected: list[Decimal]
) -> None:
    leaves = LeafTable(DIMENSIONS, MEMBERS, observed, expected)
    causes = localise(leaves)
    covered = [
        (o, e)
        for member, o, e in zip(MEMBERS, observed, expected, strict=True)
        if any(cause.covers(DIMENSIONS, member) for cause in causes)
    ]
    assert sum(cause.leaves for cause in causes) == len(covered)
    assert sum(cause.contribution for cause in causes) == sum(o - e for o, e in covered)
    assert localise(leaves) == causes
