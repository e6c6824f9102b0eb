"""The names that a question can use: metrics, dimensions, tags, and the values in the data that the asker may see."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.planner.lexicon import NAMED_DIMENSIONS
from tools.inform.vocabulary import dimensions, metrics, tags
from tools.registry import ToolContext
from tools.semantic.model import load_model

MOST_TAGS = 30


@dataclass(frozen=True)
class Name:
    """A name with what it names ("model", "metric", "tag"); `place` is its place among those, most costly first.

    `is_code`: one that people look up rather than say, such as a SKU or a resource's id.
    """

    text: str
    kind: str
    place: int
    is_code: bool = False


def known_names(context: ToolContext) -> tuple[Name, ...]:
    """Every name that has an answer inside the asker's scope, values before the words for them."""
    found = [*_values(context), *_words(context)]
    return tuple({(name.text.lower(), name.kind): name for name in reversed(found)}.values())[::-1]


def _values(context: ToolContext) -> Iterator[Name]:
    keys = [str(row[0]) for row in tags(context).rows][:MOST_TAGS]
    for dimension in (*NAMED_DIMENSIONS, *(f"tag:{key}" for key in keys)):
        label = load_model().dimension(dimension, context.store.columns).label
        for place, value in enumerate(context.store.values(dimension)):
            if value.strip():
                yield Name(value, label, place, _is_code(dimension))


def _is_code(dimension: str) -> bool:
    return dimension.endswith("Id") or dimension.startswith(("Sku", "Resource", "CommitmentDiscount"))


def _words(context: ToolContext) -> Iterator[Name]:
    for place, row in enumerate(metrics(context).rows):
        yield Name(str(row[1]), "metric", place)
    for place, row in enumerate(dimensions(context).rows):
        yield Name(str(row[1]), "dimension", place)
    for place, row in enumerate(tags(context).rows):
        yield Name(f"tag {row[0]}", "tag", place)
