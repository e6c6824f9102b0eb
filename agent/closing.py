"""`outlay close`: a month's chargeback is issued, once and whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from agent.allocation import HomeAllocation
from agent.identity import Asker
from agent.settings import Settings
from agent.state.closings import ClosingStore
from tools.domain.closing import Closing
from tools.domain.errors import NotPermitted
from tools.store import Store


@dataclass(frozen=True)
class Closed:
    """A closed month with its file; `is_new` is false where it was closed before, and nothing was done."""

    closing: Closing
    file: Path
    is_new: bool


def close(settings: Settings, store: Store, asker: Asker, month: date, now: datetime | None = None) -> Closed:
    """Issue the month's chargeback; a month that is closed stays as it is.

    Raises:
        NotPermitted: the asker does not see every row.
        BadInput: the month can't be closed yet.
    """
    from tools.inform.allocation.close import Occasion, close_month

    _refuse_part(asker)
    closings = ClosingStore(settings.state_path)
    with closings.lock():
        before = closings.all()
        if (found := _closed(before, closings, month)) is not None:
            return found
        occasion = Occasion(asker.name or asker.id or "", now or datetime.now(UTC))
        closing = close_month(store.snapshot(), HomeAllocation(settings).rules(), before, month, occasion)
        return Closed(closing, closings.issue(closing), is_new=True)


def closed_months(settings: Settings, asker: Asker) -> tuple[Closed, ...]:
    """Every closed month, oldest first. Raises NotPermitted for somebody who does not see every row."""
    _refuse_part(asker)
    closings = ClosingStore(settings.state_path)
    found = closings.all()
    return tuple(Closed(one, closings.file_of(one.month) or closings.folder, is_new=False) for one in found)


def _closed(before: Sequence[Closing], closings: ClosingStore, month: date) -> Closed | None:
    found = next((one for one in before if one.month == month), None)
    file = closings.file_of(month)
    return Closed(found, file, is_new=False) if found is not None and file is not None else None


def _refuse_part(asker: Asker) -> None:
    if not asker.scope.is_whole:
        raise NotPermitted("a month is closed by somebody who sees every row; people.yaml lets you see a part")
