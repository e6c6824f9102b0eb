"""A passage of a document as Markdown that shows it word for word, and that nothing in it can leave."""

import re

from agent.answer.display import escaped, visible

_ITEM = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+]|\d{1,3}[.)])\s+(?P<rest>\S.*)")
_RULE = re.compile(r"[-=*_]{2,}\s*")


def quotation_text(passage: str) -> str:
    """Each line behind `> `: lists stay lists, everything else that Markdown would read is shown as it is written.

    The last line has no line break: whoever puts the quotation somewhere parts it from what follows by an empty line,
    as Markdown would take the next line into the quotation otherwise.
    """
    lines = [_line("".join(map(visible, line))) for line in passage.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) or ">"


def _line(line: str) -> str:
    item = _ITEM.fullmatch(line)
    if item:
        mark = item["mark"] if item["mark"][0].isdigit() else "-"
        return f"{'  ' if item['indent'] else ''}{mark} {_words(item['rest'])}"
    return _words(line.strip())


def _words(text: str) -> str:
    return f"\\{text}" if _RULE.fullmatch(text) else escaped(text)
