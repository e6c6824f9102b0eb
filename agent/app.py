"""The only place that builds things: settings → store, prices, planner, graph, agent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.allocation import HomeAllocation
from agent.identity import ANYBODY, Asker, Surface, os_user
from agent.people import load_people
from agent.remediation_home import RemediationsWhenAsked, home_remediations
from agent.settings import Settings, load_settings
from tools.domain.errors import BadInput, NotPermitted, StoreFault
from tools.domain.scope import Scope
from tools.registry import ExpectedLag, ProposalDesk, Tool, ToolContext
from tools.store import BasisPolicy, Store
from tools.store.store import LOCK_PATIENCE_SECONDS

if TYPE_CHECKING:
    from pydantic import BaseModel

    from agent.answer.verify import VerifyReport
    from agent.governance import CarriedOut
    from agent.graph.agent import Agent
    from agent.models.client import ModelClient
    from agent.own_usage import OwnUsage
    from agent.recommendation_check import Checked
    from agent.remediations import Remediations
    from agent.state.anomaly_feedback import AnomalyFeedback
    from agent.state.answers import AnswerStore
    from agent.state.recommendation_decisions import Decision, RecommendationDecisions
    from agent.state.scenarios import SavedScenario, ScenarioStore
    from tools.domain.answer import Answer
    from tools.domain.passage import Found
    from tools.playbooks.search import PlaybookSearch
    from tools.pricing.book import PriceBook
    from tools.registry import PassageFinder

FOLD_PATIENCE_SECONDS = 1.0
"""How long bringing in Outlay's own usage waits for a load that is under way."""


def asker_of(settings: Settings, surface: Surface | None = None, name: str = "") -> Asker:
    """Who asks, by what a surface knows of them; without one, the user that this process runs as.

    Raises:
        NotPermitted: the home has a people.yaml, and they are not in it.
    """
    people = load_people(settings.home)
    if people is None:
        return ANYBODY
    return people.identify(surface, name) if surface else people.identify("os_user", os_user())


def open_store(
    settings: Settings, asker: Asker | None = None, lock_patience_seconds: float = LOCK_PATIENCE_SECONDS
) -> Store:
    """The cost store of the home, with what the asker may see; the first load makes its folder.

    Raises:
        NotPermitted: nobody was named, and the user that this process runs as may see nothing.
    """
    return _store(settings, (asker or asker_of(settings)).scope, lock_patience_seconds)


def _store(settings: Settings, scope: Scope, lock_patience_seconds: float = LOCK_PATIENCE_SECONDS) -> Store:
    basis = settings.cost_basis
    policy = BasisPolicy(order=basis.order, providers=basis.providers)
    return Store(settings.store_path, basis=policy, scope=scope, lock_patience_seconds=lock_patience_seconds)


def build_agent(home: Path | Settings, asker: Asker | None = None, *, tells_own_usage: bool = True) -> "Agent":
    """An agent over what the asker may see in a home; threads and answers are the asker's own.

    With `tells_own_usage` what the model uses becomes charges of the home, as of any other service.

    Raises:
        NotPermitted: nobody was named, and the user that this process runs as may see nothing.
    """
    from agent.graph.agent import Agent
    from agent.planner import BuiltinPlanner, Lexicon

    settings = home if isinstance(home, Settings) else load_settings(home)
    asker = asker or asker_of(settings)
    store = open_store(settings, asker)
    planner = BuiltinPlanner(lexicon=lambda: Lexicon.of(store.snapshot()))
    own_usage, tools = own_usage_of(settings), tools_of(settings)
    desk = RemediationsWhenAsked(settings, asker)
    context = partial(tool_context, settings, store, passages=_PassagesWhenAsked(settings), remediations=desk)
    answers, threads = kept_answers(settings, asker), threads_path(settings, asker)
    if settings.uses_builtin:
        prepare = own_usage.prepare if tells_own_usage else None
        return Agent(planner, tools, context, answers, threads, asker=asker, prepare=prepare)
    from agent.graph.planners import Deputy
    from agent.models.openai_endpoint import open_model

    return Agent(
        open_model(settings),
        tools,
        context,
        answers,
        threads,
        asker=asker,
        model_name=settings.model,
        deputy=Deputy(model_client(settings), planner),
        vet=planner.answers,
        prepare=own_usage.prepare if tells_own_usage else None,
        record_usage=own_usage.record if tells_own_usage else None,
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
        settings.state_path, partial(_store, settings, Scope(), FOLD_PATIENCE_SECONDS), partial(price_book, settings)
    )


def tools_of(settings: Settings) -> tuple[Tool, ...]:
    """The tools that a home lets be called."""
    from tools.catalog import CATALOG
    from tools.inform.sql import run_sql

    return tuple(tool for tool in CATALOG if settings.sql.enabled or tool is not run_sql)


def answer_sql(settings: Settings, sql: str, as_of: date, asker: Asker | None = None) -> "Answer":
    """The answer to ad hoc SQL that a person wrote: on the path that a model's takes, kept for `verify`.

    Raises:
        NotPermitted: it is switched off, or nobody was named and this user may see nothing.
    """
    from agent.answer.sql import answer_statement
    from agent.state.answers import AnswerStore
    from tools.inform.sql import run_sql

    if run_sql not in tools_of(settings):
        raise NotPermitted("ad hoc SQL is switched off here; [sql] enabled = true in outlay.toml switches it on")
    asker = asker or asker_of(settings)
    answer = answer_statement(sql, tool_context(settings, open_store(settings, asker), as_of))
    AnswerStore(asker.state_path(settings.state_path)).save(answer)
    return answer


def answer_tool(
    settings: Settings, asked: str, tool: Tool, request: "BaseModel", as_of: date, asker: Asker | None = None
) -> "Answer":
    """The answer of one tool called without a question, kept for `verify`.

    Raises:
        NotPermitted: nobody was named, and this user may see nothing.
    """
    from agent.answer.tool_call import answer_call
    from agent.state.answers import AnswerStore

    asker = asker or asker_of(settings)
    desk = RemediationsWhenAsked(settings, asker)
    context = tool_context(settings, open_store(settings, asker), as_of, remediations=desk)
    answer = answer_call(asked, tool, request, context)
    AnswerStore(asker.state_path(settings.state_path)).save(answer)
    return answer


def saved_scenarios(settings: Settings, asker: Asker | None = None) -> "ScenarioStore":
    """The what-ifs that the asker kept in a home."""
    from agent.state.scenarios import ScenarioStore

    return ScenarioStore((asker or asker_of(settings)).state_path(settings.state_path))


def save_scenario(
    settings: Settings, name: str, answer_id: str, on: date, asker: Asker | None = None
) -> "SavedScenario":
    """Keep the what-if of an answer under a name. Raises BadInput when the answer is none."""
    from agent.state.scenarios import SavedScenario
    from tools.inform.scenario.request import ScenarioRequest

    answer = kept_answer(settings, answer_id, asker)
    found = [one.evidence.arguments for one in answer.results.values() if one.tool == "simulate" and not one.no_data]
    if not found:
        raise BadInput(
            f"the answer {answer_id} holds no what-if; keep one to a question such as “what if traffic doubles”"
        )
    saved = SavedScenario(name, on, answer.question, ScenarioRequest.model_validate(found[0]))
    saved_scenarios(settings, asker).save(saved)
    return saved


def compare_saved(settings: Settings, names: Sequence[str], as_of: date, asker: Asker | None = None) -> "Answer":
    """The answer that sets saved scenarios (none named: all) beside each other; kept for `verify`."""
    from agent.answer.scenarios import answer_scenarios
    from agent.state.answers import AnswerStore
    from tools.inform.scenario.compare import NamedScenario

    asker = asker or asker_of(settings)
    kept = saved_scenarios(settings, asker)
    chosen = [kept.get(name) for name in names] if names else list(kept.all())
    if not chosen:
        raise BadInput("no scenario is saved; outlay scenarios save NAME ANSWER keeps the what-if of an answer")
    named = [NamedScenario(name=one.name, scenario=one.scenario) for one in chosen]
    answer = answer_scenarios(named, tool_context(settings, open_store(settings, asker), as_of))
    AnswerStore(asker.state_path(settings.state_path)).save(answer)
    return answer


def kept_answers(settings: Settings, asker: Asker | None = None) -> "AnswerStore":
    """The answers given to the asker from a home."""
    from agent.state.answers import AnswerStore

    return AnswerStore((asker or asker_of(settings)).state_path(settings.state_path))


def threads_path(settings: Settings, asker: Asker | None = None) -> Path:
    """The file that the asker's conversations are kept in."""
    return (asker or asker_of(settings)).state_path(settings.state_path) / "threads.sqlite"


def tool_context(
    settings: Settings,
    store: Store,
    as_of: date,
    generation: int | None = None,
    passages: "PassageFinder | None" = None,
    remediations: ProposalDesk | None = None,
) -> ToolContext:
    """What tools may use for one question: a pinned generation, the day it is asked as of, prices, documents, rates."""
    return ToolContext(
        store=store.snapshot(generation),
        as_of=as_of,
        prices=_PricesWhenAsked(settings),
        passages=passages or _PassagesWhenAsked(settings),
        allocation=HomeAllocation(settings),
        rates=settings.currency.rates,
        commitment_offers=_own_offers(settings),
        policies=settings.policies_path,
        lag=ExpectedLag(settings.freshness.expected_lag_days, settings.freshness.providers),
        anomaly_feedback=anomaly_feedback(settings).verdicts(),
        remediations=remediations,
        recommendation_status={key: one.status for key, one in recommendation_decisions(settings).newest().items()},
    )


def _own_offers(settings: Settings) -> Path | None:
    """The home's own commitment offers, where there are any."""
    path = settings.home / "commitment_offers.yaml"
    return path if path.exists() else None


def anomaly_feedback(settings: Settings) -> "AnomalyFeedback":
    """What people said of a home's anomalies; one file for all of them, as it is about the bill."""
    from agent.state.anomaly_feedback import AnomalyFeedback

    return AnomalyFeedback(settings.state_path)


def give_anomaly_feedback(
    settings: Settings, anomaly: str, verdict: str, as_of: date, asker: Asker | None = None
) -> None:
    """Keep what the asker says of an anomaly that they can see.

    Raises:
        NotPermitted: nobody was named and this user may see nothing.
        UnknownName: there is no such anomaly in what they may see.
        BadInput: the verdict is not one.
    """
    from tools.inform.anomalies.explain import incident_named

    asker = asker or asker_of(settings)
    known = incident_named(tool_context(settings, open_store(settings, asker), as_of), anomaly)
    anomaly_feedback(settings).give(known, verdict, asker.id or os_user())


def recommendation_decisions(settings: Settings) -> "RecommendationDecisions":
    """What people decided on a home's recommendations."""
    from agent.state.recommendation_decisions import RecommendationDecisions

    return RecommendationDecisions(settings.state_path)


def decide_recommendation(
    settings: Settings, recommendation: str, status: str, reason: str, as_of: date, asker: Asker | None = None
) -> "Decision":
    """Keep what the asker decided on a recommendation that they can see.

    Raises:
        NotPermitted: nobody was named and this user may see nothing.
        UnknownName: no lever finds it in what they may see.
        BadInput: the status is none, or a reason is missing.
    """
    from tools.optimize.search import recommendation_named

    asker = asker or asker_of(settings)
    known = recommendation_named(tool_context(settings, open_store(settings, asker), as_of), recommendation)
    return recommendation_decisions(settings).decide(known, status, reason, asker.id or os_user())


def recommendations_checked(settings: Settings, as_of: date, asker: Asker | None = None) -> "tuple[Checked, ...]":
    """What was decided on recommendations, beside what the asker's data say of them now.

    Raises:
        NotPermitted: nobody was named and this user may see nothing.
        NoData: there are no charges to look at.
    """
    from agent.recommendation_check import checked
    from tools.optimize.search import savings

    decided = recommendation_decisions(settings).newest()
    if not decided:
        return ()
    asker = asker or asker_of(settings)
    found = savings(tool_context(settings, open_store(settings, asker), as_of)).everything
    return checked(decided, found)


def remediations(settings: Settings, asker: Asker | None = None) -> "Remediations":
    """What waits for approval in a home, for the asker at the command line.

    Raises:
        NotPermitted: nobody was named, and the user that this process runs as is not known.
    """
    return home_remediations(settings, asker or asker_of(settings))


def carry_out_policies(settings: Settings, as_of: date, asker: Asker | None = None) -> "CarriedOut":
    """Judge the rules of a home and propose what they ask for, in the asker's name. Raises NotPermitted, NoData."""
    from agent.governance import carry_out
    from tools.operate.policies.policy_file import load_policies

    asker = asker or asker_of(settings)
    desk = home_remediations(settings, asker)
    context = tool_context(settings, open_store(settings, asker), as_of, remediations=desk)
    return carry_out(context, load_policies(settings.policies_path), desk)


def passage_finder(settings: Settings) -> "PassageFinder":
    """The playbooks and the home's own documents, for a surface that answers more than one question."""
    return _PassagesWhenAsked(settings)


def price_book(settings: Settings) -> "PriceBook":
    """The home's own price lists first, then the built-in catalogue."""
    from agent.price_lists import known_price_lists
    from tools.pricing.book import PriceBook

    return PriceBook(known_price_lists(settings))


def kept_answer(settings: Settings, answer_id: str, asker: Asker | None = None) -> "Answer":
    """An answer that the asker was given. Raises BadInput for any other, and for one that told more than they may see
    today, as if there were none."""
    from agent.state.answers import AnswerStore

    asker = asker or asker_of(settings)
    return AnswerStore(asker.state_path(settings.state_path)).get(answer_id, asker.scope)


def verify_answer(settings: Settings, answer_id: str, asker: Asker | None = None) -> "VerifyReport":
    """Run the queries behind a kept answer again, in the scope it was given in: on the generation it saw, then on the
    current one."""
    from agent.answer.verify import verify

    answer = kept_answer(settings, answer_id, asker)
    store = _store(settings, answer.scope)
    generation = max((result.evidence.generation for result in answer.results.values()), default=0)
    desk = RemediationsWhenAsked(settings, asker or asker_of(settings), proposes=False)
    context = partial(
        tool_context, settings, store, answer.as_of, passages=_PassagesWhenAsked(settings), remediations=desk
    )
    try:
        then = context(generation)
    except StoreFault:
        then = None
    return verify(answer, then, context(), tools_of(settings))


class _PassagesWhenAsked:
    """Opens the search for the first question that needs it, and keeps it: weights and index take seconds to load."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.knowledge_path
        self._search: PlaybookSearch | None = None

    def find(self, query: str, limit: int) -> "Found":
        if self._search is None:
            from tools.playbooks.search import PlaybookSearch

            self._search = PlaybookSearch(self._folder)
        return self._search.find(query, limit)


class _PricesWhenAsked:
    """Reads price lists only when a question is about prices: the catalogue takes a quarter of a second to import."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._book: PriceBook | None = None

    def quote(self, model: str, day: date, provider: str | None = None) -> Sequence[Mapping[str, Any]]:
        self._book = self._book or price_book(self._settings)
        return self._book.quote(model, day, provider)
