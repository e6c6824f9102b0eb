"""Every lever there is, in the order in which a person would read them."""

from tools.optimize.commitments.levers import COMMITMENT_LEVERS
from tools.optimize.lever import Lever
from tools.optimize.llm.batch import Batch

LEVERS: tuple[Lever, ...] = (Batch(), *COMMITMENT_LEVERS)
