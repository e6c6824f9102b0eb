"""What stands after a command's name: words, and the file among them."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from tools.domain.errors import BadInput

REPLACE = "replace"


def words_of(argument: str) -> list[str]:
    """Split as a shell does, so that a file's name may be quoted. Raises BadInput."""
    try:
        return shlex.split(argument)
    except ValueError:
        raise BadInput(f"a quotation mark is not closed in {argument!r}") from None


def file_of(word: str, endings: Sequence[str]) -> Path:
    """A file to write, in a folder that is there. Raises BadInput."""
    path = Path(word).expanduser()
    if path.suffix.lower() not in endings:
        raise BadInput(f"{word!r} has no known ending; use one of {', '.join(endings)}")
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {str(path.parent)!r}")
    return path


def only(words: Sequence[str], usage: str) -> None:
    """Raises BadInput for words that are left over."""
    if words:
        raise BadInput(f"{words[0]!r} is not understood here; write {usage}")
