"""How well a set of charges explains a change: moved ** exponent × ln(observed / expected).

How much of the change it holds, weighed with how far it is from what was expected: the logarithm keeps a set from
taking in charges that are as expected. With exponent 1 this is the leading term of a Poisson likelihood ratio
(Kulldorff's scan statistic, 1997); a larger exponent favours larger sets.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Values = npt.NDArray[np.float64]

SMOOTHING = 0.001
"""Added to observed and expected, as a part of the total: what is new is far off, but not infinitely."""


class Scored(NamedTuple):
    """By set: what it moved in the direction, how far that is on the logarithmic scale, and the score."""

    moved: "Values"
    deviation: "Values"
    score: "Values"


def scored(observed: "Values", expected: "Values", sign: int, floor: float, exponent: float) -> Scored:
    """Each set's score; 0 for one that did not move in the direction of `sign`. `floor` is in the unit of cost."""
    import numpy as np

    moved: Values = np.maximum(sign * (observed - expected), 0.0)
    far = deviation(observed, expected, sign, floor)
    return Scored(moved, far, moved**exponent * far)


def deviation(observed: "Values", expected: "Values", sign: int, floor: float) -> "Values":
    """ln(observed / expected) in the direction of `sign`, both with `floor` added; 0 where it went the other way."""
    import numpy as np

    if not floor:
        return np.zeros_like(observed)
    ratio = (np.maximum(observed, 0.0) + floor) / (np.maximum(expected, 0.0) + floor)
    far: Values = np.maximum(sign * np.log(ratio), 0.0)
    return far
