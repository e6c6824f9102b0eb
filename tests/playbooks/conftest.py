from collections.abc import Sequence

from tools.playbooks.embedding import Embedding, WeightsUnusable


class FakeEmbedding:
    """One axis for each of a few words, so that a test can foresee what is near; remembers what it embeds."""

    WORDS = ("spot", "risk", "cache", "idle", "tag", "policy", "bedrock", "night", "quota")

    def __init__(self, name: str = "fake-1") -> None:
        self.name, self.texts = name, list[str]()

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts += texts
        return [[float(text.lower().count(word)) for word in self.WORDS] + [0.01] for text in texts]


def no_weights() -> Embedding:
    raise WeightsUnusable("model.onnx is not the pinned file: its digest differs")
