"""Files of GPU samples → relations in the writer's staging area, one for each source."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tools.domain.errors import BadInput
from tools.ingest.usage_files import FILE_COLUMN, MAX_LINE_BYTES, UsageFile, read_relation
from tools.store.engine import text
from tools.store.writer import Writer

BROKEN = "gpu_broken_lines"


@dataclass(frozen=True)
class GpuFiles:
    """Files that are one source. `relation` has their rows; `parquet` are the files when all of them are Parquet."""

    source: str
    relation: str
    files: tuple[UsageFile, ...]
    rows: int
    broken: int
    """Lines that can't be split into the header's columns; they stand in the table `gpu_broken_lines`."""

    @property
    def parquet(self) -> bool:
        return all(one.format == "parquet" for one in self.files)


def stage_gpu_files(writer: Writer, files: Sequence[UsageFile], source: str | None) -> list[GpuFiles]:
    """Stage each source's files: Parquet stays where it is, text is read once. A file is a source named after itself
    unless `source` names one for all; files of one name in several folders are one source."""
    groups: dict[str, list[UsageFile]] = defaultdict(list)
    for one in files:
        groups[source or one.path.name.split(".")[0]].append(one)
    writer.execute(f"CREATE OR REPLACE TABLE {BROKEN} (file VARCHAR, reason VARCHAR, line VARCHAR)")
    return [_stage(writer, name, own, number) for number, (name, own) in enumerate(groups.items())]


def _stage(writer: Writer, source: str, files: Sequence[UsageFile], number: int) -> GpuFiles:
    parts = []
    before = _broken(writer)
    for place, one in enumerate(one for one in files if one.format == "csv"):
        table = f"gpu_text_{number}_{place}"
        _read_csv(writer, one, table)
        parts.append(f"SELECT * FROM {table}")
    others = [one for one in files if one.format != "csv"]
    if others:
        parts.append(f"SELECT * FROM ({read_relation(writer, others)})")
    if len(parts) > 1 and others:
        parts = [f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({one})" for one in parts]
    relation = " UNION ALL BY NAME ".join(parts)
    rows = int(writer.execute(f"SELECT count(*) FROM ({relation})")[0][0])
    return GpuFiles(source, relation, tuple(files), rows, _broken(writer) - before)


def _read_csv(writer: Writer, file: UsageFile, table: str) -> None:
    """All cells as text; lines with more or fewer cells than the header are kept aside."""
    writer.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    writer.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv({text(str(file.path))}, "
        f"filename = '{FILE_COLUMN}', header = true, all_varchar = true, hive_partitioning = false, skip = 0, "
        f"quote = '\"', escape = '\"', comment = '', max_line_size = {MAX_LINE_BYTES}, store_rejects = true)"
    )
    _refuse_unsplit(writer, file, table)
    writer.execute(
        f"INSERT INTO {BROKEN} SELECT {text(file.path.name)}, 'the line has more or fewer cells than the header', "
        "any_value(csv_line) FROM reject_errors GROUP BY line"
    )


def _refuse_unsplit(writer: Writer, file: UsageFile, table: str) -> None:
    """Raises BadInput for a file whose lines could not be split at all, so that its header became one column."""
    names = [name for name in writer.columns_of(table) if name != FILE_COLUMN]
    if len(names) == 1 and any(mark in names[0] for mark in ",;\t|"):
        raise BadInput(
            f"{file.path} can't be split into the columns {names[0]}: a quoted field never ends, or a quote inside one "
            "is not doubled; the file may be cut off"
        )


def _broken(writer: Writer) -> int:
    return int(writer.execute(f"SELECT count(*) FROM {BROKEN}")[0][0])
