"""The only place that builds things: settings → store, prices, planner, graph, agent."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.settings import Settings, load_settings
from tools.domain.errors import StoreFault
from tools.registry import ToolContext
from tools.store import BasisPolicy, Store

if TYPE_CHECKING:
    from agent.answer.verify import VerifyReport
    from agent.graph.agent import Agent
    from agent.state.answers import AnswerStore
    from tools.pricing.book import PriceBook


def open_store(settings: Settings) -> Store:
    """The cost store of the home; the first load makes its folder."""
    basis = settings.cost_basis
    return Store(settings.store_path, basis=BasisPolicy(order=basis.order, providers=basis.providers))


def build_agent(home: Path | Settings) -> "Agent":
    """An agent over the store of a home, ready to be asked."""
    from agent.graph.agent import Agent
    from agent.planner import BuiltinPlanner, Lexicon
    from agent.state.answers import AnswerStore
    from tools.catalog import CATALOG

    settings = home if isinstance(home, Settings) else load_settings(home)
    store = open_store(settings)
    return Agent(
        BuiltinPlanner(lexicon=lambda: Lexicon.of(store.snapshot())),
        CATALOG,
        partial(tool_context, settings, store),
        AnswerStore(settings.state_path),
        threads_path(settings),
    )


def kept_answers(settings: Settings) -> "AnswerStore":
    """The answers given from a home."""
    from agent.state.answers import AnswerStore

    return AnswerStore(settings.state_path)


def threads_path(settings: Settings) -> Path:
    """The file that a home's conversations are kept in."""
    return settings.state_path / "threads.sqlite"


def tool_context(settings: Settings, store: Store, as_of: date, generation: int | None = None) -> ToolContext:
    """What tools may use for one question: a pinned generation, the day it is asked as of, prices and rates."""
    return ToolContext(
        store=store.snapshot(generation), as_of=as_of, prices=_PricesWhenAsked(settings), rates=settings.currency.rates
    )


def price_book(settings: Settings) -> "PriceBook":
    """The home's own price lists first, then the built-in catalogue."""
    from agent.price_lists import known_price_lists
    from tools.pricing.book import PriceBook

    return PriceBook(known_price_lists(settings))


def verify_answer(settings: Settings, answer_id: str) -> "VerifyReport":
    """Run the queries behind a kept answer again: on the generation it saw, then on the current one."""
    from agent.answer.verify import verify
    from agent.state.answers import AnswerStore
    from tools.catalog import CATALOG

    answer = AnswerStore(settings.state_path).get(answer_id)
    store = open_store(settings)
    generation = max((result.evidence.generation for result in answer.results.values()), default=0)
    context = partial(tool_context, settings, store, answer.as_of)
    try:
        then = context(generation)
    except StoreFault:
        then = None
    return verify(answer, then, context(), CATALOG)


class _PricesWhenAsked:
    """Reads price lists only when a question is about prices: the catalogue takes a quarter of a second to import."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._book: PriceBook | None = None

    def quote(self, model: str, day: date, provider: str | None = None) -> Sequence[Mapping[str, Any]]:
        self._book = self._book or price_book(self._settings)
        return self._book.quote(model, day, provider)
