"""An HTTP call is told for what it is known to be: done, refused, or nobody knows; secrets stay out of every text."""

import json
import logging
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from pydantic import SecretStr

from tools.domain.errors import BadSetting
from tools.operate.remediation.access import OutsidePermissions
from tools.operate.remediation.action import CallRefused, NotApplicable, Surprise
from tools.operate.remediation.actions.http_access import Call, Endpoint, HttpAccess, basic, bearer

TOKEN = "t0p-s3cret-token"
SET, GET = Call("POST", "/things/{id}", {"id": "a/b"}, body={"size": 1}), Call("GET", "/things")


@contextmanager
def answering(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers each connection with the next of these bytes, and closes it; b"" keeps silent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_serve, args=(server, answers, heard), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
    thread.join(timeout=10)


def _serve(server: socket.socket, answers: tuple[bytes, ...], heard: list[bytes]) -> None:
    for answer in answers:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(5)
            heard.append(_request(connection))
            if answer:
                connection.sendall(answer)
                continue
            with suppress(OSError):
                connection.recv(1)


def _request(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    while b"\r\n\r\n" not in got or len(got.partition(b"\r\n\r\n")[2]) < _length(got):
        got += connection.recv(65536)
    return got


def _length(request: bytes) -> int:
    found = re.search(rb"content-length: (\d+)", request.lower())
    return int(found.group(1)) if found else 0


def http(status: str, body: str = "{}", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body.encode())}\r\n{headers}\r\n{body}".encode()


def access(url: str, read_seconds: float = 5.0) -> HttpAccess:
    return HttpAccess([Endpoint(url, bearer(SecretStr(TOKEN)))], {SET.name, GET.name}, read_seconds)


def test_a_call_goes_out_once_with_its_parts_quoted_and_its_token() -> None:
    with answering(http("200 OK", '{"done": true}')) as (url, heard):
        assert access(url).change(url, SET) == {"done": True}
    assert len(heard) == 1
    assert heard[0].startswith(b"POST /things/a%2Fb HTTP/1.1\r\n")
    assert f"authorization: bearer {TOKEN}".encode() in heard[0].lower()
    assert heard[0].endswith(b'{"size": 1}')


def test_a_call_that_was_not_declared_never_leaves() -> None:
    with answering() as (url, heard), pytest.raises(OutsidePermissions):
        access(url).change(url, Call("DELETE", "/things"))
    assert heard == []


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 Gone", "409 Conflict", "422 Wrong", "429 Slow"])
def test_a_4xx_is_a_refusal(status: str) -> None:
    with answering(http(status)) as (url, _), pytest.raises(CallRefused, match=status[:3]):
        access(url).change(url, SET)


@pytest.mark.parametrize("status", ["302 Found", "307 Again", "408 Timeout", "500 Broken", "502 Bad", "504 Late"])
def test_what_tells_nothing_is_a_surprise_and_no_redirect_is_followed(status: str) -> None:
    answer = http(status, headers="Location: http://127.0.0.1:9/elsewhere\r\n")
    with answering(answer) as (url, heard), pytest.raises(Surprise) as told:
        access(url).change(url, SET)
    assert not isinstance(told.value, CallRefused)
    assert len(heard) == 1


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", b"no HTTP at all\r\n\r\n"],
    ids=["silence", "half an answer", "another protocol"],
)
def test_an_answer_that_never_comes_whole_is_a_surprise_and_sent_once(answer: bytes) -> None:
    with answering(answer, http("200 OK")) as (url, heard), pytest.raises(Surprise) as told:
        access(url, read_seconds=0.3).change(url, SET)
    assert not isinstance(told.value, CallRefused)
    assert len(heard) == 1


def test_a_connection_that_was_never_made_carried_nothing() -> None:
    with answering() as (url, _):
        pass
    with pytest.raises(CallRefused, match="could not be reached"):
        access(url).change(url, SET)


def test_a_change_whose_answer_is_no_json_was_done_all_the_same() -> None:
    with answering(http("204 No Content", "")) as (url, _):
        assert access(url).change(url, SET) is None


@pytest.mark.parametrize("answer", [http("500 Broken"), http("403 No"), http("200 OK", "<html>"), b""])
def test_reading_that_tells_nothing_is_an_oserror(answer: bytes) -> None:
    with answering(answer) as (url, _), pytest.raises(OSError, match="GET /things"):
        access(url, read_seconds=0.3).read(url, GET)


def test_only_the_statuses_named_mean_absent() -> None:
    with answering(http("404 Gone"), http("410 Gone")) as (url, _):
        reader = access(url)
        assert reader.read(url, GET, frozenset({404})) is None
        with pytest.raises(OSError, match="410"):
            reader.read(url, GET, frozenset({404}))


def test_an_answer_without_end_is_given_up() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * (9 * 1024 * 1024)
    with answering(endless) as (url, _), pytest.raises(OSError, match=r"does not end|no answer"):
        access(url).read(url, GET)


def test_another_address_than_the_plan_names_is_not_reached() -> None:
    with answering() as (url, heard), pytest.raises(NotApplicable, match=r"other\.example\.com is not connected"):
        access(url).read("https://other.example.com", GET)
    assert heard == []


@pytest.mark.parametrize("url", ["ftp://x", "https://u:p4ss@x", "x/y", "https://x?token=1", "", "https://x#y"])
def test_an_address_that_hides_a_secret_or_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadSetting) as told:
        Endpoint(url)
    assert "p4ss" not in str(told.value)


@pytest.mark.parametrize(
    "headers",
    [bearer(SecretStr(TOKEN)), basic("ada", SecretStr(TOKEN)), {"PRIVATE-TOKEN": SecretStr(TOKEN)}],
    ids=["bearer", "basic", "a header of its own"],
)
@pytest.mark.parametrize("changing", [True, False])
def test_a_server_that_echoes_the_secret_does_not_bring_it_into_a_text(
    headers: dict[str, SecretStr], changing: bool, caplog: pytest.LogCaptureFixture
) -> None:
    sent = next(iter(headers.values())).get_secret_value()
    echo = json.dumps({"error": f"no such key: {sent} ({sent.rpartition(' ')[2]}, {TOKEN})"})
    caplog.set_level(logging.DEBUG)
    with answering(http("401 No", echo)) as (url, _):
        talker = HttpAccess([Endpoint(url, headers, (SecretStr(TOKEN),))], {SET.name, GET.name})
        call: Callable[[], object] = (lambda: talker.change(url, SET)) if changing else (lambda: talker.read(url, GET))
        with pytest.raises((CallRefused, OSError)) as told:
            call()
    texts = [str(told.value), repr(told.value), repr(talker), repr(talker.endpoint(url)), caplog.text]
    for secret in (TOKEN, sent, sent.rpartition(" ")[2]):
        assert not [text for text in texts if secret in text]
    assert told.value.__cause__ is None


def test_what_a_call_hides_is_not_repeated() -> None:
    hiding = Call("POST", "/things/{id}", {"id": "1"}, body={"password": "r3dis"}, hidden=("r3dis",))
    answer = http("400 Bad", "redis://:r3dis@host is no address")
    with answering(answer) as (url, _), pytest.raises(CallRefused) as told:
        access(url).change(url, hiding)
    assert "r3dis" not in str(told.value)
