"""A company's file → Markdown text with headings: Markdown and plain text as they are, HTML and PDF by their text."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.errors import BadInput

LARGEST_BYTES = 20_000_000
_SHORTEST = 20
"""Characters of text below which a file holds nothing to search: a scanned page, an empty template."""
_BLOCKS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "tr", "pre", "blockquote", "dt", "dd")
_LEVELS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "### ", "h5": "### ", "h6": "### "}


def extract_text(path: Path) -> str:
    """The text of a file.

    Raises:
        BadInput: the ending is not one that is read, or the file is too large, damaged, encrypted or without text.
    """
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise BadInput(f"{path} can't be added: its ending is not one of {', '.join(READERS)}")
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise BadInput(f"{path} can't be read: {fault.strerror}") from None
    if len(data) > LARGEST_BYTES:
        raise BadInput(f"{path} is larger than {LARGEST_BYTES // 10**6} MB; add the part of it that is policy")
    text = read(path, data)
    if len("".join(text.split())) < _SHORTEST:
        raise BadInput(f"{path} holds no text to search; a scanned document needs text recognition first")
    return text


def _plain(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(f"{path} is not UTF-8 text (byte {fault.start}); save it as UTF-8") from None
    if "\x00" in text:
        raise BadInput(f"{path} is not text: it holds zero bytes")
    return "\n".join(text.splitlines())


def _html(path: Path, data: bytes) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(data, "html.parser")
    for hidden in soup(["script", "style", "noscript", "template", "nav", "head"]):
        hidden.decompose()
    lines = list(_html_blocks(soup))
    return "\n\n".join(lines) if lines else " ".join(soup.get_text(" ").split())


def _html_blocks(soup: "Tag") -> Iterator[str]:
    for tag in soup.find_all(_BLOCKS):
        if tag.find_parent(["p", "li", "tr", "pre", "blockquote", "dt", "dd"]) is not None:
            continue
        if tag.name == "tr":
            text = " | ".join(" ".join(cell.get_text(" ").split()) for cell in tag.find_all(["td", "th"]))
        else:
            text = " ".join(tag.get_text(" ").split())
        if text.strip(" |"):
            yield f"{_LEVELS.get(tag.name, '- ' if tag.name == 'li' else '')}{text}"


def _pdf(path: Path, data: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadInput(f"{path} is encrypted; add a copy without a password")
        pages = [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as fault:
        raise BadInput(f"{path} can't be read as PDF: {fault}") from None
    kept = [(number, _unwrapped(text)) for number, text in enumerate(pages, start=1)]
    return "\n\n".join(f"## Page {number}\n\n{text}" for number, text in kept if text)


def _unwrapped(text: str) -> str:
    """A page's lines as paragraphs; a line that begins with # is no heading."""
    joined = re.sub(r"(?<=\w)-\n(?=[a-z])", "", "\n".join(line.strip() for line in text.splitlines()))
    paragraphs = (" ".join(block.split()) for block in re.split(r"\n{2,}", joined))
    return "\n\n".join(re.sub(r"^#+ ", "", paragraph) for paragraph in paragraphs if paragraph)


READERS: dict[str, Callable[[Path, bytes], str]] = {
    ".md": _plain,
    ".markdown": _plain,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
}

if TYPE_CHECKING:
    from bs4 import Tag
