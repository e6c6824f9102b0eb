"""A detector for single streams of usage at minutes or hours: how unlike its own past is what a stream does now?

The same principle as the daily detector (what is usual comes from the series' own past, and from nothing else), for
streams that have no weeks to compare with. A stream is cut into blocks. Of each block four windows that end there are
held against all earlier ones (novelty.py): its extreme value, the means of the last 2 and 8 blocks, and the shape of
the last 8. Each distance counts as its logarithm over a high quantile of the stream's own earlier distances; their mean
over the same quantile of its earlier values is the surprise, so that one threshold serves all streams. Blocks of a part
of the learning time, and an extreme in place of a mean, are as in ARTime (M. Hampton, the best on the scoreboard of the
Numenta benchmark); that a detector is quiet for a while after an alarm is as in most of those there.

Tried on the half of the Numenta benchmark's series that rules were chosen on (evals/anomalies/nab.py), as the mean of
its three profiles; this one has 87.7. One window alone: the extreme 81.8 (74.8 by the third nearest instead of the
nearest), means of 8 blocks 71.7, shape 72.3, distance to the usual value of the hour of the day 70.6, spread within a
block 61.9. The loudest of the four windows instead of their mean 78.6; also divided by the tail of the earlier values
86.1 at best; the mean over five sizes of blocks 80.7. The density of short means that was here before 35.5, and 51.5
with rests after alarms. What was chosen is at the top of a rough slope: 79.0, 80.4, 79.3 and 78.7 with 80, 90, 120 and
140 blocks, 82.3 with blocks that begin two steps later; so elsewhere a few points less are to be expected.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.inform.anomalies.novelty import block_extremes, block_means, distances, earlier_quantiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class StreamRules:
    """The one configuration for all streams; times are parts of the time that a stream is given to learn from."""

    blocks: int = 104
    """Into so many blocks the learning time is divided; all is judged at the ends of blocks."""
    widths: tuple[int, ...] = (2, 8)
    """Blocks of the windows of means."""
    shape: int = 8
    """Blocks of the window that is compared without its level."""
    usual: float = 0.95
    """The quantile of a stream's earlier distances that counts as its usual one; the same for the mean of windows."""
    least: float = 0.03
    """A usual distance is at least this part of the stream's spread."""
    lowest: float = -2.0
    highest: float = 3.0
    """How far one window's distance counts, as a logarithm over the usual one."""
    quiet: float = 0.3
    """After an alarm for this part of the learning time there is another only if it is a louder one."""
    louder: float = 0.5


STREAM_RULES = StreamRules()


def surprises(
    values: "NDArray[np.float64]", learn: int, rules: StreamRules = STREAM_RULES, known: int | None = None
) -> "NDArray[np.float64]":
    """At the last step of each block by how much, as a logarithm, it is newer than usual; −inf at all other steps.

    The first `learn` steps are not judged. What is known is what came before a step and, if given, before step `known`.
    """
    import numpy as np

    size = max(1, learn // rules.blocks)
    until = None if known is None else known // size
    novelty = np.mean([_over_usual(one, rules, until) for one in _distances(values, size, rules, until)], axis=0)
    usual = np.maximum(earlier_quantiles(novelty, rules.usual, until), np.log(0.05))
    found = np.full(len(values), -np.inf)
    ends = np.arange(len(novelty)) * size + size - 1
    judged = (ends >= learn) & ~np.isnan(novelty - usual)
    found[ends[judged]] = (novelty - usual)[judged]
    return found


def alarms(
    surprise: "NDArray[np.float64]", learn: int, rules: StreamRules = STREAM_RULES, threshold: float = 0.0
) -> "NDArray[np.float64]":
    """The surprises that are alarms, at or over `threshold`, each quietening what follows; −inf at all other steps."""
    import numpy as np

    found, last, level = np.full(len(surprise), -np.inf), -len(surprise), -np.inf
    for step in np.flatnonzero(surprise >= threshold).tolist():
        if step - last > rules.quiet * learn or surprise[step] >= level + rules.louder:
            found[step], last, level = surprise[step], step, float(surprise[step])
    return found


def _distances(
    values: "NDArray[np.float64]", size: int, rules: StreamRules, known: int | None
) -> "list[NDArray[np.float64]]":
    means = block_means(values, size)
    return [
        distances(block_extremes(values, size), 1, known=known),
        *(distances(means, width, known=known) for width in rules.widths),
        distances(means, rules.shape, shape=True, known=known),
    ]


def _over_usual(distance: "NDArray[np.float64]", rules: StreamRules, known: int | None) -> "NDArray[np.float64]":
    import numpy as np

    usual = np.maximum(earlier_quantiles(distance, rules.usual, known), rules.least)
    return np.clip(np.log(np.maximum(distance, 1e-9) / usual), rules.lowest, rules.highest)
