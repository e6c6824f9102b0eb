"""The register of attacks, and of valid approvals that have to be accepted."""

from collections.abc import Callable
from dataclasses import dataclass

from evals.campaigns.approval_site import Site

Act = Callable[[Site], int]
"""Sets the scene, attacks, and gives how many calls may have reached the world by right."""


@dataclass(frozen=True)
class Kind:
    family: str
    name: str
    act: Act
    spoils: bool
    """Whether the home is of no use to the next one."""


ATTACKS: list[Kind] = []
VALID: list[Kind] = []


def attack(family: str, *, spoils: bool = False) -> Callable[[Act], Act]:
    """Registers an attack under its function's name."""

    def register(act: Act) -> Act:
        ATTACKS.append(Kind(family, act.__name__.strip("_"), act, spoils))
        return act

    return register


def valid(act: Act) -> Act:
    """Registers something that has to be accepted, each call of it."""
    VALID.append(Kind("valid", act.__name__.strip("_"), act, spoils=False))
    return act
