"""A check as a comment on a pull request."""

import re

from tools.operate.check.finding import PlanFinding
from tools.operate.check.report import CheckReport
from tools.operate.check.sentences import change, costs, priced_by, remarks, total, verdict, what

_MARKS = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}
MOST_ROWS = 50
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")


def as_markdown(report: CheckReport) -> str:
    """A headline, what violates a policy, a table of costs, and the fine print folded away."""
    mark = "❌" if report.is_blocked else "⚠️" if report.has_warnings else "✅"
    blocks = [f"### {mark} Outlay: {_safe(total(report))}, {_safe(verdict(report))}"]
    if (changed := change(report)) is not None:
        blocks.append(f"{_safe(changed)}.")
    if report.findings:
        blocks.append("\n".join(_finding(one) for one in report.findings[:MOST_ROWS]))
    if report.priced:
        blocks.append(_table(report))
    if told := remarks(report):
        listed = "\n".join(f"- {_safe(one)}" for one in told)
        blocks.append(f"<details><summary>What these figures rest on</summary>\n\n{listed}\n\n</details>")
    return "\n\n".join(blocks) + "\n"


def _finding(one: PlanFinding) -> str:
    where = _code(f"{one.file}:{one.line}")
    return f"- {_MARKS[one.level]} **{_safe(one.rule)}** ({one.severity}): {_safe(one.message)} — {where}"


def _table(report: CheckReport) -> str:
    rows = ["| resource | what | cost | priced by |", "|---|---|--:|---|"]
    largest = sorted(report.priced, key=lambda one: -(one.cost.high if one.cost else 0))
    for one in largest[:MOST_ROWS]:
        cells = (_code(one.resource.address), _safe(what(one)), _safe(costs(one)), _safe(priced_by(one)))
        rows.append(f"| {' | '.join(cells)} |")
    if len(largest) > MOST_ROWS:
        rows.append(f"| … and {len(largest) - MOST_ROWS} more | | | |")
    return "\n".join(rows)


def _safe(text: str) -> str:
    """Text of a plan can't become markup, and mentions nobody."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return escaped.replace("@", "@\u200b")


def _code(text: str) -> str:
    """An address as code; one with backticks or bars as plain text."""
    plain = " ".join(text.split())
    return f"`{plain}`" if not re.search(r"[`|]", plain) else _safe(plain)
