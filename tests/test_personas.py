"""Personas: known by name and alias, with prompts of their own, and next steps that have an answer."""

from datetime import date
from pathlib import Path

import pytest

from agent.app import build_agent
from agent.personas import persona_named, personas
from agent.state.answers import AnswerStore
from evals.demo.runner import ensure_home
from evals.demo.truth import TODAY
from prompts import load
from tools.domain.errors import BadInput

EXPECTED = {"finance", "engineering", "leadership", "product", "finops_practitioner", "ml_platform"}


def test_the_six_are_there_each_with_a_prompt_of_its_own() -> None:
    assert {one.id for one in personas()} == EXPECTED
    assert len({load(one.prompt).digest for one in personas()}) == 6


@pytest.mark.parametrize(
    ("name", "known"), [("Finance", "finance"), ("ML Platform", "ml_platform"), ("CFO", "finance")]
)
def test_a_persona_is_known_by_id_label_and_alias(name: str, known: str) -> None:
    assert persona_named(name).id == known


def test_an_unknown_persona_is_an_error_that_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="finance, engineering, leadership"):
        build_agent(tmp_path).ask("spend", as_of=date(2026, 10, 10), persona="wizard")


def test_no_word_names_two_personas() -> None:
    words = {one.id: {word.replace(" ", "").lower() for word in (one.id, *one.aliases)} for one in personas()}
    assert sum(len(own) for own in words.values()) == len(set().union(*words.values()))


def test_a_run_records_the_prompts_it_used(tmp_path: Path) -> None:
    import sqlite3

    agent = build_agent(tmp_path)
    agent.ask("spend", as_of=date(2026, 10, 10), persona="finance")
    with sqlite3.connect(AnswerStore(tmp_path / "state").path) as connection:
        kept = connection.execute("SELECT prompts FROM answers").fetchone()[0]
    assert kept.split("\n") == [
        f"{name} {load(name).digest}" for name in ("system", "answer_style", "personas/finance")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("step", sorted({step.ask for one in personas() for step in one.next_steps}))
def test_every_next_step_has_an_answer_on_the_demo_company(step: str) -> None:
    assert build_agent(ensure_home()).ask(step, as_of=TODAY).status == "answered"
