"""Prompts and word lists: text files, read through one typed loader."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Prompt:
    """A prompt's text, with the digest that a run records."""

    name: str
    text: str
    digest: str
    """The first 12 hex digits of the text's SHA-256."""

    def fill(self, **values: str) -> str:
        """The text with each `$name$` replaced. Raises KeyError for a value that the text has no place for."""
        text = self.text
        for name, value in values.items():
            if f"${name}$" not in text:
                raise KeyError(f"prompt {self.name} has no place for {name}")
            text = text.replace(f"${name}$", value)
        return text


@cache
def load(name: str) -> Prompt:
    """The prompt `<name>.md`. Raises FileNotFoundError when there is none."""
    text = files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    return Prompt(name, text, hashlib.sha256(text.encode()).hexdigest()[:12])


@cache
def plain_words() -> frozenset[str]:
    """Words that may stand in a draft outside placeholders: none of them states a fact."""
    lines = files(__name__).joinpath("plain_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
