"""plan: a question to tool calls, without a language model."""

from dataclasses import replace
from datetime import date

from pydantic import ValidationError

from agent.planner.allocation_questions import about_allocation
from agent.planner.anomaly_questions import about_anomalies
from agent.planner.asked import Asked
from agent.planner.budget_questions import about_budgets
from agent.planner.build import build_query, query_call
from agent.planner.calls import PlannedCall, decline
from agent.planner.change_questions import as_query, with_reasons
from agent.planner.chatter import main_question
from agent.planner.commitment_questions import about_commitments
from agent.planner.counts import picks_of_nothing
from agent.planner.data_questions import about_data
from agent.planner.economics_questions import about_economics
from agent.planner.follow_up import follow_up
from agent.planner.forecast_questions import about_forecast, what_was
from agent.planner.gpu_questions import about_gpus
from agent.planner.health_questions import about_health
from agent.planner.interpret import interpret
from agent.planner.knowledge_questions import about_knowledge
from agent.planner.lexicon import Lexicon
from agent.planner.obstacles import about_obstacles
from agent.planner.policy_questions import about_policies
from agent.planner.price_questions import about_prices
from agent.planner.proof_questions import about_proof
from agent.planner.reading import Reading
from agent.planner.recognise import recognise
from agent.planner.reconcile_questions import about_accounts
from agent.planner.remediation_questions import about_remediations
from agent.planner.savings_questions import about_savings
from agent.planner.scenario_questions import about_scenarios
from agent.planner.serving_questions import about_serving
from agent.planner.suggestions import suggestions
from agent.planner.text import tokenise
from agent.planner.told_before import told_before
from agent.planner.topic_questions import about_topics


def plan(
    question: str,
    *,
    lexicon: Lexicon,
    as_of: date,
    previous: PlannedCall | None = None,
    latest: PlannedCall | None = None,
) -> tuple[PlannedCall, ...]:
    """The calls that answer a question; or one `ask_back`, or one `decline`.

    `previous` is the newest call of the thread, which a short question ("and by team?") continues;
    `latest` the newest of any kind, which "fix it" means. Deterministic.
    """
    asked = Asked(question, _read(question, lexicon, as_of), lexicon, as_of, previous, latest)
    if (told := told_before(question, asked.reading)) is not None:
        asked = _reworded(asked, told)
    calls = _with_chatter(asked)
    if calls[0].name != "decline" or len(calls) > 1:
        return calls
    return about_topics(asked.question, asked.reading) or calls


def _reworded(asked: Asked, question: str) -> Asked:
    return replace(asked, question=question, reading=_read(question, asked.lexicon, asked.as_of))


def _with_chatter(asked: Asked) -> tuple[PlannedCall, ...]:
    """The plan of the whole question or, where that is not read, of the part of it that asks."""
    calls = _plan(asked)
    if not _is_not_read(calls):
        return calls
    asking = main_question(asked.reading, lambda text: _plan(_reworded(asked, text))[0].name not in _CONTROLS)
    if asking is None:
        return calls
    again = _plan(_reworded(asked, asking))
    return calls if again[0].name in _CONTROLS else again


_CONTROLS = ("decline", "ask_back")


def _is_not_read(calls: tuple[PlannedCall, ...]) -> bool:
    """Whether the question was declined because of words in it, rather than as a thing that is refused."""
    return calls[0].name == "ask_back" or calls[0].arguments.get("kind") in ("not_understood", "no_data")


def _read(question: str, lexicon: Lexicon, as_of: date) -> Reading:
    tokens, spans = recognise(tokenise(question), lexicon, as_of)
    return interpret(tokens, spans, lexicon)


_SUBJECTS = (
    about_proof,
    about_remediations,
    about_policies,
    about_allocation,
    about_scenarios,
    about_prices,
    about_serving,
    about_commitments,
    about_gpus,
    about_anomalies,
    about_health,
    about_knowledge,
    about_savings,
    about_accounts,
    about_budgets,
    about_economics,
    about_obstacles,
    about_forecast,
)
"""Who may answer, in this order: the first that says anything does. What none of them takes is a query of costs."""


def _plan(asked: Asked) -> tuple[PlannedCall, ...]:
    for about in _SUBJECTS:
        if (calls := about(asked)) is not None:
            return calls
    try:
        return with_reasons(_query(asked), asked.reading, asked.previous)
    except ValidationError as contradiction:
        reason = contradiction.errors()[0]["msg"].removeprefix("Value error, ")
        return (decline("not_understood", f"That can't be asked in this form: {reason}.", suggestions(asked.lexicon)),)


def _query(asked: Asked) -> PlannedCall:
    reading, lexicon, as_of = asked.reading, asked.lexicon, asked.as_of
    if (continued := follow_up(reading, lexicon, as_of, what_was(as_query(asked.previous)))) is not None:
        return continued
    if picks_of_nothing(reading):
        reason = "Which of what? Name what to list: teams, models, services."
        return decline("not_understood", reason, suggestions(lexicon))
    if any(span.time and span.time.count < 0 for span in reading.times) and len(reading.times) == 1:
        return decline("not_understood", "After which period? Name the month, week or quarter.", suggestions(lexicon))
    if (data := about_data(reading, lexicon)) is not None:
        return data
    return query_call(build_query(reading, lexicon, as_of))
