"""Who calls is told by the transport, and sees what people.yaml lets them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agent.identity import os_user
from agent.mcp.tokens import new_token
from tests.mcp.assistants import Assistant, OverHttp, OverStdio, call, http_server, start
from tests.mcp.conftest import AS_OF

ADA, BOB = new_token(), new_token()
BY_MODEL = {"group_by": ["x_Model"]}
LARGE, SMALL, CREDIT = ["quartz-large", "10.1"], ["quartz-small", "7.505"], [None, "-1"]


def write_people(home: Path, *, os_rows: str = "everything", more: str = "") -> None:
    (home / "people.yaml").write_text(
        f"""
people:
  me: {{name: Me, os_user: {os_user()}, rows: {os_rows}}}
  ada: {{name: Ada, token_sha256: {ADA.digest}, rows: {{x_Model: [quartz-small]}}}}
  bob: {{name: Bob, token_sha256: {BOB.digest}, rows: everything}}
{more}
""",
        encoding="utf-8",
    )


def rows(assistant: Assistant) -> Any:
    return call(assistant, "query_costs", **BY_MODEL).json["rows"]


@contextmanager
def served(home: Path) -> Iterator[str]:
    with http_server(home, "--as-of", AS_OF) as address:
        yield address


def post(address: str, **headers: str) -> httpx2.Response:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepted = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    return httpx2.post(address, json=body, headers=accepted | headers)


def test_over_stdio_the_user_of_the_process_calls(home: Path) -> None:
    write_people(home, os_rows="{x_Model: [quartz-small]}")
    assistant = OverStdio(home, ("--as-of", AS_OF))
    assert rows(assistant) == [SMALL]
    sql = call(assistant, "run_sql", sql="SELECT DISTINCT x_Model FROM daily").json["rows"]
    assert sql == [["quartz-small"]]
    answer = call(assistant, "ask", question="spend by model in October 2026")
    assert "quartz-large" not in answer.text
    assert (home / "state" / "people" / "me" / "answers.sqlite").exists()


def test_somebody_who_is_not_listed_is_refused_and_told_what_to_do(home: Path) -> None:
    (home / "people.yaml").write_text("people: {bob: {name: Bob, os_user: somebody-else, rows: everything}}")
    reply = call(OverStdio(home), "query_costs")
    assert reply.is_error
    assert f"add os_user: {os_user()}" in reply.text


def test_over_http_a_token_says_who_calls(home: Path) -> None:
    write_people(home)
    with served(home) as address:
        assert rows(OverHttp(address, ADA.token)) == [SMALL]
        assert rows(OverHttp(address, BOB.token)) == [LARGE, SMALL, CREDIT]
        assert rows(OverHttp(address, ADA.token)) == [SMALL]


def test_a_hidden_name_gets_the_words_of_one_that_is_not_there(home: Path) -> None:
    write_people(home)
    with served(home) as address:
        hidden, absent = (
            call(OverHttp(address, ADA.token), "ask", question=f"spend of model {name} in October 2026").json["text"]
            for name in ("quartz-large", "quartz-lxrge")
        )
    assert hidden.replace("large", "lxrge") == absent


def test_without_a_token_of_somebody_nothing_is_served(home: Path) -> None:
    write_people(home, more="default: {rows: everything}")
    headers = ("Bearer", "Bearer wrong", f"Bearer {ADA.digest}", f"Basic {ADA.token}")
    with served(home) as address:
        statuses = [post(address).status_code, *(post(address, Authorization=one).status_code for one in headers)]
        assert post(address, Authorization=f"Bearer {ADA.token}").status_code == 200
    assert statuses == [401] * 5


def test_a_line_taken_out_of_the_file_shuts_its_owner_out_at_once(home: Path) -> None:
    write_people(home)
    with served(home) as address:
        assert rows(OverHttp(address, BOB.token)) == [LARGE, SMALL, CREDIT]
        write_people(home)
        path = home / "people.yaml"
        path.write_text("".join(line for line in path.read_text().splitlines(True) if "bob" not in line))
        assert post(address, Authorization=f"Bearer {BOB.token}").status_code == 401
        assert rows(OverHttp(address, ADA.token)) == [SMALL]


def test_what_a_person_may_see_changes_with_the_file(home: Path) -> None:
    write_people(home)
    with served(home) as address:
        assert rows(OverHttp(address, BOB.token)) == [LARGE, SMALL, CREDIT]
        path = home / "people.yaml"
        path.write_text(
            path.read_text().replace("Bob, ", "Bob, persona: finance, ").replace("[quartz-small]", "[none]")
        )
        assert call(OverHttp(address, ADA.token), "query_costs", **BY_MODEL).json["rows"] == []


def test_where_people_are_told_apart_and_nobody_has_a_token_it_does_not_start(home: Path) -> None:
    (home / "people.yaml").write_text(f"people: {{me: {{name: Me, os_user: {os_user()}, rows: everything}}}}")
    server = start(home, "--http", "0")
    out, err = server.communicate()
    assert (server.returncode, out) == (1, "")
    assert "outlay mcp --new-token makes one" in err


def test_a_people_file_that_comes_later_is_not_passed_by(home: Path) -> None:
    with served(home) as address:
        assert rows(OverHttp(address)) == [LARGE, SMALL, CREDIT]
        write_people(home)
        reply = call(OverHttp(address), "query_costs")
    assert reply.is_error
    assert "start outlay mcp --http again" in reply.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "rebound.example"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Origin": "https://page.example"}, 403),
        ({"Origin": "http://localhost:3000"}, 403),
    ],
)
def test_no_web_page_and_no_other_host_name_gets_in(address: str, headers: dict[str, str], status: int) -> None:
    assert post(address, **headers).status_code == status


def test_a_token_in_place_of_its_digest_is_not_repeated(home: Path) -> None:
    write_people(home)
    path = home / "people.yaml"
    path.write_text(path.read_text().replace(BOB.digest, BOB.token))
    server = start(home, "--http", "0")
    _, err = server.communicate()
    assert server.returncode == 1
    assert "64 hex digits" in err
    assert BOB.token not in err
