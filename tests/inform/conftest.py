from tests.semantic.conftest import bill, billed

__all__ = ["bill", "billed"]
