"""Levers on token spend beside brute force, on made-up requests and machines; the evaluation adds the demo company."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from evals.savings.check import check_joint, check_lever
from evals.savings.extra import END, START, load_extra
from evals.savings.world import World, read_world
from tools.domain.recommendation import Recommendation
from tools.optimize.ledger import Ledger, read_ledger
from tools.optimize.lever import Lever
from tools.optimize.levers import LEVERS
from tools.optimize.llm.response_cache import ResponseCache
from tools.optimize.portfolio import combine, valued
from tools.pricing.book import PriceBook
from tools.registry import ToolContext
from tools.store import Store

ON_TOKENS = [lever for lever in LEVERS if type(lever).__module__.startswith("tools.optimize.llm.")]


@dataclass(frozen=True)
class Made:
    ctx: ToolContext
    ledger: Ledger
    world: World


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("extra")
    store = Store(folder / "store")
    book = PriceBook([load_extra(store, folder, 3)])
    ctx = ToolContext(store=store.snapshot(), as_of=date(2026, 11, 23), prices=book)
    return Made(ctx, read_ledger(ctx), read_world(ctx, book, START, END))


@pytest.mark.parametrize("lever", ON_TOKENS, ids=lambda lever: lever.name)
def test_each_lever_saves_what_brute_force_says(made: Made, lever: Lever) -> None:
    checked = check_lever(made.ctx, made.ledger, made.world, lever)
    assert checked.holds, checked


@pytest.mark.parametrize("lever", ON_TOKENS, ids=lambda lever: lever.name)
def test_each_recommendation_says_why_how_and_what_would_prove_it_wrong(made: Made, lever: Lever) -> None:
    if not lever.preflight(made.ctx, made.ledger).can_judge:
        pytest.skip("these data do not let it judge")
    for one in valued(made.ledger, lever.find(made.ctx, made.ledger)):
        assert all((one.evidence, one.steps, one.proved_wrong_by, one.description)), one
        assert (one.lever, one.currency, one.period) == (lever.name, "USD", made.ledger.period)


@dataclass(frozen=True)
class Boastful(ResponseCache):
    """Finds what the lever finds, and leaves a hundredth less of each cost."""

    def find(self, ctx: ToolContext, ledger: Ledger) -> list[Recommendation]:
        return [_dearer(one) for one in super().find(ctx, ledger)]


def _dearer(one: Recommendation) -> Recommendation:
    edits = (edit.model_copy(update={"remaining": edit.remaining * Fraction(99, 100)}) for edit in one.edits)
    return one.model_copy(update={"edits": tuple(edits)})


def test_a_lever_that_claims_more_does_not_hold(made: Made) -> None:
    checked = check_lever(made.ctx, made.ledger, made.world, Boastful())
    assert not checked.holds


def test_all_of_them_together_save_what_the_rows_say(made: Made) -> None:
    judging = [lever for lever in ON_TOKENS if lever.preflight(made.ctx, made.ledger).can_judge]
    found = [one for lever in judging for one in valued(made.ledger, lever.find(made.ctx, made.ledger))]
    joint = check_joint(combine(made.ledger, found), made.world)
    assert joint.holds, joint
    assert joint.saving < joint.alone


def test_levers_have_names_of_their_own() -> None:
    names = [lever.name for lever in LEVERS]
    assert len(names) == len(set(names))
