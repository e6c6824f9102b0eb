"""Reconciliation: two accounts of one provider's usage side by side, and what sets them apart."""
