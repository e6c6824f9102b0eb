"""Files → raw relations in the writer's staging area, one for each set of columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.domain.errors import BadInput
from tools.domain.load import Progress
from tools.ingest.focus_files import InputFile
from tools.ingest.focus_header import HeaderColumn, is_focus, map_header
from tools.ingest.focus_text import BrokenRow, CsvText, read_csv_text, rewrite
from tools.ingest.focus_types import NULL_WORDS
from tools.store import Writer

LONGEST_LINE_BYTES = 64 << 20


@dataclass(frozen=True)
class Raw:
    """A staged relation with the values as the file has them."""

    relation: str
    file: InputFile
    columns: Mapping[str, HeaderColumn]
    """Column of `relation` → what it is."""
    types: Mapping[str, str]
    rows: int
    stem: str
    broken: Sequence[BrokenRow] = ()
    notes: Sequence[str] = ()

    def at(self, relation: str) -> "Raw":
        """The same rows in another relation, which has further columns."""
        return replace(self, relation=relation)


def stage_files(
    writer: Writer, files: Sequence[InputFile], stems: Mapping[str, str], report: Callable[[Progress], None]
) -> list[Raw]:
    """Stage every file.

    Raises:
        BadInput: one of them can't be read, is no FOCUS file, or is another one's twin in another format.
    """
    found, rows = [], 0
    for number, file in enumerate(files):
        report(Progress(f"reading {file.path.name}", rows, None))
        stage = _stage_parquet if file.format == "parquet" else _stage_csv
        raw = stage(writer, file, f"raw_{number}", stems.get(file.content, file.stem))
        found.append(raw)
        rows += raw.rows + len(raw.broken)
    _refuse_twins(found)
    return found


def _stage_parquet(writer: Writer, file: InputFile, relation: str, stem: str) -> Raw:
    source = f"read_parquet({_text(str(file.path))}, hive_partitioning = false)"
    try:
        writer.execute(f"CREATE VIEW {relation} AS SELECT * FROM {source}")
        types = writer.columns_of(relation)
        rows = int(writer.execute(f"SELECT count(*) FROM {relation}")[0][0])
    except BadInput as fault:
        raise BadInput(f"{file.path} can't be read as Parquet: {fault}") from None
    mapped = map_header(list(types), str(file.path))
    return Raw(relation, file, {column.file: column for column in mapped}, types, rows, stem)


def _stage_csv(writer: Writer, file: InputFile, relation: str, stem: str) -> Raw:
    text = read_csv_text(file, writer.staging, is_focus)
    mapped = map_header(text.header, str(file.path))
    names = [f"c{position}" for position in range(len(mapped))]
    expected, broken = text.records, list[BrokenRow]()
    if not text.regular or not _read(writer, text, names, relation):
        text, broken = rewrite(text, writer.staging / f"{relation}.csv")
        if text.records + len(broken) != expected or not _read(writer, text, names, relation):
            raise BadInput(f"{file.path} can't be read as CSV: two readings of it find different rows")
    columns = dict(zip(names, mapped, strict=True))
    return Raw(relation, file, columns, dict.fromkeys(names, "VARCHAR"), text.records, stem, broken, text.notes)


def _read(writer: Writer, text: CsvText, names: Sequence[str], relation: str) -> bool:
    """Whether DuckDB read exactly the records that a plain reading found."""
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    nulls = ", ".join(f"'{word}'" for word in ("", *NULL_WORDS))
    writer.execute(f"DROP TABLE IF EXISTS {relation}")
    try:
        writer.execute(
            f"CREATE TABLE {relation} AS SELECT * FROM read_csv({_text(str(text.path))}, auto_detect = false, "
            f"header = false, skip = {text.header_lines}, delim = {_text(text.delimiter)}, quote = '\"', "
            f"escape = '\"', columns = {{{columns}}}, nullstr = [{nulls}], max_line_size = {LONGEST_LINE_BYTES}, "
            f"buffer_size = {2 * LONGEST_LINE_BYTES})"
        )
    except BadInput:
        return False
    return int(writer.execute(f"SELECT count(*) FROM {relation}")[0][0]) == text.records


def _refuse_twins(raws: Sequence[Raw]) -> None:
    """`bill.csv` beside `bill.parquet` with as many rows is one bill exported twice."""
    seen: dict[tuple[Path, str, int], Raw] = {}
    for raw in raws:
        key = (raw.file.path.parent, raw.file.stem, raw.rows + len(raw.broken))
        twin = seen.setdefault(key, raw)
        if twin.file.format != raw.file.format and twin is not raw:
            raise BadInput(
                f"{twin.file.path} and {raw.file.path} look like one bill in two formats ({raw.rows} rows each); "
                "name one of them"
            )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
