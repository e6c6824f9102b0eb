"""Answers given again: what counts as the same question, and for how long."""

from decimal import Decimal
from pathlib import Path

from tests.optimize.llm.store import loaded, only, request, savings
from tools.optimize.llm.response_cache import ResponseCache


def test_a_question_costs_nothing_from_its_second_asking_on(tmp_path: Path) -> None:
    asked = [request(f"05T{hour}:00:00", x_RequestHash="a") for hour in ("10", "12", "14")]
    one = only(loaded(tmp_path, asked).found(ResponseCache()))
    assert one.saving == 4
    assert one.low == 0
    assert one.high == 4
    assert "2 of 3 requests (67 %)" in one.evidence[0]


def test_another_team_does_not_get_an_answer_that_was_not_given_to_it(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", x_RequestHash="a"),
        request("05T12:00:00", x_RequestHash="a", team="legal"),
        request("05T14:00:00", x_RequestHash="a"),
    ]
    assert savings(loaded(tmp_path, asked).found(ResponseCache())) == {"claims": Decimal(2)}


def test_an_answer_older_than_a_day_counts_for_the_upper_end_only(tmp_path: Path) -> None:
    asked = [request(f"{day}T10:00:00", x_RequestHash="a") for day in ("05", "07", "08")]
    one = only(loaded(tmp_path, asked).found(ResponseCache()))
    assert one.saving == 2
    assert one.high == 4


def test_a_request_that_failed_leaves_no_answer_to_give_again(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", x_RequestHash="a", status="error"),
        request("05T12:00:00", x_RequestHash="a", status="ok"),
        request("05T13:00:00", x_RequestHash="b", status="200"),
        request("05T14:00:00", x_RequestHash="b", status="200"),
    ]
    assert only(loaded(tmp_path, asked).found(ResponseCache())).saving == 2


def test_a_retry_and_a_question_of_the_same_instant_are_not_answered_from_a_cache(tmp_path: Path) -> None:
    asked = [request(f"05T10:00:{second}", x_RequestHash="a") for second in ("00", "00", "30")]
    assert loaded(tmp_path, asked).found(ResponseCache()) == ()


def test_near_duplicates_by_simhash_count_for_the_upper_end(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", x_RequestHash="a", x_SimHash="00000000000000ff"),
        request("05T11:00:00", x_RequestHash="a", x_SimHash="00000000000000ff"),
        request("05T12:00:00", x_RequestHash="b", x_SimHash="80000000000000fe"),
        request("05T13:00:00", x_RequestHash="c", x_SimHash="0f000000000000fe"),
    ]
    one = only(loaded(tmp_path, asked).found(ResponseCache()))
    assert one.saving == 2
    assert one.high == 4


def test_simhashes_alone_give_an_estimate_of_low_confidence(tmp_path: Path) -> None:
    asked = [request("05T10:00:00", x_SimHash="0x1"), request("05T11:00:00", x_SimHash="0x3")]
    one = only(loaded(tmp_path, asked).found(ResponseCache()))
    assert one.saving == 2
    assert one.confidence < Decimal("0.5")


def test_embeddings_that_point_the_same_way_are_near_duplicates(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", x_Embedding="[1.0, 0.0]"),
        request("05T11:00:00", x_Embedding="[0.99, 0.05]"),
        request("05T12:00:00", x_Embedding="[0.0, 1.0]"),
    ]
    assert only(loaded(tmp_path, asked).found(ResponseCache())).saving == 2


def test_without_hashes_it_says_which_column_it_needs(tmp_path: Path) -> None:
    missing = loaded(tmp_path, [request("05T10:00:00")]).missing(ResponseCache())
    assert missing is not None
    assert "--map COLUMN=x_RequestHash" in missing
