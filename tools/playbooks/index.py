"""The index on disk: one folder for each set of texts, built aside and renamed, so that no process sees half of one.

Chroma keeps the vectors. They are compared here, all of them: its HNSW graph gave other neighbours in one process than
in the next, and an answer has to come out the same when it is verified. Chroma's embedded client may be opened by one
process at a time only (a second one waits on SQLite for up to 1,000 s, chroma-core/chroma#7040), so that it is open
under a file lock and no longer than it takes to read; a folder never changes once it is there.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from tools.playbooks.chunks import Aspect, Chunk
from tools.playbooks.embedding import Embedding

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]

LOCK_PATIENCE_SECONDS = 120.0
KEPT_INDEXES = 2
"""The current one, and the one before, whose vectors the next one takes over."""
_COLLECTION = "passages"
_BATCH = 500

Nearness = dict[int, dict[Aspect, float]]
"""By section and aspect, from -1 to 1."""


class IndexUnusable(Exception):
    """The index can't be built or read; the message says why."""


class DenseIndex:
    """Vectors of every chunk below `folder`, made when they are first needed and again when the texts change."""

    def __init__(
        self, folder: Path, embedding: Embedding, known: Callable[[], Mapping[str, list[float]]] = dict
    ) -> None:
        """`known` gives vectors by chunk id that were made beforehand; it is asked when an index is built."""
        self._folder, self._embedding, self._known = folder, embedding, known
        self._read: tuple[str, Matrix] | None = None

    def nearness(self, chunks: Sequence[Chunk], forms: Sequence[str]) -> Nearness:
        """For each section its best cosine similarity by aspect, as a mean over the forms of the question.

        Raises:
            IndexUnusable: the folder can't be written or read, or another process holds its lock for too long.
        """
        import numpy as np

        near = self._matrix(chunks) @ _unit(np.array(self._embedding.embed(forms), dtype=np.float32)).T
        places: dict[tuple[int, Aspect], int] = {}
        of_chunk = [places.setdefault((chunk.position, chunk.aspect), len(places)) for chunk in chunks]
        best = np.full((len(places), len(forms)), -1.0, dtype=np.float32)
        np.maximum.at(best, of_chunk, near)
        total: Nearness = {}
        for (position, aspect), value in zip(places, best.mean(axis=1).tolist(), strict=True):
            total.setdefault(position, {})[aspect] = value
        return total

    def _matrix(self, chunks: Sequence[Chunk]) -> "Matrix":
        """The chunks' vectors in their order, kept in memory until the texts change."""
        digest = self._digest(chunks)
        if self._read is None or self._read[0] != digest:
            with self._locked():
                if not (self._folder / digest).exists():
                    self._build(digest, chunks)
                self._read = digest, _vectors_in(self._folder / digest, chunks)
        return self._read[1]

    def _build(self, digest: str, chunks: Sequence[Chunk]) -> None:
        aside = self._folder / f".building-{uuid4().hex}"
        known = {**self._known(), **self._vectors_before()}
        with closing(_client(aside)) as client:
            collection = client.create_collection(_COLLECTION, embedding_function=None)
            for start in range(0, len(chunks), _BATCH):
                batch = chunks[start : start + _BATCH]
                vectors = [known.get(c.id) or self._embedding.embed([c.text])[0] for c in batch]
                collection.add(ids=[c.id for c in batch], embeddings=vectors)  # type: ignore[arg-type]
        aside.rename(self._folder / digest)
        self._clear(digest)

    def _vectors_before(self) -> dict[str, list[float]]:
        """Vectors that the index before this one has already: adding a document embeds that document only."""
        before = _newest_first(self._folder, self._prefix)
        return {key: [float(x) for x in row] for key, row in _held_in(before[0]).items()} if before else {}

    def _clear(self, digest: str) -> None:
        """Remove what killed builds left, and all but the newest indexes."""
        kept = {self._folder / digest, *_newest_first(self._folder, self._prefix)[:KEPT_INDEXES]}
        for path in self._folder.iterdir():
            if path.is_dir() and path not in kept:
                shutil.rmtree(path, ignore_errors=True)

    @property
    def _prefix(self) -> str:
        return hashlib.sha256(self._embedding.name.encode()).hexdigest()[:8]

    def _digest(self, chunks: Sequence[Chunk]) -> str:
        ids = "\n".join(chunk.id for chunk in chunks)
        return f"{self._prefix}-{hashlib.sha256(ids.encode()).hexdigest()[:24]}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock", timeout=LOCK_PATIENCE_SECONDS):
                yield
        except Timeout:
            raise IndexUnusable(f"another process has held {self._folder / 'lock'} for too long") from None
        except OSError as fault:
            raise IndexUnusable(f"the index can't be kept in {self._folder}: {fault.strerror or fault}") from fault


def _vectors_in(folder: Path, chunks: Sequence[Chunk]) -> "Matrix":
    import numpy as np

    held = _held_in(folder)
    if any(chunk.id not in held for chunk in chunks):
        raise IndexUnusable(f"the index in {folder} lacks vectors; remove the folder, and it is built again")
    return _unit(np.array([held[chunk.id] for chunk in chunks], dtype=np.float32))


def _held_in(folder: Path) -> "dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]]":
    import numpy as np

    try:
        with closing(_client(folder)) as client:
            got = client.get_collection(_COLLECTION, embedding_function=None).get(include=["embeddings"])
    except Exception as fault:
        # Chroma's bindings raise types of their own, which are not documented.
        raise IndexUnusable(
            f"the index in {folder} can't be read ({fault}); remove the folder, and it is built again"
        ) from fault
    vectors = [] if got["embeddings"] is None else got["embeddings"]
    return {key: np.array(row, dtype=np.float32) for key, row in zip(got["ids"], vectors, strict=True)}


def _unit(matrix: "Matrix") -> "Matrix":
    import numpy as np

    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit: Matrix = (matrix / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit


def _newest_first(folder: Path, prefix: str) -> list[Path]:
    return sorted(folder.glob(f"{prefix}-*"), key=lambda path: path.stat().st_mtime, reverse=True)


def _client(folder: Path) -> "Client":
    """An embedded Chroma over a folder: nothing is sent anywhere."""
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    if not isinstance(client, Client):
        raise IndexUnusable(f"chromadb gave a {type(client).__name__}, which is not an embedded client")
    return client
