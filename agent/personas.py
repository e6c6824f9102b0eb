"""Who asks: `knowledge/personas.yaml`, typed. A persona decides what is offered next, never a question's figures."""

import re
from collections.abc import Container
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge import read
from tools.domain.errors import BadInput
from tools.domain.query import Granularity


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NextStep(_Entry):
    """A question to ask next."""

    ask: str
    needs: tuple[str, ...] = ()
    """Columns without which it has no answer."""


class Persona(_Entry):
    """One kind of reader."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    cost: Literal["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"]
    grain: Granularity
    next_steps: tuple[NextStep, ...]

    @property
    def prompt(self) -> str:
        """The name of the prompt that tells a model of this reader."""
        return f"personas/{self.id}"

    def suggestions(self, columns: Container[str], asked: str) -> tuple[str, ...]:
        """What to ask next of a store with these columns; not what has just been asked."""
        return tuple(
            step.ask
            for step in self.next_steps
            if all(name in columns for name in step.needs) and _plain(step.ask) != _plain(asked)
        )


def persona_named(name: str) -> Persona:
    """The persona of an id, a label or an alias, in any case. Raises BadInput, listing the known ones."""
    for persona in personas():
        if _plain(name) in {_plain(one) for one in (persona.id, persona.label, *persona.aliases)}:
            return persona
    raise BadInput(f"persona={name!r:.80} is not known; use one of {', '.join(one.id for one in personas())}")


@cache
def personas() -> tuple[Persona, ...]:
    """Every persona, in the file's order."""
    import yaml

    return tuple(Persona.model_validate(entry) for entry in yaml.safe_load(read("personas.yaml"))["personas"])


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
