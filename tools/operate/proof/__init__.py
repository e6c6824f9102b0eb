"""Proof: what a change has saved, measured against what its targets would have cost without it."""
