"""A check as plain text, for a terminal and a pipeline's log."""

from tools.operate.check.report import CheckReport
from tools.operate.check.sentences import change, costs, priced_by, remarks, total, verdict, what

_MARKS = {"error": "BLOCKED", "warning": "warning", "note": "note"}


def as_text(report: CheckReport) -> str:
    lines = [f"{total(report)}: {verdict(report)}"]
    if (changed := change(report)) is not None:
        lines.append(changed)
    lines.append("")
    for one in report.priced:
        resource = one.resource
        lines.append(f"{resource.address} ({resource.kind}, {resource.file}:{resource.line})")
        lines.append(f"  {costs(one)}: {what(one)}")
        if by := priced_by(one):
            lines.append(f"  {by}")
    if report.priced and report.findings:
        lines.append("")
    for finding in report.findings:
        lines.append(f"{_MARKS[finding.level]} {finding.rule}: {finding.message} ({finding.file}:{finding.line})")
    told = remarks(report)
    return "\n".join([*lines, *([""] if told else []), *(f"note: {one}" for one in told)]).rstrip() + "\n"
