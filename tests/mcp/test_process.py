"""The process: what it writes where, and how it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mcp.assistants import COMMAND, address_of, start

HELLO = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},'
    '"clientInfo":{"name":"test","version":"1"}}}\n'
)


def test_it_ends_when_standard_input_does_and_has_written_nothing_but_protocol(open_home: Path) -> None:
    server = start(open_home)
    out, err = server.communicate(HELLO)
    assert (server.returncode, err) == (0, "")
    (line,) = out.splitlines()
    assert '"serverInfo"' in line


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_over_stdio(open_home: Path, sent: signal.Signals) -> None:
    with start(open_home) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        server.stdin.write(HELLO)
        server.stdin.flush()
        server.stdout.readline()
        server.send_signal(sent)
        assert (server.wait(), server.stderr.read()) == (0, "")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_over_http(open_home: Path, sent: signal.Signals) -> None:
    server = start(open_home, "--http", "0")
    address_of(server)
    server.send_signal(sent)
    out, err = server.communicate()
    assert (server.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_one_sentence(open_home: Path, address: str) -> None:
    port = address.split(":")[2].split("/")[0]
    server = start(open_home, "--http", port)
    _, err = server.communicate()
    assert server.returncode == 1
    assert err == f"outlay: port {port} can't be used (Address already in use); --http 0 takes any free one\n"


def test_help_shows_an_example_and_imports_no_protocol() -> None:
    code = f"{COMMAND[2]}".replace("main()", "").rstrip("; ")
    script = (
        f"{code}\nimport sys\nsys.argv = ['outlay', 'mcp', '--help']\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('mcp', 'uvicorn', 'starlette', 'langgraph') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Example: outlay mcp" in done.stdout
    assert done.stdout.rstrip().endswith("[]")
