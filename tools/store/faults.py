"""DuckDB's faults → ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tools.domain.errors import BadInput, StoreFault


@contextmanager
def engine_faults() -> Iterator[None]:
    """Around everything that reads people's data or writes the store.

    Raises:
        BadInput: the data can't be read, added up or written.
        StoreFault: memory or disk do not suffice.
    """
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as fault:
        need = "the load needs more memory or temporary disk space than there is"
        raise StoreFault(f"{need}: {first_line(fault)}") from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
        raise  # a fault of our SQL, not of the data
    except duckdb.Error as fault:
        raise BadInput(f"the data can't be read: {first_line(fault)}") from None
    except OSError as fault:
        raise StoreFault(f"the store can't be written: {fault}") from None


def first_line(fault: Exception) -> str:
    """What the engine says, without the name of its error's class."""
    return re.sub(r"^(?:[A-Z]\w+ )+Error: ", "", str(fault).splitlines()[0])[:400]
