"""The graph's checkpoints of proposals: a file of the home, or the database that several machines share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from agent.state.threads import thread_saver
from tools.domain.errors import BadSetting, StoreFault

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

FILE = "proposals.sqlite"


@contextmanager
def proposal_saver(state: Path, url: SecretStr | None) -> "Iterator[BaseCheckpointSaver[Any]]":
    """A saver for the life of one call. Raises StoreFault, BadSetting."""
    if url is None:
        with thread_saver(state / FILE) as saver:
            yield saver
        return
    try:
        from langgraph.checkpoint.postgres import PostgresSaver
        from psycopg import Error
    except ImportError:
        raise BadSetting("PostgreSQL needs psycopg: pip install 'outlay[postgres]'") from None
    try:
        with PostgresSaver.from_conn_string(url.get_secret_value()) as shared:
            shared.setup()
            yield shared
    except Error as fault:
        raise StoreFault(f"proposals can't be kept in the shared database: {str(fault).splitlines()[0]}") from None
