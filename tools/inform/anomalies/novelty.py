"""How unlike anything earlier are the last values of a stream: the distance to the nearest earlier window.

A window that is far from every earlier one is a discord (Keogh, Lin & Fu, "HOT SAX", ICDM 2005); looking only to the
left makes it causal (Lu et al., "Matrix Profile XXIV: DAMP", KDD 2022). Everything is in blocks of steps; what stands
at a block is known at its last step.
"""

from bisect import insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_SEEN = 4
"""Earlier windows without which there is no distance."""
LOW, HIGH = 0.01, 0.99


def block_means(values: "NDArray[np.float64]", size: int) -> "NDArray[np.float64]":
    """The mean of each whole block of `size` steps."""
    import numpy as np

    return np.asarray(_whole(values, size).mean(axis=1))


def block_extremes(values: "NDArray[np.float64]", size: int) -> "NDArray[np.float64]":
    """Of each block its highest or its lowest value, whichever is further from the mean of the block before."""
    import numpy as np

    whole = _whole(values, size)
    means, high, low = whole.mean(axis=1), whole.max(axis=1), whole.min(axis=1)
    before = np.concatenate([means[:1], means[:-1]])
    return np.asarray(np.where(high - before >= before - low, high, low))


def spreads(blocks: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """For each block the range from the 1st to the 99th percentile of the blocks before it, never 0."""
    import numpy as np

    found, seen = np.ones(len(blocks)), list[float]()
    for place, value in enumerate(blocks):
        if seen:
            last = len(seen) - 1
            low, high = seen[int(LOW * last)], seen[int(HIGH * last)]
            found[place] = (high - low) or (seen[-1] - seen[0]) or max(abs(high) * 1e-3, 1e-9)
        insort(seen, float(value))
    return found


def distances(
    blocks: "NDArray[np.float64]", width: int, *, shape: bool = False, known: int | None = None
) -> "NDArray[np.float64]":
    """For each block the mean distance, in spreads, of the `width` blocks that end there to the nearest such earlier.

    Windows that overlap are not compared. `shape` takes each window's mean off first. Only windows that end before
    block `known` are looked at. NaN where there are too few.
    """
    import numpy as np

    found = np.full(len(blocks), np.nan)
    if len(blocks) < width:
        return found
    windows = np.lib.stride_tricks.sliding_window_view(blocks, width)
    if shape:
        windows = windows - windows.mean(axis=1, keepdims=True)
    most = len(windows) if known is None else max(0, known - width + 1)
    for place in range(width + LEAST_SEEN - 1, len(windows)):
        earlier = windows[: min(place - width + 1, most)]
        if len(earlier) >= LEAST_SEEN:
            found[place + width - 1] = np.abs(earlier - windows[place]).mean(axis=1).min()
    return found / spreads(blocks)


def earlier_quantiles(
    values: "NDArray[np.float64]", quantile: float, known: int | None = None
) -> "NDArray[np.float64]":
    """For each value the quantile of those before it, and before place `known`; NaN for too few. NaNs do not count."""
    import numpy as np

    found, seen = np.full(len(values), np.nan), list[float]()
    for place, value in enumerate(values):
        if len(seen) > LEAST_SEEN:
            found[place] = seen[min(len(seen) - 1, int(quantile * len(seen)))]
        if not np.isnan(value) and (known is None or place < known):
            insort(seen, float(value))
    return found


def _whole(values: "NDArray[np.float64]", size: int) -> "NDArray[np.float64]":
    count = len(values) // size
    return values[: count * size].reshape(count, size)
