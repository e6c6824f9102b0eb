"""What every playbook keeps to."""

import re
from datetime import date

import pytest

from agent.planner import Lexicon
from agent.planner.planner import plan
from evals.playbooks.runner import questions
from tests.planner.world import AS_OF, World
from tools.playbooks.chunks import corpus_of, heading_questions
from tools.playbooks.document import LONGEST_PASSAGE, Document, Section
from tools.playbooks.embedding import MiniLm
from tools.playbooks.everyday import with_field_words
from tools.playbooks.shipped import shipped_documents
from tools.playbooks.shipped_vectors import shipped_vectors
from tools.semantic.model import load_model

DOCUMENTS = shipped_documents()
LEVERS = [document for document in DOCUMENTS if document.kind == "lever"]
SECTIONS = [section for document in DOCUMENTS for section in document.sections]
ASK = re.compile(r"^- Ask: (.+)$", re.M)
ASKED = sorted({question for section in SECTIONS for question in ASK.findall(section.text)})
KPIS = (
    "Anomaly detection rate",
    "Anomaly-detected cost avoidance",
    "Cache hit rate",
    "Cost per API call",
    "Cost per inference",
    "Cost per agent cycle",
    "Cost per thought",
    "Token consumption metrics",
    "Reasoning token ratio",
    "LLM error rate",
    "Resource utilization efficiency",
    "Training cost efficiency",
    "Value for AI initiatives (ROI)",
    "Time to achieve business value",
    "Allocation accuracy",
    "Unallocated share",
    "Untagged share",
    "Forecast accuracy",
    "Forecast drift",
    "Budget variance",
    "Burn rate",
    "Commitment utilisation",
    "Commitment waste",
    "Commitment coverage",
    "Effective savings rate",
    "Computational waste",
    "Cost visibility delay",
)


def test_there_are_enough_of_them_with_titles_of_their_own() -> None:
    assert len(LEVERS) >= 25
    assert len({document.title for document in DOCUMENTS}) == len(DOCUMENTS) >= 34


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.file)
def test_a_playbook_says_what_it_is_about_where_it_is_from_and_when_that_was_checked(document: Document) -> None:
    assert document.title
    assert document.kind != "company"
    assert len(document.tags) >= 3
    assert document.sources
    assert date(2026, 1, 1) <= date.fromisoformat(document.checked) <= date(2027, 12, 31)
    assert document.sections[0].heading == document.title


@pytest.mark.parametrize("document", LEVERS, ids=lambda document: document.file)
def test_a_lever_has_the_same_headings_as_all_others(document: Document) -> None:
    assert [section.heading for section in document.sections[1:]] == list(heading_questions())


@pytest.mark.parametrize("document", LEVERS, ids=lambda document: document.file)
def test_a_lever_names_questions_for_its_data_a_computation_risks_and_steps(document: Document) -> None:
    _, _, data, saves, risks, steps = document.sections
    assert len(ASK.findall(data.text)) >= 3
    assert re.search(r"[=÷×]", saves.text)
    assert risks.text.count("\n- ") >= 2
    assert steps.text.startswith("1. ")
    assert "\n4. " in steps.text


@pytest.mark.parametrize("question", ASKED)
def test_a_question_that_a_playbook_names_is_answered_from_the_data(question: str) -> None:
    calls = plan(question, lexicon=Lexicon.build(World(), load_model()), as_of=AS_OF)
    assert {call.name for call in calls} <= {"query_costs", "lookup_prices"}


@pytest.mark.parametrize("name", KPIS)
def test_a_kpi_has_a_heading_its_formula_and_its_source(name: str) -> None:
    (section,) = [section for section in SECTIONS if section.heading == name]
    assert section.text.startswith("Formula: ")
    assert "\nSource: " in section.text


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: f"{section.file} {section.heading}")
def test_a_section_with_a_figure_of_someone_else_names_its_source(section: Section) -> None:
    claims = re.search(r"\d\s?%|\bUSD \d|\d\.\d+ ×|\b\d,\d{3}\b", section.text)
    assert claims is None or "Source: " in section.text


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: f"{section.file} {section.heading}")
def test_a_section_is_short_enough_to_quote_and_says_what_it_answers(section: Section) -> None:
    assert 0 < len(section.text) <= LONGEST_PASSAGE
    assert "(part " not in section.heading
    assert section.asked


def test_no_question_of_the_evaluation_stands_in_a_playbook() -> None:
    everyone = (*questions(), *questions("strangers.yaml"))
    evaluated = {_words(question.ask) for question in everyone}
    assert not evaluated & {_words(asked) for section in SECTIONS for asked in section.asked}
    for question in everyone:
        assert with_field_words(question.ask).startswith(question.ask)


def test_each_evaluated_passage_is_there() -> None:
    there = {(section.file, section.heading) for section in SECTIONS}
    everyone = (*questions(), *questions("strangers.yaml"))
    assert {passage for question in everyone if question.file for passage in question.passages} <= there


def test_the_vectors_that_ship_are_those_of_the_texts_that_ship() -> None:
    """After a change of a playbook: python -m evals.playbooks.vectors."""
    embedding = MiniLm.load()
    held, chunks = shipped_vectors(embedding.name), corpus_of(DOCUMENTS).chunks
    assert held.keys() == {chunk.id for chunk in chunks}
    for chunk in chunks[::400]:
        again = embedding.embed([chunk.text])[0]
        assert max(abs(a - b) for a, b in zip(held[chunk.id], again, strict=True)) < 0.002
    assert shipped_vectors("another embedding") == {}


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
