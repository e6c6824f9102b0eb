"""Savings that act together are recomputed together, and never added up."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tools.domain.period import Period
from tools.domain.recommendation import Cash, Edit, Recommendation
from tools.optimize.ledger import Ledger, Line
from tools.optimize.portfolio import combine, ranked, valued

OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))


def line(model: str, token_type: str, cost: int) -> Line:
    keys = {"x_Model": model, "x_TokenType": token_type, "ResourceId": None}
    return Line(keys, Fraction(cost), None, None, Fraction(cost * 1000), Fraction(0))


def ledger(*lines: Line) -> Ledger:
    return Ledger(lines, OCTOBER, "USD", Fraction(1))


def recommendation(
    target: str, *edits: Edit, cash: Cash = "cash", exclusive: Sequence[str] = (), added: str = "0"
) -> Recommendation:
    return Recommendation(
        lever="test",
        target=target,
        description=target,
        edits=edits,
        added_cost=Decimal(added),
        currency="USD",
        cash=cash,
        confidence=Decimal("0.5"),
        effort="Low",
        risk="Low",
        evidence=(),
        proved_wrong_by="",
        exclusive=frozenset(exclusive),
        period=OCTOBER,
        created=date(2026, 11, 23),
    )


def edit(remaining: Fraction, **where: str) -> Edit:
    return Edit(where={key: (value,) for key, value in where.items()}, remaining=remaining)


def test_two_savings_on_the_same_tokens_save_less_than_their_sum() -> None:
    world = ledger(line("m", "input", 100), line("m", "output", 100))
    found = valued(
        world,
        [
            recommendation("half of the requests", edit(Fraction(1, 2), x_Model="m")),
            recommendation("half of the output", edit(Fraction(1, 2), x_Model="m", x_TokenType="output")),
        ],
    )
    assert [one.saving for one in found] == [100, 50]
    portfolio = combine(world, found)
    assert portfolio.saving == 125
    assert [one.marginal for one in portfolio.taken] == [100, 25]


def test_of_two_that_act_on_one_machine_the_better_is_taken_and_the_other_is_an_alternative() -> None:
    world = ledger(line("m", "input", 100))
    found = valued(
        world,
        [
            recommendation("stop it", edit(Fraction(0), x_Model="m"), exclusive=["machine"]),
            recommendation("halve it", edit(Fraction(1, 2), x_Model="m"), exclusive=["machine"]),
        ],
    )
    portfolio = combine(world, found)
    assert [one.recommendation.target for one in portfolio.taken] == ["stop it"]
    assert [one.target for one in portfolio.alternatives] == ["halve it"]


def test_what_frees_capacity_is_no_saving_of_the_portfolio() -> None:
    world = ledger(line("m", "input", 100))
    found = valued(world, [recommendation("free it", edit(Fraction(0), x_Model="m"), cash="capacity")])
    assert combine(world, found).saving == 0
    assert ranked(found)[0].saving == 100


def test_what_was_claimed_before_is_an_alternative_later() -> None:
    world = ledger(line("m", "input", 100))
    first = combine(world, valued(world, [recommendation("move", edit(Fraction(1, 2), x_Model="m"), exclusive=["t"])]))
    again = valued(world, [recommendation("spot", edit(Fraction(1, 2), x_Model="m"), exclusive=["t"])])
    assert combine(world, again, first.taken).taken == ()


def test_a_ledger_with_edits_keeps_the_share_of_the_list_price_that_is_paid() -> None:
    one = Line({"x_Model": "m"}, Fraction(90), Fraction(100), Fraction(95), Fraction(10), Fraction(0))
    (left,) = ledger(one).after([edit(Fraction(1, 3), x_Model="m")]).lines
    assert left.list_cost is not None
    assert left.cost / left.list_cost == Fraction(9, 10)


def test_what_a_change_itself_costs_comes_off_its_saving() -> None:
    world = ledger(line("m", "input", 100))
    found = valued(world, [recommendation("cache", edit(Fraction(1, 2), x_Model="m"), added="20")])
    assert found[0].saving == 30
    assert combine(world, found).saving == 30


def test_what_saves_nothing_is_not_recommended() -> None:
    world = ledger(line("m", "input", 100))
    assert valued(world, [recommendation("dearer", edit(Fraction(2), x_Model="m"))]) == ()


@given(
    costs=st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    parts=st.lists(st.tuples(st.integers(0, 5), st.fractions(0, 1)), max_size=6),
)
def test_the_portfolio_equals_the_cost_of_the_world_with_all_of_it(
    costs: list[int], parts: list[tuple[int, Fraction]]
) -> None:
    world = ledger(*(line(f"m{index}", "input", cost) for index, cost in enumerate(costs)))
    edits = [(f"m{index}", part) for index, part in parts if index < len(costs)]
    found = valued(world, [recommendation(f"{n}", edit(part, x_Model=model)) for n, (model, part) in enumerate(edits)])
    portfolio = combine(world, found)
    left = {f"m{index}": Fraction(cost) for index, cost in enumerate(costs)}
    for model, part in edits:
        left[model] *= part
    truth = sum(costs) - sum(left.values(), Fraction(0))
    assert abs(Fraction(portfolio.saving) - truth) <= Fraction(1, 10**12)
    assert sum((one.marginal for one in portfolio.taken), Decimal(0)) == portfolio.saving
