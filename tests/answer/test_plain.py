from pathlib import Path

import pytest

from agent.answer.check import check_answer
from agent.answer.markdown import to_markdown
from agent.answer.write import Asked, write_answer
from tests.answer.results import AS_OF, all_results

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", sorted(all_results()))
def test_the_plain_rendering_passes_its_own_check(name: str) -> None:
    answer = write_answer(Asked("?", AS_OF), {"r1": all_results()[name]})
    assert check_answer(answer) == ()


@pytest.mark.parametrize("name", sorted(all_results()))
def test_the_plain_rendering_reads_as_the_golden_file_says(name: str, regenerate: bool) -> None:
    answer = write_answer(Asked("?", AS_OF), {"r1": all_results()[name]})
    text = to_markdown(answer.model_copy(update={"id": "a-test"}))
    path = GOLDEN / f"{name}.md"
    if regenerate:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
