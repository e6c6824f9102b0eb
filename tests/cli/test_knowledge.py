"""`outlay knowledge`, and answers that quote: over the real playbooks and the real embedding."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

POLICY = "# Tagging policy\n\n## Which tags\n\nEvery resource carries an owner and a cost centre within 5 days.\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "tagging.md"
    path.write_text(POLICY, encoding="utf-8")
    return path


def test_a_policy_is_added_listed_asked_for_verified_and_removed(outlay: Run, policy: Path) -> None:
    added = outlay("knowledge", "add", policy, "--json")
    assert added.code == 0
    assert added.json == {"added": ["tagging.md"], "replaced": [], "unchanged": [], "passages": 1}
    (listed,) = outlay("knowledge", "list", "--json").json["documents"]
    assert (listed["name"], listed["title"], listed["passages"]) == ("tagging.md", "Tagging policy", 1)

    answer = outlay("ask", "what is our policy on tagging?", "--json")
    assert answer.code == 0
    first = answer.json["quotations"][0]
    assert (first["File"], first["Heading"]) == ("company/tagging.md", "Which tags")
    assert first["text"] == "Every resource carries an owner and a cost centre within 5 days."
    assert "> Every resource carries an owner and a cost centre within 5 days." in answer.json["text"]
    assert outlay("verify", answer.json["id"]).code == 0

    policy.write_text(POLICY.replace("5 days", "3 days"), encoding="utf-8")
    assert outlay("knowledge", "add", policy, "--json").json["replaced"] == ["tagging.md"]
    changed = outlay("verify", answer.json["id"], "--json")
    assert changed.code == 1
    assert "3 days" in changed.out

    assert outlay("knowledge", "remove", "tagging.md", "--json").json == {"removed": "tagging.md"}
    assert outlay("knowledge", "list", "--json").json["documents"] == []


def test_a_playbook_is_quoted_in_the_terminal_without_any_data_loaded(outlay: Run) -> None:
    answer = outlay("ask", "what are the risks of spot instances")
    assert answer.code == 0
    assert "playbooks/spot-gpus.md, Risks" in answer.out
    assert "two minutes ahead" in answer.out
    assert "none of it is a figure of your data" in " ".join(answer.out.split())


def test_a_passage_stands_right_below_its_file_and_heading(outlay: Run) -> None:
    answer = outlay("ask", "how do we cap an agent that never stops calling tools?")
    lines = [line.rstrip() for line in answer.out.splitlines()]
    heading = lines.index("playbooks/retries-and-errors.md, Steps:")
    assert [lines[heading - 1], lines[heading + 1], lines[heading + 2][:1]] == ["", "", "▌"]


def test_who_asks_how_to_save_before_anything_is_loaded_is_told_so_and_gets_the_playbooks(outlay: Run) -> None:
    answer = outlay("ask", "how can we save money?", "--json")
    assert answer.json["status"] == "answered"
    assert answer.json["text"].startswith("Nothing is loaded yet.")
    assert answer.json["quotations"]


def test_bad_input_is_one_sentence_and_adds_nothing(outlay: Run, policy: Path, tmp_path: Path) -> None:
    refused = outlay("knowledge", "add", policy, tmp_path / "absent.pdf", "--json")
    assert refused.code == 1
    assert refused.json["error"]["kind"] == "BadInput"
    assert "absent.pdf is not there" in refused.err
    assert outlay("knowledge", "list", "--json").json["documents"] == []
    assert outlay("knowledge", "remove", "nothing.md").code == 1
