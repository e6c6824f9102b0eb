import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.playbooks.document import LONGEST_PASSAGE, parse_document, pieces

TEXT = """---
title: Spot
kind: lever
tags: spot, preemptible
sources: one; two
checked: 2026-11-24
---
Answers: What is spot?

Cheap and interrupted.

## Risks
Answers: Is it safe? Can it stop?

- It stops.

### At night
Nobody looks.

```
## not a heading
```
"""


def test_front_matter_sections_and_the_questions_they_answer_are_read_apart() -> None:
    document = parse_document("playbooks/spot.md", TEXT)
    assert (document.title, document.kind, document.tags) == ("Spot", "lever", ("spot", "preemptible"))
    assert (document.sources, document.checked) == (("one", "two"), "2026-11-24")
    assert [section.heading for section in document.sections] == ["Spot", "Risks", "Risks › At night"]
    assert document.sections[1].text == "- It stops."
    assert document.sections[1].asked == ("Is it safe?", "Can it stop?")


def test_a_mark_inside_a_code_block_is_no_heading() -> None:
    assert "## not a heading" in parse_document("playbooks/spot.md", TEXT).sections[2].text


def test_a_playbook_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind='levers' is not known; use one of lever"):
        parse_document("x.md", TEXT.replace("kind: lever", "kind: levers"))


def test_a_document_without_front_matter_is_called_by_its_first_heading_or_else_as_told() -> None:
    assert parse_document("company/a.md", "# Tagging\n\nAll.", title="a", kind="company").title == "Tagging"
    assert parse_document("company/a.md", "All of it.", title="a", kind="company").title == "a"


def test_a_long_section_is_told_in_numbered_parts() -> None:
    text = "## Rules\n" + "\n\n".join(f"Paragraph {n} says a few words more than one would." * 6 for n in range(20))
    headings = [section.heading for section in parse_document("company/a.md", text, kind="company").sections]
    assert headings[0] == f"Rules (part 1 of {len(headings)})"
    assert len(headings) > 2


@given(st.text(min_size=1, max_size=6000))
def test_pieces_lose_nothing_but_white_space_and_none_is_too_long(text: str) -> None:
    parts = list(pieces(text, LONGEST_PASSAGE))
    assert all(len(part) <= LONGEST_PASSAGE + 2 for part in parts)
    assert "".join("".join(parts).split()).replace(".", "") == "".join(text.split()).replace(".", "")
