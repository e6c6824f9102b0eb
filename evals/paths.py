"""Where the real public data sets lie, when they are there, and where results are written."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
RESULTS = CHECKOUT / "evals" / "results"


def shared_data(name: str) -> Path | None:
    """The folder of a data set, or None where it is absent."""
    folder = Path(os.environ.get("OUTLAY_SHARED_DATA", CHECKOUT.parent / "shared" / "data")) / name
    return folder if folder.is_dir() else None
