"""What a load reports: the JSON of every `outlay ingest --json`."""

from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class Progress(NamedTuple):
    """How far a load has come; `total_rows` is None while it is not known."""

    stage: str
    rows: int
    total_rows: int | None


class LoadedFile(BaseModel):
    """A file of a load. `sha256` is of the bytes as they lie on disk, `content` of what a gzip file holds inside."""

    model_config = ConfigDict(frozen=True)

    name: str
    size_bytes: int
    sha256: str
    content: str = ""
    rows: int = 0
    stem: str = ""
    """What names the file's rows when they name no issuer or account."""


class Reason(BaseModel):
    """Why rows were kept out of the store.

    `money` is the sum of what could be read in them (EffectiveCost, else BilledCost), None when nothing could;
    `example` is the first row as JSON, or as it stands in the file.
    """

    model_config = ConfigDict(frozen=True)

    reason: str
    rows: int
    money: Decimal | None = None
    example: str = ""


class Defect(BaseModel):
    """A departure from FOCUS that was loaded all the same; `rows` have it."""

    model_config = ConfigDict(frozen=True)

    column: str
    rows: int
    defect: str
    """missing_column, null_value, unknown_value, unreadable_value, derived, renamed, rounded, note."""
    detail: str = ""
    example: str | None = None


class LoadReport(BaseModel):
    """What one load did; `read == accepted + quarantined`, always."""

    model_config = ConfigDict(frozen=True)

    read: int
    accepted: int
    quarantined: int
    replaced: int
    """Rows that the store held for the same slices before."""
    reasons: tuple[Reason, ...] = ()
    defects: tuple[Defect, ...] = ()
    periods: tuple[str, ...] = ()
    """Starts of the billing periods that were written, ISO."""
    sources: tuple[str, ...] = ()
    generation: int = 0
    seconds: float = 0.0
