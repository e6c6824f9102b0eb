from pathlib import Path

import pytest

from agent.answer.write import Asked, write_answer
from agent.state.answers import AnswerStore
from tests.answer.results import AS_OF, single_cost, top_models
from tools.domain.errors import BadInput, StoreFault


def test_answers_come_back_newest_first(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    kept = [write_answer(Asked("?", AS_OF), {"r1": result}) for result in (top_models(), single_cost())]
    for answer in kept:
        store.save(answer, {"system": "abc"})
    assert AnswerStore(tmp_path).newest() == (kept[1].id, kept[0].id)
    assert store.get(kept[0].id) == kept[0]


def test_an_unknown_answer_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    answer = write_answer(Asked("?", AS_OF), {"r1": top_models()})
    store.save(answer)
    with pytest.raises(BadInput, match=answer.id):
        store.get("a-nothing")


def test_a_file_that_is_no_database_is_a_store_fault(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_text("this is not a database, and never was one" * 50)
    with pytest.raises(StoreFault, match="answers"):
        AnswerStore(tmp_path).newest()
