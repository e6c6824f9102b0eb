"""Commitments: how much to promise, what promises in force bring and cost, and when they end."""
