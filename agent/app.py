"""The only place that builds things: settings → store, prices, planner, graph, agent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.settings import Settings, load_settings
from tools.domain.errors import StoreFault
from tools.registry import ToolContext
from tools.store import BasisPolicy, Store
from tools.store.store import LOCK_PATIENCE_SECONDS

if TYPE_CHECKING:
    from agent.answer.verify import VerifyReport
    from agent.graph.agent import Agent
    from agent.models.client import ModelClient
    from agent.own_usage import OwnUsage
    from tools.pricing.book import PriceBook

FOLD_PATIENCE_SECONDS = 1.0
"""How long bringing in Outlay's own usage waits for a load that is under way."""


def open_store(settings: Settings, lock_patience_seconds: float = LOCK_PATIENCE_SECONDS) -> Store:
    """The cost store of the home; the first load makes its folder."""
    basis = settings.cost_basis
    policy = BasisPolicy(order=basis.order, providers=basis.providers)
    return Store(settings.store_path, basis=policy, lock_patience_seconds=lock_patience_seconds)


def build_agent(home: Path | Settings) -> "Agent":
    """An agent over the store of a home, ready to be asked."""
    from agent.graph.agent import Agent
    from agent.planner import BuiltinPlanner, Lexicon
    from agent.state.answers import AnswerStore
    from tools.catalog import CATALOG

    settings = home if isinstance(home, Settings) else load_settings(home)
    store = open_store(settings)
    planner = BuiltinPlanner(lexicon=lambda: Lexicon.of(store.snapshot()))
    own_usage = own_usage_of(settings)
    context = partial(tool_context, settings, store)
    answers, threads = AnswerStore(settings.state_path), settings.state_path / "threads.sqlite"
    if settings.uses_builtin:
        return Agent(planner, CATALOG, context, answers, threads, prepare=own_usage.prepare)
    from agent.graph.planners import Deputy
    from agent.models.openai_endpoint import open_model

    return Agent(
        open_model(settings),
        CATALOG,
        context,
        answers,
        threads,
        model_name=settings.model,
        deputy=Deputy(model_client(settings), planner),
        vet=planner.answers,
        prepare=own_usage.prepare,
        record_usage=own_usage.record,
    )


def model_client(settings: Settings) -> "ModelClient":
    """What the graph needs to know of the configured model: caps, prices, and what its errors mean."""
    from agent.models.client import ModelClient
    from agent.models.openai_endpoint import explain
    from agent.models.provider import provider_of
    from tools.pricing.own_usage import pricer

    book, provider = price_book(settings), provider_of(settings).name
    price = lambda: pricer(book, settings.model, provider, datetime.now(UTC))  # noqa: E731
    return ModelClient(settings.model, provider, settings.model_caps, price, explain)


def own_usage_of(settings: Settings) -> "OwnUsage":
    """The journal of what Outlay used itself, and the way from it into the store."""
    from agent.own_usage import OwnUsage

    return OwnUsage(
        settings.state_path, partial(open_store, settings, FOLD_PATIENCE_SECONDS), partial(price_book, settings)
    )


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
