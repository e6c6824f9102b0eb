"""plan: a question to tool calls, without a language model."""

from datetime import date

from pydantic import ValidationError

from agent.planner.allocation_questions import about_allocation
from agent.planner.anomaly_questions import about_anomalies
from agent.planner.budget_questions import about_budgets
from agent.planner.build import build_query, query_call
from agent.planner.calls import PlannedCall, decline
from agent.planner.change_questions import as_query, with_reasons
from agent.planner.chatter import main_question
from agent.planner.counts import picks_of_nothing
from agent.planner.data_questions import about_data
from agent.planner.economics_questions import about_economics
from agent.planner.follow_up import follow_up
from agent.planner.forecast_questions import about_forecast, what_was
from agent.planner.interpret import interpret
from agent.planner.knowledge_questions import about_knowledge
from agent.planner.lexicon import Lexicon
from agent.planner.obstacles import obstacle
from agent.planner.price_questions import about_prices
from agent.planner.reading import Reading
from agent.planner.recognise import recognise
from agent.planner.reconcile_questions import about_accounts
from agent.planner.scenario_questions import about_scenarios
from agent.planner.serving_questions import about_serving
from agent.planner.suggestions import suggestions
from agent.planner.text import tokenise
from agent.planner.told_before import told_before


def plan(
    question: str, *, lexicon: Lexicon, as_of: date, previous: PlannedCall | None = None
) -> tuple[PlannedCall, ...]:
    """The calls that answer a question; or one `ask_back`, or one `decline`.

    `previous` is the newest call of the thread, which a short question ("and by team?") continues. Deterministic.
    """
    reading = _read(question, lexicon, as_of)
    if (asked := told_before(question, reading)) is not None:
        question, reading = asked, _read(asked, lexicon, as_of)
    calls = _plan(question, reading, lexicon, as_of, previous)
    if not _is_not_read(calls):
        return calls

    def is_answered(text: str) -> bool:
        return _plan(text, _read(text, lexicon, as_of), lexicon, as_of, previous)[0].name not in _CONTROLS

    asking = main_question(reading, is_answered)
    if asking is None:
        return calls
    again = _plan(asking, _read(asking, lexicon, as_of), lexicon, as_of, previous)
    return calls if again[0].name in _CONTROLS else again


_CONTROLS = ("decline", "ask_back")


def _is_not_read(calls: tuple[PlannedCall, ...]) -> bool:
    """Whether the question was declined because of words in it, rather than as a thing that is refused."""
    return calls[0].name == "ask_back" or calls[0].arguments.get("kind") in ("not_understood", "no_data")


def _read(question: str, lexicon: Lexicon, as_of: date) -> Reading:
    tokens, spans = recognise(tokenise(question), lexicon, as_of)
    return interpret(tokens, spans, lexicon)


def _plan(
    question: str, reading: Reading, lexicon: Lexicon, as_of: date, previous: PlannedCall | None
) -> tuple[PlannedCall, ...]:
    if (who_pays := about_allocation(question, reading, lexicon, as_of, previous)) is not None:
        return who_pays
    if (scenario := about_scenarios(question, reading, lexicon, as_of, previous)) is not None:
        return scenario
    if (prices := about_prices(reading, lexicon, as_of, previous)) is not None:
        return prices
    if (serving := about_serving(question, reading, as_of)) is not None:
        return serving
    if (unusual := about_anomalies(question, reading, lexicon, as_of, previous)) is not None:
        return (unusual,)
    if (documents := about_knowledge(question, reading, lexicon)) is not None:
        return documents
    if (accounts := about_accounts(reading, as_of)) is not None:
        return accounts
    if (budgets := about_budgets(reading, lexicon, as_of, previous)) is not None:
        return budgets
    if (economics := about_economics(question, reading, lexicon, as_of, previous)) is not None:
        return economics
    if (stop := obstacle(question, reading, lexicon, as_of)) is not None:
        return (stop,)
    if (ahead := about_forecast(reading, lexicon, as_of, previous)) is not None:
        return ahead
    try:
        return with_reasons(_query(reading, lexicon, as_of, as_query(previous)), reading, previous)
    except ValidationError as contradiction:
        reason = contradiction.errors()[0]["msg"].removeprefix("Value error, ")
        return (decline("not_understood", f"That can't be asked in this form: {reason}.", suggestions(lexicon)),)


def _query(reading: Reading, lexicon: Lexicon, as_of: date, previous: PlannedCall | None) -> PlannedCall:
    if (continued := follow_up(reading, lexicon, as_of, what_was(previous))) is not None:
        return continued
    if picks_of_nothing(reading):
        return decline(
            "not_understood", "Which of what? Name what to list: teams, models, services.", suggestions(lexicon)
        )
    if any(span.time and span.time.count < 0 for span in reading.times) and len(reading.times) == 1:
        return decline("not_understood", "After which period? Name the month, week or quarter.", suggestions(lexicon))
    if (data := about_data(reading, lexicon)) is not None:
        return data
    return query_call(build_query(reading, lexicon, as_of))
