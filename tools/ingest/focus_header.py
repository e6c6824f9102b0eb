"""A file's column names → the store's."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tools.domain.errors import BadInput
from tools.domain.focus import BY_NAME, COLUMNS, RENAMED

RESERVED = frozenset(
    {"x_source", "x_dataset", "x_costbasis", "x_rows", "x_countsforcost", "x_countsforusage", "x_slice"}
)
"""Names that the store fills itself; a file's column of that meaning gets an underscore at its end."""
OWN = ("x_Source", "x_CostBasis")
"""Those of them that a file may bring: rows that came out of a store."""
COSTS = ("EffectiveCost", "BilledCost", "ListCost", "ContractedCost")
PERIODS = ("ChargePeriodStart", "BillingPeriodStart")


@dataclass(frozen=True)
class HeaderColumn:
    """One column of a file. `store` is the name it has in the store, or a 1.0–1.3 name of `RENAMED`."""

    file: str
    store: str

    @property
    def known(self) -> bool:
        return self.store in BY_NAME or self.store in RENAMED


def map_header(names: Sequence[str], file: str) -> list[HeaderColumn]:
    """Find each column's place; case, blanks and underscores do not matter.

    Raises:
        BadInput: two columns mean the same, or the file has no cost or no period: it is no FOCUS file.
    """
    columns, taken = [], dict[str, str]()
    for position, name in enumerate(names, start=1):
        store = _place(name, position)
        while store.lower() in taken and not _is_known(name):
            store += "_"
        if store.lower() in taken:
            raise BadInput(f"{file} has two columns for {store}: {taken[store.lower()]!r} and {name!r}; remove one")
        taken[store.lower()] = name
        columns.append(HeaderColumn(name, store))
    found = {column.store for column in columns}
    if not found & set(COSTS) or not found & set(PERIODS):
        raise BadInput(
            f"{file} is not a FOCUS file: it needs one of {', '.join(COSTS)} and one of {', '.join(PERIODS)}; "
            f"its columns are {', '.join(names[:12]) or 'none'}{' …' if len(names) > 12 else ''}. "
            "Token usage records are loaded with 'outlay ingest usage'"
        )
    return columns


def is_focus(name: str) -> bool:
    """Whether a header cell names a FOCUS or `x_` column."""
    return _is_known(name) or name.lower().startswith("x_")


def focus_version(columns: Sequence[HeaderColumn]) -> str:
    """The oldest FOCUS version that has every known column of the file; for people, nothing depends on it."""
    since = [BY_NAME[column.store].since for column in columns if column.store in BY_NAME]
    newest = max(since, default="1.0")
    old = any(column.store in RENAMED for column in columns)
    return newest if old or newest != "1.3" else "1.3"


def _place(name: str, position: int) -> str:
    key = _key(name)
    if key in _known_keys():
        return _known_keys()[key]
    if not name:
        return f"x_Column{position}"
    own = name if name.lower().startswith("x_") else f"x_{name}"
    return f"{own}_" if own.lower() in RESERVED else own


def _is_known(name: str) -> bool:
    return _key(name) in _known_keys()


def _key(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign not in " _-")


@cache
def _known_keys() -> dict[str, str]:
    """`billingcurrency` → `BillingCurrency`; extension columns only with their `x_`."""
    names = [column.name for column in COLUMNS if column.name != "x_Dataset"]
    return {_key(name): name for name in (*names, *RENAMED)}
