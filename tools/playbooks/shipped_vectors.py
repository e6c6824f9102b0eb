"""Vectors of the shipped playbooks' chunks, made beforehand: a first question need not wait for two thousand of them.

`python -m evals.playbooks.vectors` writes the file anew after a playbook has changed; what it lacks is embedded on use.
"""

from importlib.resources import as_file, files

FILE = "playbooks_vectors.npz"


def shipped_vectors(embedding: str) -> dict[str, list[float]]:
    """Vectors by chunk id; none where the file was made by another embedding."""
    import numpy as np

    with as_file(files("knowledge").joinpath(FILE)) as path, np.load(path, allow_pickle=False) as held:
        if str(held["embedding"]) != embedding:
            return {}
        vectors = held["vectors"].astype(np.float32)
        return {str(key): [float(x) for x in row] for key, row in zip(held["ids"], vectors, strict=True)}
