"""What a person says of a plan that the plan does not say itself."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class CheckOptions:
    """None: not said. `hours` are of what runs on and of work without a time limit; the others fill in what lacks."""

    team: str | None = None
    """Wins over what a plan names."""
    hours: Decimal | None = None
    card: str | None = None
    gpus: int | None = None
    """Of training configs, in all."""
    provider: str | None = None
    region: str | None = None
    """Where jobs and pods run, which their plans seldom say."""
