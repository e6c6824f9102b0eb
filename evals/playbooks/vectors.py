"""`python -m evals.playbooks.vectors`: embeds every chunk of the shipped playbooks and writes the file that ships."""

import numpy as np

from evals.paths import CHECKOUT
from tools.playbooks.chunks import corpus_of
from tools.playbooks.embedding import MiniLm
from tools.playbooks.shipped import shipped_documents
from tools.playbooks.shipped_vectors import FILE


def main() -> None:
    """Half precision: it moves a similarity by less than a thousandth, and halves the file."""
    embedding, chunks = MiniLm.load(), corpus_of(shipped_documents()).chunks
    vectors = np.array(embedding.embed([chunk.text for chunk in chunks]), dtype=np.float16)
    path = CHECKOUT / "knowledge" / FILE
    np.savez_compressed(path, embedding=embedding.name, ids=[chunk.id for chunk in chunks], vectors=vectors)
    print(f"{len(chunks)} vectors, {path.stat().st_size / 1e6:.1f} MB, {path.name}")


if __name__ == "__main__":
    main()
