"""The 36 published FOCUS use cases through the semantic layer: `python -m evals.focus_use_cases [--ask]`."""

from evals.focus_use_cases.runner import run

__all__ = ["run"]
