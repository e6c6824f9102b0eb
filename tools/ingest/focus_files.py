"""Which files a load means: paths, folders and globs → files, known by their content."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tools.domain.errors import BadInput
from tools.ingest.paths import expand

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".pq", ".tsv", ".tsv.gz")
Format = Literal["csv", "csv.gz", "parquet"]
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """A file to load. `sha256` and `size_bytes` are of the bytes on disk; `content` is of what gzip holds inside."""

    path: Path
    format: Format
    size_bytes: int
    sha256: str
    content: str
    copies: tuple[str, ...] = ()
    """Names of other files of the load with the same content, which are not read again."""

    @property
    def stem(self) -> str:
        """The file's name without its endings."""
        return self.path.name.split(".", 1)[0] or self.path.name


def find_files(paths: Sequence[Path | str]) -> list[InputFile]:
    """Every file that `paths` mean, each content once, ordered by path.

    Folders are walked; in them only the endings of `SUFFIXES` count. A path with `*`, `?` or `[` is a glob.

    Raises:
        BadInput: nothing is there, a folder or file can't be read, or a file is empty.
    """
    if not paths:
        raise BadInput("no file was named; name FOCUS files, folders or globs")
    found = dict.fromkeys(file.resolve() for path in paths for file in expand(path, _is_data, ", ".join(SUFFIXES)))
    inputs = [_identify(path) for path in sorted(found)]
    once: dict[str, InputFile] = {}
    for file in inputs:
        first = once.setdefault(file.content, file)
        if first is not file:
            once[file.content] = replace(first, copies=(*first.copies, file.path.name))
    return list(once.values())


def _is_data(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _identify(path: Path) -> InputFile:
    try:
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(0)
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except OSError as fault:
        raise BadInput(f"{path} can't be read: {fault.strerror}") from None
    if size == 0:
        raise BadInput(f"{path} is empty (0 bytes); export it again or leave it out")
    form: Format = "parquet" if head == b"PAR1" else "csv.gz" if head[:2] == b"\x1f\x8b" else "csv"
    if form != "parquet" and path.name.lower().endswith((".parquet", ".pq")):
        raise BadInput(f"{path} is not a Parquet file (it does not begin with PAR1); export it again")
    content = _gzip_content(path) if form == "csv.gz" else digest.hexdigest()
    return InputFile(path, form, size, digest.hexdigest(), content)


def _gzip_content(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in gunzip(path):
        digest.update(chunk)
    return digest.hexdigest()


def gunzip(path: Path) -> Iterator[bytes]:
    """The bytes inside. Raises BadInput when the archive is damaged or cut off."""
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise BadInput(f"{path} is a damaged gzip file ({fault}); copy or export it again") from None
