"""Which of FOCUS's datasets files hold, by their columns: charges, invoice details or contract commitments."""

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

from tools.domain.errors import BadInput
from tools.domain.records import RecordKind
from tools.ingest.focus_files import InputFile, find_files

_OWN_COLUMNS: dict[RecordKind, frozenset[str]] = {
    "invoices": frozenset({"invoicedetailid", "invoiceissuestatus"}),
    "commitments": frozenset({"contractcommitmentid", "contractcommitmentperiodstart"}),
}
"""Columns that only that dataset has; InvoiceDetailId alone is a column of charges as well."""


def other_dataset(paths: Sequence[Path | str]) -> RecordKind | None:
    """The dataset that stands beside the charges, when all files are of it; None for charges.

    Raises:
        BadInput: the files are of several datasets, or nothing is there.
    """
    kinds = {_kind_of(file) for file in find_files(paths)}
    if len(kinds) > 1:
        raise BadInput("charges, invoice details and contract commitments are loaded one dataset at a time")
    return kinds.pop()


def _kind_of(file: InputFile) -> RecordKind | None:
    columns = {name.strip().lower() for name in _header(file)}
    return next((kind for kind, own in _OWN_COLUMNS.items() if own <= columns), None)


def _header(file: InputFile) -> Sequence[str]:
    """The names of the columns; () where the file can't be read, which the load itself will tell."""
    try:
        if file.format == "parquet":
            from pyarrow.parquet import read_schema

            return tuple(read_schema(file.path).names)
        opened = gzip.open if file.path.suffix == ".gz" else open
        with opened(file.path, "rt", encoding="utf-8-sig", errors="replace") as lines:
            return next(csv.reader([lines.readline()]), [])
    except (OSError, ValueError, csv.Error):
        return ()
