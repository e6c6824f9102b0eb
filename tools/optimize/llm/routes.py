"""Which smaller models a model's traffic may go to: knowledge/model_routes.yaml, typed."""

from datetime import date
from decimal import Decimal
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

import knowledge
from tools.pricing.model_names import shorter_names


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(_Row):
    """Shares of traffic, 0 to 1."""

    low: Decimal
    expected: Decimal
    high: Decimal


class Family(_Row):
    """Models of one developer, the stronger first."""

    developer: str
    models: tuple[str, ...]
    source: str


class Routes(_Row):
    """The whole file."""

    share: Share
    share_source: str
    tolerance: Decimal
    score_days: int
    lower_is_better: tuple[str, ...]
    checked: date
    families: tuple[Family, ...]

    def smaller(self, model: str) -> tuple[str, str] | None:
        """The next smaller model and the source that says so; None where none is known."""
        names = list(shorter_names(model))
        for family in self.families:
            for stronger, weaker in zip(family.models, family.models[1:], strict=False):
                if stronger in names:
                    return weaker, family.source
        return None


@cache
def routes() -> Routes:
    """Read and check the file."""
    return Routes.model_validate(yaml.safe_load(knowledge.read("model_routes.yaml")))
