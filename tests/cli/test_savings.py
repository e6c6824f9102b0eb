"""`outlay savings`: what can be saved, decided on by a person, and checked against new data."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

AS_OF = ("--as-of", "2026-11-15")
USAGE = """\
time,model,requests,input_tokens,output_tokens,service_tier,use_case,team
2026-10-05T10:00:00Z,m-1,100,1000000,100000,standard,reporting,search
2026-10-06T10:00:00Z,m-1,100,3000000,200000,standard,chat,search
"""
PRICES = """\
currency: USD
prices:
  - {model: m-1, input: 10, output: 100, batch_discount: 0.5, from: 2026-01-01}
"""


@pytest.fixture
def loaded(outlay: Run, tmp_path: Path) -> Run:
    usage, prices = tmp_path / "usage.csv", tmp_path / "prices.yaml"
    usage.write_text(USAGE, encoding="utf-8")
    prices.write_text(PRICES, encoding="utf-8")
    named = ("--map", "use_case=x_UseCase", "--map", "team=x_Team")
    assert outlay("ingest", "usage", usage, "--provider", "acme", *named, "--prices", prices).code == 0
    return outlay


def test_work_that_can_wait_is_worth_half_its_price_and_chat_is_not(loaded: Run) -> None:
    answer = loaded("savings", *AS_OF, "--json").json
    table = answer["tables"][0]
    names = [column["name"] for column in table["columns"]]
    assert [row[names.index("MonthlySaving")] for row in table["rows"]] == ["10"]
    assert "reporting on m-1" in table["rows"][0][0]
    assert "What can be saved" in answer["text"]
    assert "$10.00" in answer["text"]


def test_a_dismissed_recommendation_is_left_out_and_kept_with_its_reason(loaded: Run) -> None:
    key = _key(loaded)
    refused = loaded("savings", "decide", key, "dismissed", *AS_OF)
    assert (refused.code, "takes a reason" in refused.err) == (1, True)
    made = loaded("savings", "decide", key, "dismissed", "--reason", "legal wants it at once", *AS_OF, "--json")
    assert made.json == {"recommendation": key, "status": "dismissed", "reason": "legal wants it at once"}
    assert loaded("savings", *AS_OF).code == 3
    listed = loaded("savings", "decisions", *AS_OF, "--json").json["decisions"]
    assert [(one["status"], one["reason"]) for one in listed] == [("dismissed", "legal wants it at once")]


def test_what_was_called_done_and_is_still_found_is_said_to_be_and_what_is_gone_has_expired(
    loaded: Run, tmp_path: Path
) -> None:
    key = _key(loaded)
    assert loaded("savings", "decide", key, "done", *AS_OF).code == 0
    assert "done, still found" in loaded("savings", "decisions", *AS_OF).out
    assert loaded("savings", "decide", key, "accepted", *AS_OF).code == 0
    later = ("--as-of", "2027-01-15")
    usage, prices = tmp_path / "later.csv", tmp_path / "prices.yaml"
    usage.write_text(USAGE.replace("2026-10", "2026-12").replace("standard,reporting", "batch,reporting"))
    named = ("--map", "use_case=x_UseCase", "--map", "team=x_Team")
    assert loaded("ingest", "usage", usage, "--provider", "acme", *named, "--prices", prices).code == 0
    assert "expired" in loaded("savings", "decisions", *later).out


def test_an_unknown_recommendation_is_answered_with_the_known_ones(loaded: Run) -> None:
    fault = loaded("savings", "decide", "r-0000000000", "accepted", *AS_OF)
    assert fault.code == 1
    assert _key(loaded) in fault.err


def _key(outlay: Run) -> str:
    table = outlay("savings", *AS_OF, "--json").json["tables"][0]
    return str(table["rows"][0][-1])


def test_recommendations_come_as_rows_of_the_focus_draft_with_a_saving_as_a_negative_impact(loaded: Run) -> None:
    table = loaded("savings", "--focus", *AS_OF, "--json").json["tables"][0]
    row = dict(zip([column["name"] for column in table["columns"]], table["rows"][0], strict=True))
    assert (row["RecommendationCategory"], row["RecommendationSubcategory"]) == ("cost", "batch")
    assert (row["EstimatedMonthlyCostImpact"], row["Currency"]) == ("-10", "USD")
    assert row["EvaluationPeriodStart"] == "2026-10-01"


def test_the_total_is_told_in_full_and_weighed_by_confidence(loaded: Run) -> None:
    text = loaded("savings", *AS_OF, "--json").json["text"]
    assert "$10.00" in text
    assert "$6.00" in text
