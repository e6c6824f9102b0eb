"""SemanticModel: the metrics and dimensions of knowledge/, by name and by people's words.

`load_model()` reads them once per process (some 15 ms); nothing else validates them again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel

import knowledge
from tools.domain.errors import UnknownName
from tools.semantic.dimension import Dimension, column_dimension, generic_dimension
from tools.semantic.metric import Metric

Named = TypeVar("Named", Metric, Dimension)


@dataclass(frozen=True)
class SemanticModel:
    """What can be asked for; keys are the names in FOCUS spelling."""

    metrics: Mapping[str, Metric]
    dimensions: Mapping[str, Dimension]
    metric_words: Mapping[str, str]
    """People's words, labels and names in lower case → metric name."""
    dimension_words: Mapping[str, str]

    def metric(self, name: str) -> Metric:
        """The metric of that name, in any case, or of that word. Raises UnknownName."""
        found = self.metrics.get(name) or self.metrics.get(self.metric_words.get(name.lower().strip(), ""))
        if found is None:
            raise UnknownName("metric", name, tuple(self.metrics))
        return found

    def dimension(self, name: str, columns: Iterable[str] = ()) -> Dimension:
        """The dimension of that name or word: a declared one, `tag:KEY`, or one of the store's own `columns`.

        Raises UnknownName.
        """
        found = self.dimensions.get(name) or generic_dimension(name)
        if found is None:
            own = {column.lower(): column for column in columns if column.startswith("x_")}
            word = name.lower().strip()
            if word in self.dimension_words:
                return self.dimensions[self.dimension_words[word]]
            if word in own:
                return column_dimension(own[word])
            raise UnknownName("dimension", name, tuple(dict.fromkeys((*self.dimensions, *own.values(), "tag:KEY"))))
        return found


@cache
def load_model() -> SemanticModel:
    """The model of this installation. Raises ValueError when a file of knowledge/ contradicts itself."""
    metrics = _named("metrics.yaml", Metric)
    dimensions = _named("dimensions.yaml", Dimension)
    return SemanticModel(
        metrics=MappingProxyType(metrics),
        dimensions=MappingProxyType(dimensions),
        metric_words=_words(metrics.values()),
        dimension_words=_words(dimensions.values(), plurals=True),
    )


def _named(file: str, kind: type[Named]) -> dict[str, Named]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is eight times as fast, where libyaml is there
    entries: list[dict[str, Any]] = yaml.load(knowledge.read(file), Loader=loader)
    model: type[BaseModel] = kind
    found = {entry["name"]: model.model_validate(entry) for entry in entries}
    if len(found) != len(entries):
        raise ValueError(f"{file} declares a name twice")
    return found  # type: ignore[return-value]


def _words(named: Iterable[Metric | Dimension], *, plurals: bool = False) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for entry in named:
        plural = (entry.plural,) if plurals and isinstance(entry, Dimension) else ()
        for word in (entry.name, entry.label, *plural, *entry.synonyms):
            if words.setdefault(word.lower(), entry.name) != entry.name:
                raise ValueError(f"{word!r} means both {words[word.lower()]} and {entry.name}")
    return MappingProxyType(words)
