"""CSV text as people export it → records that DuckDB reads without guessing."""

import codecs
import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.domain.errors import BadInput
from tools.ingest.focus_files import InputFile, gunzip

DELIMITERS = (",", ";", "\t", "|")
_CHUNK_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 16
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass
class BrokenRow:
    """A record that does not fit the header, as it stands in the file."""

    reason: str
    text: str


@dataclass
class CsvText:
    """A CSV file as UTF-8, its header, and how many records a plain reading finds."""

    path: Path
    delimiter: str
    header: list[str]
    header_lines: int
    records: int
    regular: bool
    """Whether every record has as many fields as the header; else `rewrite` before reading."""
    notes: list[str] = field(default_factory=list)


def read_csv_text(file: InputFile, staging: Path, known: Callable[[str], bool]) -> CsvText:
    """Decode and measure a CSV file; `known` says whether a header cell is a FOCUS column.

    Raises:
        BadInput: the bytes are no text, there is no header, or a quoted field never ends.
    """
    path, notes = _as_utf8(file, staging)
    csv.field_size_limit(sys.maxsize)
    try:
        delimiter, header, header_lines = _header(path, known)
        records, regular = _measure(path, delimiter, len(header))
    except csv.Error as fault:
        raise BadInput(f"{file.path} can't be read as CSV: {fault}") from None
    if not header:
        raise BadInput(f"{file.path} has no header line; the first line must name the columns")
    if records < 0:
        raise BadInput(f"{file.path} has a quoted field that never ends; the file is cut off or a quote is not doubled")
    return CsvText(path, delimiter, header, header_lines, records, regular, notes)


def rewrite(source: CsvText, target: Path) -> tuple[CsvText, list[BrokenRow]]:
    """Write the records that fit the header to `target`, plainly quoted; gives the others apart."""
    width, records, broken = len(source.header), 0, []
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(source.header)
        for row, text, fault in _records(source.path, source.delimiter):
            if fault is None and len(row) == width:
                writer.writerow(row)
                records += 1
            elif fault is not None or row:
                reason = fault or f"the row has {len(row)} fields, the header {width}"
                broken.append(BrokenRow(reason, text))
    return CsvText(target, ",", source.header, 1, records, True, source.notes), broken


def _as_utf8(file: InputFile, staging: Path) -> tuple[Path, list[str]]:
    encoding = _encoding(file)
    if file.format == "csv" and encoding in ("utf-8", "utf-8-sig"):
        return file.path, []
    target = staging / f"{file.content[:16]}.csv"
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with target.open("w", encoding="utf-8", newline="") as out:
            for chunk in _chunks(file):
                out.write(decoder.decode(chunk))
            out.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as fault:
        raise BadInput(f"{file.path} is not whole {encoding} text ({fault.reason}); export it as UTF-8") from None
    plain = encoding in ("utf-8", "utf-8-sig")
    return target, [] if plain else [f"{file.path.name} was read as {encoding}"]


def _encoding(file: InputFile) -> str:
    chunks = _chunks(file)
    head = next(chunks, b"")[:_SAMPLE_BYTES]
    for bom, name in _BOMS:
        if head.startswith(bom):
            if name == "utf-16" or _is_utf8(file):
                return name
            break
    zeros = head.count(0)
    if zeros > len(head) // 4:
        guess = "utf-16-le" if head[1:200:2].count(0) > head[0:200:2].count(0) else "utf-16-be"
        return guess
    if _is_utf8(file):
        return "utf-8"
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if odd > len(head) // 50:
        raise BadInput(f"{file.path} is not text; FOCUS files are CSV, CSV.gz or Parquet")
    return "cp1252" if not set(head) & {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "latin-1"


def _is_utf8(file: InputFile) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(file: InputFile) -> Iterator[bytes]:
    if file.format == "csv.gz":
        yield from gunzip(file.path)
        return
    with file.path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _header(path: Path, known: Callable[[str], bool]) -> tuple[str, list[str], int]:
    best: tuple[int, str, list[str], int] = (-1, ",", [], 0)
    for delimiter in DELIMITERS:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter)
            row = next((row for row in reader if any(cell.strip() for cell in row)), [])
            score = sum(known(cell.strip().lstrip("\ufeff")) for cell in row)
            if score > best[0]:
                best = (score, delimiter, [cell.strip().lstrip("\ufeff") for cell in row], reader.line_num)
    return best[1:]


def _measure(path: Path, delimiter: str, width: int) -> tuple[int, bool]:
    """Records after the header, and whether all fit it; -1 records when a quoted field never ends."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        records, regular = -1, True
        try:
            for row in reader:
                if row and (records >= 0 or any(cell.strip() for cell in row)):
                    records += 1
                    regular = regular and (records == 0 or len(row) == width)
        except csv.Error as fault:
            if "unexpected end of data" in str(fault):
                return -1, False
            regular = False
    if not regular:
        records = sum(1 for row, _, fault in _records(path, delimiter) if fault or row)
    return records, regular


def _records(path: Path, delimiter: str) -> Iterator[tuple[list[str], str, str | None]]:
    """Each record after the header: fields, text, and why it can't be read."""
    seen: list[str] = []

    def lines() -> Iterator[str]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for line in stream:
                seen.append(line)
                yield line

    reader, past_header = csv.reader(lines(), delimiter=delimiter, strict=True), False
    while True:
        seen.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if "unexpected end of data" in str(fault):
                raise
            yield [], "".join(seen).rstrip("\r\n"), f"the row is not valid CSV: {fault}"
            continue
        if past_header:
            yield row, "".join(seen).rstrip("\r\n"), None
        past_header = past_header or any(cell.strip() for cell in row)
