"""How well two models did the same work: sample-weighted means of the quality scores that are loaded."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tools.domain.records import QualityScore
from tools.optimize.llm.routes import routes
from tools.pricing.model_names import shorter_names
from tools.registry import ToolContext


@dataclass(frozen=True)
class Comparison:
    """Means of one metric over the last days, and over how many samples."""

    metric: str
    large: Decimal
    small: Decimal
    samples: Decimal

    @property
    def lost(self) -> Decimal:
        """What the smaller model is worse by; negative where it is better."""
        is_lower_better = self.metric.lower() in routes().lower_is_better
        return self.small - self.large if is_lower_better else self.large - self.small


def compare(ctx: ToolContext, large: str, small: str, use_case: str | None) -> Comparison | None:
    """On the metric with most samples of the smaller model; None where not both were scored on this use case."""
    since = ctx.as_of - timedelta(days=routes().score_days)
    scores = [
        one
        for one in ctx.store.records("quality")
        if use_case is not None and one.use_case == use_case and since <= one.day <= ctx.as_of
    ]
    ours, theirs = _means(scores, large), _means(scores, small)
    both = sorted(ours.keys() & theirs.keys(), key=lambda metric: (-theirs[metric][1], metric))
    if not both:
        return None
    metric = both[0]
    return Comparison(metric, ours[metric][0], theirs[metric][0], theirs[metric][1])


def _means(scores: Iterable[QualityScore], model: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Metric → weighted mean and samples; a score without samples counts as one."""
    sums: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    names = set(shorter_names(model))
    for one in scores:
        if one.model is not None and names & set(shorter_names(one.model)):
            weight = one.samples or Decimal(1)
            total, samples = sums[one.metric]
            sums[one.metric] = (total + one.score * weight, samples + weight)
    return {metric: (total / samples, samples) for metric, (total, samples) in sums.items()}
