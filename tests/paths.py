"""Where the real public data sets lie, when they are there."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    """The folder of a data set; skips the test, with the reason, where it is absent."""
    folder = Path(os.environ.get("OUTLAY_SHARED_DATA", CHECKOUT.parent / "shared" / "data")) / name
    if not folder.is_dir():
        pytest.skip(f"the public data set {name} is not here; set OUTLAY_SHARED_DATA to the folder that holds it")
    return folder
