"""/sql: the queries behind the last answer."""

from typing import TYPE_CHECKING

from agent.cli.chat.command import Command
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation


def show_sql(conversation: "Conversation", argument: str) -> bool:
    """The SQL and parameters of each result, as `outlay ask --sql` shows them."""
    from agent.cli.terminal import print_queries

    answer = conversation.last()
    if not any(result.evidence.sql for result in answer.results.values()):
        raise BadInput("the last answer comes from no query; /why says what it rests on")
    print_queries(conversation.cli.out, answer)
    return True


COMMAND = Command("sql", "/sql", "the queries behind the last answer", show_sql)
