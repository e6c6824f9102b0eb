"""Questions about the data itself, and about list prices."""

import pytest

from tests.planner.conftest import Ask

DATA = {
    "describe_data about=overview": (
        "what data do you have?",
        "What data is loaded?",
        "what can you do?",
        "help",
        "what is in the store?",
        "who are you?",
    ),
    "describe_data about=values dimension=x_Team": (
        "which teams are there?",
        "list the teams",
        "what teams do we have?",
        "list all teams",
        "which teams exist",
    ),
    "describe_data about=values dimension=x_Model": (
        "what models do we use?",
        "list models",
        "which models are in the data?",
    ),
    "describe_data about=values dimension=ServiceName": ("what services do we have", "list all the services"),
    "describe_data about=periods": (
        "how fresh is the data?",
        "is the data up to date?",
        "which months are loaded?",
        "how far back does the data go",
    ),
    "describe_data about=sources": ("what sources are loaded?", "where does the data come from?"),
    "describe_data about=unpriced": ("is any usage unpriced?", "is there unpriced usage?", "any unpriced usage"),
    "describe_data about=quarantine": ("is there quarantined data?", "show me the quarantined rows"),
    "describe_data about=defects": ("data quality problems", "any conformance defects?"),
    "describe_data about=metrics": ("what metrics do you know?", "list the metrics"),
    "describe_data about=dimensions": ("what can I group by?", "which dimensions are there?"),
    "describe_data about=tags": ("which tags are there", "list the tag keys"),
}
PRICES = {
    "lookup_prices model=gpt-5.5-mini": (
        "what does gpt-5.5-mini cost per million tokens?",
        "price of gpt-5.5-mini",
        "what is the list price of gpt5.5 mini?",
        "gpt-5.5-mini pricing",
        "what's the token price of gpt-5.5-mini",
    ),
    "lookup_prices model=gpt-5.5 on=2026-05-01": (
        "price of gpt-5.5 on 1 May",
        "what was the price of gpt-5.5 on May 1st?",
    ),
    "lookup_prices model=gpt-6": ("price of gpt-6", "what is the list price of gpt-6?"),
    "lookup_prices model=gpt-5.5 + lookup_prices model=claude-opus-4.5": (
        "compare prices of gpt-5.5 and claude-opus-4.5",
        "list prices of gpt-5.5 and claude opus 4.5",
    ),
}


def _cases(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(question, call) for call, questions in table.items() for question in questions]


@pytest.mark.parametrize(("question", "call"), _cases(DATA))
def test_a_question_about_the_data_describes_it(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


@pytest.mark.parametrize(("question", "call"), _cases(PRICES))
def test_a_question_about_a_list_price_looks_it_up(ask: Ask, question: str, call: str) -> None:
    assert ask(question) == call


def test_spend_and_list_price_are_two_calls(ask: Ask) -> None:
    assert ask("spend and list price of gpt-5.5 last month") == (
        "EffectiveCost where x_Model=gpt-5.5 in 2026-10-01..2026-11-01 + lookup_prices model=gpt-5.5 on=2026-10-01"
    )


def test_what_we_paid_per_million_tokens_is_measured_and_not_looked_up(ask: Ask) -> None:
    assert ask("what did we pay per million tokens for gpt-5.5 last month") == (
        "CostPerMillionTokens where x_Model=gpt-5.5 in 2026-10-01..2026-11-01"
    )
