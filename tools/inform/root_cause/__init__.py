"""Root cause: which combinations of dimension values explain why a total is not what was expected.

Additive measures (cost, tokens) and ratios (cost per request): from leaves, the finest groups at hand, with what was
observed and what was expected of each.

    leaves = LeafTable(("x_Team", "x_Model"), members, observed, expected)
    for cause in localise(leaves): cause.combination, cause.contribution, cause.share

For a ratio build the leaves with `ratio_leaves`; everything else is the same.
"""

from tools.inform.root_cause.leaves import LeafTable, ratio_leaves
from tools.inform.root_cause.localisation import RootCause, localise

__all__ = ["LeafTable", "RootCause", "localise", "ratio_leaves"]
