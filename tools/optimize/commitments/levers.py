"""The levers of commitments."""

from tools.optimize.commitments.buy import BuyCommitment
from tools.optimize.commitments.expiring import ExpiringCommitment
from tools.optimize.commitments.spend_agreement import SpendAgreement
from tools.optimize.commitments.throughput import ProvisionedThroughput
from tools.optimize.commitments.unused import UnusedCommitment
from tools.optimize.lever import Lever

COMMITMENT_LEVERS: tuple[Lever, ...] = (
    UnusedCommitment(),
    BuyCommitment(),
    ProvisionedThroughput(),
    ExpiringCommitment(),
    SpendAgreement(),
)
