"""Which files a usage load means, and the SQL that reads them as one relation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.domain.errors import BadInput
from tools.domain.load import LoadedFile
from tools.ingest.paths import expand
from tools.store.engine import file_list
from tools.store.writer import Writer

Format = Literal["csv", "json", "parquet"]
ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
}
KNOWN_ENDINGS = ", ".join((*ENDINGS, "and .csv.gz, .tsv.gz, .jsonl.gz, .ndjson.gz, .json.gz"))
MAX_LINE_BYTES = 16 * 1024 * 1024
FILE_COLUMN = "outlay_file"


@dataclass(frozen=True)
class UsageFile:
    """A file to load, known by the digest of its bytes on disk."""

    path: Path
    format: Format
    size_bytes: int
    sha256: str

    def loaded(self) -> LoadedFile:
        return LoadedFile(name=self.path.name, size_bytes=self.size_bytes, sha256=self.sha256, stem=self.path.stem)


def find_usage_files(paths: Sequence[Path | str]) -> list[UsageFile]:
    """Every file that `paths` (files, folders, globs) mean, each content once, ordered by path.

    Raises BadInput when nothing is there, something can't be read, or a file is empty or of no known kind.
    """
    if not paths:
        raise BadInput("no file was named; name usage files, folders or globs")
    found = sorted({file.resolve() for path in paths for file in expand(path, _is_data, KNOWN_ENDINGS)})
    return list({one.sha256: one for one in map(_identify, reversed(found))}.values())[::-1]


def read_relation(writer: Writer, files: Sequence[UsageFile]) -> str:
    """A SELECT over all rows of the files, with the file's path in `outlay_file`.

    CSV cells are text; several formats in one load are all read as text.
    """
    selects = []
    by_format = {form: [one.path for one in files if one.format == form] for form in ("csv", "json", "parquet")}
    used = {form: paths for form, paths in by_format.items() if paths}
    for form, paths in used.items():
        select = f"SELECT * FROM {_reader(form, paths)}"
        if len(used) > 1:
            select = f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({select})"
        writer.execute(f"DESCRIBE {select}")
        selects.append(select)
    return " UNION ALL BY NAME ".join(selects)


def _reader(form: str, paths: Sequence[Path]) -> str:
    # Left to guess, the CSV reader skips leading lines that differ in width: rows would be lost without a word.
    named = f"union_by_name = true, filename = '{FILE_COLUMN}'"
    if form == "parquet":
        return f"read_parquet({file_list(paths)}, {named}, hive_partitioning = false)"
    if form == "csv":
        return (
            f"read_csv({file_list(paths)}, {named}, header = true, all_varchar = true, hive_partitioning = false, "
            f"max_line_size = {MAX_LINE_BYTES}, skip = 0, quote = '\"', escape = '\"', comment = '')"
        )
    return f"read_json({file_list(paths)}, {named}, sample_size = -1, maximum_object_size = {MAX_LINE_BYTES})"


def _is_data(name: str) -> bool:
    return _format_of(name) is not None


def _format_of(name: str) -> Format | None:
    return ENDINGS.get(Path(name.lower().removesuffix(".gz")).suffix)


def _identify(path: Path) -> UsageFile:
    form = _format_of(path.name)
    if form is None:
        raise BadInput(f"{path} is of no kind that is read here; the endings that are read are {KNOWN_ENDINGS}")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise BadInput(f"{path} can't be read: {fault.strerror}") from None
    if size == 0:
        raise BadInput(f"{path} is empty (0 bytes); export it again or leave it out")
    return UsageFile(path, form, size, digest)
