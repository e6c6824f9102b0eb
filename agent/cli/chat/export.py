"""/export: the last answer into a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.cli.chat.arguments import REPLACE, file_of, only, words_of
from agent.cli.chat.command import Command
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation

USAGE = "/export FILE.csv|FILE.parquet|FILE.md"


def export_last(conversation: "Conversation", argument: str) -> bool:
    """`/export spend.csv`, `/export spend.parquet r2`, `/export "a report.md" replace`."""
    from agent.export.write import ENDINGS, export

    words = words_of(argument)
    if not words:
        raise BadInput(f"name the file: {USAGE}")
    path = file_of(words[0], ENDINGS)
    answer = conversation.last()
    handle = next((word for word in words[1:] if word in answer.results), None)
    only(
        [word for word in words[1:] if word not in (handle, REPLACE)], f"{USAGE} [{'|'.join(answer.results)}] [replace]"
    )
    written = export(answer, path, handle=handle, replace=REPLACE in words[1:])
    conversation.cli.out.print(written, markup=False)
    return True


def _choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    return ("spend.csv", "spend.parquet", "spend.md") if " " not in typed.strip() else (REPLACE,)


COMMAND = Command("export", "/export FILE", "the last answer, exact, as .csv, .parquet or .md", export_last, _choices)
