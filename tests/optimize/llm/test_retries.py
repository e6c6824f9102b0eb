"""Requests that were paid for nothing."""

from pathlib import Path

from tests.optimize.llm.store import loaded, only, request
from tools.optimize.llm.retries import Retries


def test_failed_requests_are_what_they_cost(tmp_path: Path) -> None:
    asked = [request(f"05T10:0{number}:00", status=status) for number, status in enumerate(("ok", "429", "error"))]
    one = only(loaded(tmp_path, asked).found(Retries()))
    assert one.saving == 4
    assert one.low == 2
    assert "2 of 3 requests" in one.evidence[0]


def test_a_repeat_of_an_answered_request_at_once_is_waste_and_one_of_a_failed_request_is_not(tmp_path: Path) -> None:
    asked = [
        request("05T10:00:00", x_RequestHash="a", status="ok"),
        request("05T10:00:20", x_RequestHash="a", status="ok"),
        request("05T11:00:00", x_RequestHash="b", status="timeout"),
        request("05T11:00:20", x_RequestHash="b", status="ok"),
        request("05T12:00:00", x_RequestHash="c", status="ok"),
        request("05T13:00:00", x_RequestHash="c", status="ok"),
    ]
    assert only(loaded(tmp_path, asked).found(Retries())).saving == 4


def test_a_few_failures_are_left_alone(tmp_path: Path) -> None:
    asked = [request(f"05T{10 + n // 60}:{n % 60:02}:00", status="error" if n == 7 else "ok") for n in range(300)]
    assert loaded(tmp_path, asked).found(Retries()) == ()


def test_without_a_status_or_a_hash_it_says_what_it_needs(tmp_path: Path) -> None:
    missing = loaded(tmp_path, [request("05T10:00:00")]).missing(Retries())
    assert missing is not None
    assert "--map COLUMN=status" in missing
