"""`outlay scenarios`: what-ifs that are kept, compared and verified."""

from pathlib import Path

import pytest

from agent.identity import os_user
from tests.cli.conftest import Run

PRICES = """
currency: USD
prices:
  - {model: quartz-large, input: 2, cached_input: 0.5, output: 8, from: 2026-01-01}
  - {model: quartz-small, input: 0.5, output: 2, from: 2026-01-01}
"""
USAGE = """\
time,model,requests,input_tokens,output_tokens,x_Team
2026-10-05T10:00:00Z,quartz-large,10,1000000,500000,search
2026-10-12T10:00:00Z,quartz-small,20,4000000,250000,ads
2026-11-03T10:00:00Z,quartz-large,10,1000000,500000,search
"""


@pytest.fixture
def loaded(outlay: Run, tmp_path: Path) -> Run:
    (tmp_path / "prices.yaml").write_text(PRICES, "utf-8")
    (tmp_path / "usage.csv").write_text(USAGE, "utf-8")
    found = outlay(
        "ingest", "usage", tmp_path / "usage.csv", "--provider", "Acme AI", "--prices", tmp_path / "prices.yaml"
    )
    assert found.code == 0, found.err
    return outlay


def test_a_what_if_is_answered_with_figures_that_are_bound_and_verified(loaded: Run) -> None:
    answer = loaded("ask", "what if traffic doubles", "--as-of", "2026-11-05", "--json").json
    costs = dict(answer["tables"][0]["rows"])
    assert (costs["as it was"], costs["through traffic × 2"], costs["as it would be"]) == ("8.5", "8.5", "17")
    assert "- through traffic × 2: $8.50" in answer["text"]
    assert answer["period"] == {"start": "2026-10-01", "end": "2026-11-01"}
    assert loaded("verify", answer["id"], "--json").json["holds"] is True


def test_a_slice_is_named_in_the_headline(loaded: Run) -> None:
    answer = loaded(
        "ask", "what if the search team's prompts were 50 % shorter", "--as-of", "2026-11-05", "--json"
    ).json
    assert answer["text"].startswith("What if, only team search, in a month like October 2026:")
    assert dict(answer["tables"][0]["rows"])["as it would be"] == "5"


def test_kept_scenarios_are_compared_and_the_comparison_is_verified(loaded: Run) -> None:
    for name, question in (("double", "what if traffic doubles"), ("short", "what if prompts were 50 % shorter")):
        answer = loaded("ask", question, "--as-of", "2026-11-05", "--json").json
        assert loaded("scenarios", "save", name, answer["id"], "--json").json == {"saved": name, "question": question}
    listed = loaded("scenarios", "list", "--json").json["scenarios"]
    assert [one["name"] for one in listed] == ["double", "short"]
    compared = loaded("scenarios", "compare", "short", "--json").json
    assert compared["tables"][0]["rows"][0][:1] == ["short"]
    assert loaded("verify", compared["id"], "--json").json["holds"] is True
    assert loaded("scenarios", "remove", "double", "--json").json == {"removed": "double"}
    assert len(loaded("scenarios", "compare", "--json").json["tables"][0]["rows"]) == 1


def test_only_a_what_if_can_be_kept(loaded: Run) -> None:
    answer = loaded("ask", "spend in October 2026", "--json").json
    refused = loaded("scenarios", "save", "spend", answer["id"])
    assert (refused.code, "holds no what-if" in refused.err) == (1, True)


def test_nothing_kept_says_how_to_keep_something(outlay: Run) -> None:
    assert "what if traffic doubles" in outlay("scenarios", "list").out
    compared = outlay("scenarios", "compare")
    assert (compared.code, "outlay scenarios save NAME ANSWER" in compared.err) == (1, True)


def test_a_person_is_told_what_would_be_of_what_they_may_see(loaded: Run, home: Path) -> None:
    (home / "people.yaml").write_text(f"people: {{ada: {{name: Ada, os_user: {os_user()}, rows: {{x_Team: [ads]}}}}}}")
    answer = loaded("ask", "what if traffic doubles", "--as-of", "2026-11-05", "--json").json
    assert dict(answer["tables"][0]["rows"])["as it was"] == "2.5"
