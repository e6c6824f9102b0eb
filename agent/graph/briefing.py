"""The system message: rules, style and reader, each a prompt of its own, with the digests that a run records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agent.personas import Persona
from prompts import load


@dataclass(frozen=True)
class Briefing:
    """What the model is told before a question."""

    text: str
    digests: Mapping[str, str]
    """Prompt name → digest."""


def briefing(as_of: date, persona: Persona | None) -> Briefing:
    """The system message of one question."""
    system, style = load("system"), load("answer_style")
    prompts = [system, style, *([load(persona.prompt)] if persona else [])]
    texts = [
        system.fill(as_of=as_of.isoformat(), persona=persona.label if persona else "anyone"),
        *(prompt.text for prompt in prompts[1:]),
    ]
    return Briefing("\n".join(texts), {prompt.name: prompt.digest for prompt in prompts})
