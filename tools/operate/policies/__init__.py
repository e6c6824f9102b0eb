"""Policies as code: who may approve what, and rules that the bill, the fleet and plans are held to."""
