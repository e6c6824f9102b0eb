"""Where things lie in a store's folder.

CURRENT                      the number of the generation that readers get
LOCK                         held by the one writer
generations/00000012.json    a manifest: which segments, loads and facts make a generation
segments/<id>/               charges*.parquet, daily.parquet, vocabulary.parquet; never changed once named by a manifest
records/<id>.parquet         one source's records of a kind (budgets, events, …); never changes either
gpu/<id>/                    samples.parquet, hours.parquet: GPU samples of a source and their hourly rollup
quarantine/<load>.parquet    rows that a load kept out
staging/<id>/                a writer's workplace; what a crash leaves here is removed by the next writer
scoped/<digest>/             the same folders again, holding only the rows of one scope; made when somebody asks in it
"""

from dataclasses import dataclass
from pathlib import Path

from tools.domain.errors import StoreFault


@dataclass(frozen=True)
class Layout:
    """The paths of one store."""

    root: Path

    @property
    def current(self) -> Path:
        return self.root / "CURRENT"

    @property
    def lock(self) -> Path:
        return self.root / "LOCK"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    @property
    def segments(self) -> Path:
        return self.root / "segments"

    @property
    def records(self) -> Path:
        return self.root / "records"

    @property
    def gpu(self) -> Path:
        return self.root / "gpu"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def staging(self) -> Path:
        return self.root / "staging"

    @property
    def scopes(self) -> Path:
        return self.root / "scoped"

    def scoped(self, digest: str) -> "Layout":
        """The place of the rows of one scope."""
        return Layout(self.scopes / digest)

    def manifest(self, generation: int) -> Path:
        return self.generations / f"{generation:08d}.json"

    def vocabulary(self, generation: int) -> Path:
        return self.generations / f"{generation:08d}.vocabulary.parquet"

    def record_file(self, set_id: str) -> Path:
        return self.records / f"{set_id}.parquet"

    def create(self) -> None:
        """Make the folders. Raises StoreFault when the place can't be written."""
        try:
            for folder in (
                self.generations, self.segments, self.records, self.gpu, self.quarantine, self.staging
            ):  # fmt: skip
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise StoreFault(
                f"the store {self.root} can't be written: {fault.strerror}; choose another --home"
            ) from None

    def current_generation(self) -> int:
        """The generation that readers get; 0 for a store that was never written."""
        try:
            text = self.current.read_text(encoding="ascii")
        except FileNotFoundError:
            return 0
        except (OSError, UnicodeDecodeError) as fault:
            raise StoreFault(f"{self.current} can't be read: {fault}") from None
        if not text.strip().isdigit():
            raise StoreFault(
                f"{self.current} holds {text[:40]!r}, not the number of a generation; "
                f"write the newest number of {self.generations} into it"
            )
        return int(text)

    def known_generations(self) -> list[int]:
        """Numbers of the manifests on disk, rising."""
        if not self.generations.is_dir():
            return []
        return sorted(int(path.stem) for path in self.generations.glob("*.json") if path.stem.isdigit())
