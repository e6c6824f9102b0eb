"""Policies as code: rules in policies.yaml, judged over the store and over plans that are not yet run."""
