"""The tree of errors. A message says what was wrong, with which value, and what would work.

OutlayError
├── ToolFault            goes back to the model, which can repair its call
│   ├── UnknownName      a metric, dimension or value that is not known
│   ├── BadRequest       a request that contradicts itself
│   └── MixedCurrencies  amounts that may not be summed
├── NoData               the store has nothing for that; `reason` says which kind of nothing
├── NotPermitted         somebody whom this home does not know, or a thing that its settings switch off
└── OperatorFault        ends the run, with the way out
    ├── BadInput         a file, option or price list that can't be used
    ├── BadSetting       a setting that can't be used
    ├── StoreFault       the store on disk is damaged, too new, or can't be written
    └── Unreachable      a system that something is read from or changed in does not answer
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Literal

NoDataReason = Literal["absent", "not_loaded", "missing_column"]


class OutlayError(Exception):
    """Anything that Outlay reports to a person or a model on purpose."""


class ToolFault(OutlayError):
    """A call that can be repaired by whoever made it."""


class UnknownName(ToolFault):
    """A name that is not known, with the nearest known ones."""

    def __init__(self, what: str, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name, known, n=5, cutoff=0.6) or sorted(known)[:20]
        way = f"use one of {', '.join(near)}" if near else "there is none yet"
        super().__init__(f"{what}={name!r} is not known; {way}")
        self.name, self.near = name, tuple(near)


class BadRequest(ToolFault):
    """A request whose parts contradict each other."""


class MixedCurrencies(ToolFault):
    """Amounts in several currencies, which are converted with a stated rate or kept apart, never summed."""

    def __init__(self, currencies: Sequence[str]) -> None:
        names = ", ".join(sorted(currencies))
        super().__init__(
            f"these charges are in several currencies ({names}) and are not summed; "
            "ask for one currency, group by BillingCurrency, or state a rate in outlay.toml under [currency.rates]"
        )
        self.currencies = tuple(sorted(currencies))


class NoData(OutlayError):
    """The store has nothing for the request.

    `reason`: `absent` (the period is loaded and holds no such charge), `not_loaded` (the period or
    the whole store is not loaded), `missing_column` (no loaded file has the column; `column` names it).
    `available` says what there is instead.
    """

    def __init__(
        self, message: str, reason: NoDataReason, *, column: str | None = None, available: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.reason, self.column, self.available = reason, column, tuple(available)


class NotPermitted(OutlayError):
    """The asker may not have that; the message says who could change it."""


class OperatorFault(OutlayError):
    """A fault that a person has to mend; the message says how."""


class BadInput(OperatorFault):
    """A file, option or price list that can't be used."""


class BadSetting(OperatorFault):
    """A setting that can't be used."""


class Unreachable(OperatorFault):
    """A system that something is read from or changed in does not answer as it should."""


class StoreFault(OperatorFault):
    """The store on disk is damaged, of a newer version, or can't be written."""
