"""A company's own documents: kept as text in one file of the home, replaced atomically."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tools.domain.errors import BadInput, StoreFault
from tools.ingest.paths import expand
from tools.playbooks.document import Document, parse_document
from tools.playbooks.extract import READERS, extract_text
from tools.store.durable import write_durably

FOLDER = "company"
LOCK_PATIENCE_SECONDS = 60.0


class KeptDocument(BaseModel):
    """A document as it is kept: `text` is Markdown, `sha256` that of the file it came from."""

    model_config = ConfigDict(frozen=True)

    name: str
    text: str
    sha256: str
    added: date


class _Kept(BaseModel):
    version: int = 1
    documents: tuple[KeptDocument, ...] = ()


class Added(BaseModel):
    """What one call of `add` did, by name."""

    model_config = ConfigDict(frozen=True)

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]
    passages: int


class CompanyDocuments:
    """The documents below a folder; nothing is there until the first is added."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / "documents.json"

    def add(self, paths: Sequence[str | Path], *, on: date) -> Added:
        """Add files, or all files of folders; a name that is there already is replaced. All of them, or none.

        A file's name is its own, within a folder its path below the folder.

        Raises:
            BadInput: a path is not there, can't be read, or two of them have one name; nothing is added then.
            StoreFault: the documents can't be kept.
        """
        given = _named(paths)
        read = [_kept(name, path, on) for name, path in given.items()]
        with self._locked():
            before = {document.name: document for document in self.kept()}
            after = before | {document.name: document for document in read}
            self._write(after)
        same = [one.name for one in read if one.name in before and before[one.name].sha256 == one.sha256]
        return Added(
            added=tuple(one.name for one in read if one.name not in before),
            replaced=tuple(one.name for one in read if one.name in before and one.name not in same),
            unchanged=tuple(same),
            passages=sum(len(document_of(one).sections) for one in read),
        )

    def remove(self, name: str) -> None:
        """Raises BadInput when no document has the name, StoreFault when the rest can't be kept."""
        with self._locked():
            kept = {document.name: document for document in self.kept()}
            if name not in kept:
                known = ", ".join(sorted(kept)) or "no documents yet; outlay knowledge add PATH adds one"
                raise BadInput(f"no document is called {name!r}; there are {known}")
            del kept[name]
            self._write(kept)

    def kept(self) -> tuple[KeptDocument, ...]:
        """What is kept, by name. Raises StoreFault when the file is damaged."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as fault:
            raise StoreFault(f"{self._path} can't be read: {fault}") from None
        try:
            return _Kept.model_validate_json(text).documents
        except ValidationError:
            raise StoreFault(
                f"{self._path} is damaged; move it away, and add the documents again with outlay knowledge add PATH"
            ) from None

    def _write(self, documents: Mapping[str, KeptDocument]) -> None:
        ordered = [documents[name].model_dump(mode="json") for name in sorted(documents)]
        data = json.dumps({"version": 1, "documents": ordered}, ensure_ascii=False, indent=1)
        write_durably(self._path, data.encode("utf-8"))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "documents.lock", timeout=LOCK_PATIENCE_SECONDS):
                yield
        except Timeout:
            raise StoreFault(f"another process has held {self._folder / 'documents.lock'} for too long") from None
        except OSError as fault:
            raise StoreFault(f"documents can't be kept in {self._folder}: {fault.strerror or fault}") from None


def _named(paths: Sequence[str | Path]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for given in paths:
        root = Path(given).expanduser()
        for file in expand(given, _is_readable, ", ".join(READERS)):
            name = file.relative_to(root).as_posix() if root.is_dir() else file.name
            if name in named and named[name].resolve() != file.resolve():
                raise BadInput(f"{named[name]} and {file} would both be called {name}; rename one, or add their folder")
            named[name] = file
    return named


def _is_readable(name: str) -> bool:
    return Path(name).suffix.lower() in READERS


def _kept(name: str, path: Path, on: date) -> KeptDocument:
    text = extract_text(path)
    kept = KeptDocument(name=name, text=text, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), added=on)
    if not document_of(kept).sections:
        raise BadInput(f"{path} has headings but nothing under them")
    return kept


def document_of(kept: KeptDocument) -> Document:
    """A company's front matter is its own: only the title is taken from it."""
    return parse_document(f"{FOLDER}/{kept.name}", kept.text, title=Path(kept.name).stem, kind="company")
