"""The playbooks that ship with Outlay; the one loader of knowledge/playbooks/."""

from functools import cache
from importlib.resources import files

from tools.playbooks.document import Document, parse_document

FOLDER = "playbooks"


@cache
def shipped_documents() -> tuple[Document, ...]:
    """Every playbook, by file name."""
    folder = files("knowledge").joinpath(FOLDER)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".md"))
    return tuple(
        parse_document(f"{FOLDER}/{name}", folder.joinpath(name).read_text(encoding="utf-8")) for name in names
    )
