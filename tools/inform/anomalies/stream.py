"""A detector for single streams of usage at minutes or hours: how surprising is the recent mean, given the recent past?

The same principle as the daily detector (what is usual and how noisy it is comes from the series' own past, and from
nothing else), for series that have no week to compare with. The mean of the last `span` values is held against the
exponentially decaying density of earlier such means, a kernel estimate as in EXPoSE (Schneider, Ertel & Ramos,
"Expected similarity estimation for large-scale batch and streaming anomaly detection", 2016) with a heavy-tailed
kernel, so that far and very far differ. Surprise is −log density. What a series is used to is taken off it: a high
quantile of its own recent surprises, so that one threshold serves all series.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class StreamRules:
    """In steps of the stream, whatever they are."""

    span: int = 10
    window: int = 600
    decay: float = 0.01
    width: float = 0.2
    """Of the kernel, as a part of the spread between the 5th and 95th percentile of the last `spread` means."""
    spread: int = 3000
    used_to: int = 1500
    used_to_quantile: float = 0.99
    first: int = 100
    """Nothing is judged before."""
    quiet: int = 100
    """After an alarm there is no other for so many steps."""
    threshold: float = 0.36


STREAM_RULES = StreamRules()


def surprises(values: "NDArray[np.float64]", rules: StreamRules = STREAM_RULES) -> "NDArray[np.float64]":
    """For each step, by how much it is more surprising than the series' own surprises; from steps up to it only."""
    import numpy as np

    means = _trailing_means(values, rules.span)
    surprise, beyond, used_to = np.zeros(len(values)), np.zeros(len(values)), 0.0
    weights = (1 - rules.decay) ** np.arange(rules.window)[::-1]
    scale = 0.0
    for step in range(rules.first // 3, len(values)):
        if step % 20 == 0 or scale == 0.0:
            low, high = np.quantile(means[max(0, step - rules.spread) : step], [0.05, 0.95])
            scale = max(high - low, 1e-9 * max(1.0, abs(high)))
        seen = means[max(0, step - rules.window) : step]
        weight = weights[-len(seen) :]
        apart = (seen - means[step]) / (scale * rules.width)
        surprise[step] = -np.log((weight / (1 + apart * apart)).sum() / weight.sum() + 1e-12)
        if step < rules.first:
            continue
        if step % 10 == 0:
            used_to = float(np.quantile(surprise[max(0, step - rules.used_to) : step], rules.used_to_quantile))
        beyond[step] = surprise[step] - used_to
    return beyond


def alarms(
    beyond: "NDArray[np.float64]", threshold: float = STREAM_RULES.threshold, quiet: int = STREAM_RULES.quiet
) -> list[int]:
    """The steps of alarms: at or over the threshold, and the first in `quiet` steps."""
    import numpy as np

    told: list[int] = []
    for step in np.flatnonzero(beyond >= threshold):
        if not told or step - told[-1] > quiet:
            told.append(int(step))
    return told


def _trailing_means(values: "NDArray[np.float64]", span: int) -> "NDArray[np.float64]":
    import numpy as np

    sums = np.cumsum(np.insert(values, 0, 0.0))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - span)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts))
