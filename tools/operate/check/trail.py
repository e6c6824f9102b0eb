"""What a judgement of plans leaves besides findings: remarks, rules that were applied, queries that were read."""

from dataclasses import dataclass, field

from tools.domain.result import Evidence


@dataclass
class Trail:
    """`applied`: rules that the plans were held to; `evidence`: what told how much is used already."""

    notes: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    is_certain: bool = True
    """Whether every rule could be judged for everything that it is about."""

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def doubt(self, text: str) -> None:
        """Something that could not be judged, so that no finding does not mean that all is well."""
        self.is_certain = False
        self.note(text)
