"""Events of the audit trail as lines that a person reads."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.state.remediation.events import TrailEvent


def event_line(event: "TrailEvent") -> str:
    """`   7  2026-11-24 17:02:11  p-1  intended  ec2:StopInstances i-0a41…  ada`."""
    tell = _FACTS.get(event.kind)
    told = tell(event.facts) if tell else ""
    by = f"  by {event.by}" if event.by else ""
    return f"{event.sequence:4}  {event.at:%Y-%m-%d %H:%M:%S}  {event.subject}  {event.kind}{by}  {told}".rstrip()


def _step(facts: Mapping[str, Any]) -> str:
    return f"{facts.get('call', '')} {facts.get('target', '')}".strip()


_FACTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "proposed": lambda facts: f"{facts.get('action', '')} fingerprint {str(facts.get('fingerprint', ''))[:16]}",
    "replaced": lambda facts: f"by {facts.get('with', '')}",
    "rejected": lambda facts: str(facts.get("reason", "")),
    "refused": lambda facts: f"{facts.get('what', '')}: {facts.get('reason', '')}".strip(": "),
    "begun": lambda facts: str(facts.get("direction", "")),
    "intended": _step,
    "noted": lambda facts: f"{facts.get('target', '')}: {facts.get('outcome', '')} {facts.get('detail', '')}".strip(),
    "finished": lambda facts: f"{facts.get('ending', '')} {facts.get('detail', '')}".strip(),
}
