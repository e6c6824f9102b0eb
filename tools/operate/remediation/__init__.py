"""Remediations: propose, plan, approve, apply once, verify, prove, roll back."""
