import os

import pytest


@pytest.fixture
def regenerate() -> bool:
    """Whether golden files are written anew: OUTLAY_REGENERATE_GOLDEN=1."""
    return os.environ.get("OUTLAY_REGENERATE_GOLDEN") == "1"
