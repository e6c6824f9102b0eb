"""Unified diffs of one text file: applied strictly, and written in one way only. Pure.

Strictly: each hunk has to stand at its line with exactly its context, and only contents of the one file may change.
"""

import re
from difflib import unified_diff

from tools.operate.remediation.action import NotApplicable

_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_END = "\\ No newline at end of file"


def diff_of(path: str, old: str, new: str) -> str:
    """The diff between two texts, with three lines of context; "" when they are the same."""
    lines = unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}", n=3)
    return "".join(one if one.endswith("\n") else f"{one}\n{_NO_END}\n" for one in lines)


def patched(path: str, text: str, patch: str) -> str:
    """The text with the patch applied.

    Raises:
        NotApplicable: it is no unified diff, changes anything but this file's contents, or does not fit the text.
    """
    rest = _after_header(path, patch)
    old, new, at = _lines(text), list[str](), 0
    while rest:
        start, hunk, rest = _hunk(rest)
        before = [line for sign, line in hunk if sign != "+"]
        if start < at or old[start : start + len(before)] != before:
            raise NotApplicable(f"the patch does not apply to {path}, line {start + 1}; make it anew from its branch")
        new += old[at:start] + [line for sign, line in hunk if sign != "-"]
        at = start + len(before)
    return "".join(new + old[at:])


def _lines(text: str) -> list[str]:
    """Lines with their ends; only \\n ends a line, as in git."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _after_header(path: str, patch: str) -> list[str]:
    lines = _lines(patch)
    first = next((at for at, line in enumerate(lines) if line.startswith("@@")), None)
    if first is None:
        raise NotApplicable("the patch has no hunk; give a unified diff (git diff)")
    header = [line.rstrip("\r\n").rstrip("\t") for line in lines[:first]]
    odd = [line for line in header if not line.startswith(("diff --git ", "index ", "--- ", "+++ "))]
    if odd:
        raise NotApplicable(f"the patch does more than change contents: {odd[0][:80]!r}; only contents may change")
    named = [line[4:] for line in header if line.startswith(("--- ", "+++ "))]
    if named != [f"a/{path}", f"b/{path}"]:
        raise NotApplicable(f"the patch names {', '.join(named) or 'no file'}; it has to name a/{path} and b/{path}")
    return lines[first:]


def _hunk(lines: list[str]) -> tuple[int, list[tuple[str, str]], list[str]]:
    """Where the first hunk starts in the old text (from 0), its lines by their signs, and the lines after it."""
    found = _HUNK.match(lines[0])
    if found is None:
        raise NotApplicable(f"the patch goes on with {lines[0].strip()[:80]!r}; it may have hunks of one file only")
    start, olds, _, news = (1 if one is None else int(one) for one in found.groups())
    body: list[tuple[str, str]] = []
    left, at = [olds, news], 1
    while any(left) or (at < len(lines) and lines[at].startswith(_NO_END[0])):
        sign, line = _signed(lines, at)
        at += 1
        if sign == _NO_END[0]:
            body[-1:] = [(kind, last.removesuffix("\n")) for kind, last in body[-1:]]
            continue
        body.append((sign, line))
        left = [left[0] - (sign != "+"), left[1] - (sign != "-")]
    return (start - 1 if olds else start), body, lines[at:]


def _signed(lines: list[str], at: int) -> tuple[str, str]:
    line = lines[at] if at < len(lines) else ""
    if line[:1] not in (" ", "-", "+", _NO_END[0]):
        raise NotApplicable("the patch ends within a hunk, or counts its lines wrongly; give it as git diff writes it")
    return line[0], line[1:]
