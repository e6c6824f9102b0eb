"""Lexicon: the words that this store's questions are made of: metrics, dimensions, and the values in the data."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Protocol, cast

from agent.planner.aliases import aliases, column_keys
from agent.planner.fixed_values import fixed_phrases
from agent.planner.phrases import PhraseTable, phrase_table
from agent.planner.same_rows import SameRows, same_rows
from agent.planner.senses import Kind, Names
from agent.planner.text import key_of, tokenise, words
from tools.domain.model_usage import OWN_SOURCE
from tools.registry import CostReader
from tools.semantic.model import load_model

PROVIDER_DIMENSIONS = ("HostProviderName", "ServiceProviderName", "InvoiceIssuerName", "ServiceName", "PublisherName")
"""One name in several of these is one provider; the first one that has it is meant."""

NAMED_DIMENSIONS = (
    "HostProviderName", "ServiceProviderName", "InvoiceIssuerName", "x_Model", "x_ModelDeveloper", "x_Team",
    "x_Project", "x_Environment", "x_UseCase", "x_Customer", "x_Workload", "x_ServiceTier",
    "ServiceName", "ServiceCategory", "ServiceSubcategory", "RegionId", "RegionName", "SubAccountId", "SubAccountName",
    "BillingAccountId", "BillingAccountName", "ResourceType", "ResourceName", "ResourceId", "SkuId", "SkuMeter",
    "CommitmentDiscountType", "CommitmentDiscountName", "CommitmentDiscountId",
    "InvoiceId", "AvailabilityZone", "BillingCurrency", "x_Source", "x_CostBasis",
)  # fmt: skip
"""Dimensions whose values people say by name."""

_IN_PARTS = words(
    "x_Model x_Team x_Project x_UseCase x_Customer ServiceName HostProviderName ServiceProviderName RegionName "
    "ServiceSubcategory"
)
"""Dimensions whose values people shorten: "aldgate" for "Aldgate Bank", "claude" for every Claude model."""


_SPELLED = frozenset(["x_Model", "x_ModelDeveloper", "x_Customer", "x_Team", "x_Project"])
"""Dimensions whose values have no short names: Google the developer is not GCP."""


_PIECE, _FAMILY = re.compile(r"[a-z0-9]+"), re.compile(r"[a-z]{3,}(?=\d)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_PIECES, _FEW = 6, 300
"""Words of a name that are looked at; dimensions of more values are shortened only to beginnings and single words."""


class Wording(Protocol):
    """What people call a metric or a dimension."""

    @property
    def label(self) -> str: ...
    @property
    def synonyms(self) -> Sequence[str]: ...


class DimensionWording(Wording, Protocol):
    """A dimension's words have a plural."""

    @property
    def plural(self) -> str: ...


class Model(Protocol):
    """The part of the semantic model that holds words."""

    @property
    def metrics(self) -> Mapping[str, Wording]: ...
    @property
    def dimensions(self) -> Mapping[str, DimensionWording]: ...


class Values(Protocol):
    """The part of a CostReader that holds words."""

    @property
    def loaded_from(self) -> date | None: ...
    @property
    def loaded_through(self) -> date | None: ...
    def values(self, dimension: str) -> tuple[str, ...]: ...
    def tag_keys(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Lexicon:
    """Words → senses for one generation of one store."""

    phrases: PhraseTable
    labels: Mapping[str, str]
    plurals: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]
    """The known values by dimension, most costly first."""
    loaded_from: date | None = None
    loaded_through: date | None = None
    same: SameRows | None = None
    """Tells whether two readings of a name are the same charges; None: not known, so they are asked back."""

    metric_names: Callable[[], Iterable[str]] = tuple
    """Names of the business metrics that are loaded; asked only when a question may be about one."""

    @classmethod
    def of(cls, reader: CostReader) -> "Lexicon":
        """The lexicon of a pinned generation, with the words of knowledge/; the newest two are kept."""
        return _of(cast(Hashable, reader))

    @classmethod
    def build(cls, reader: Values, model: Model) -> "Lexicon":
        """Read the vocabulary of a store; the values themselves are indexed on first use."""
        values = {name: found for name in NAMED_DIMENSIONS if (found := reader.values(name))}
        tags = tuple(reader.tag_keys())[:200]
        values |= {f"tag:{key}": found for key in tags[:30] if (found := reader.values(f"tag:{key}"))}
        rows = _model_rows(model) + [(phrase, "fixed", f"{dim}={value}") for phrase, dim, value in fixed_phrases()]
        rows += [(f"tag {key}", "dimension", f"tag:{key}") for key in tags]
        rows += [(f"{key} tag", "dimension", f"tag:{key}") for key in tags]
        rows = _without_tag_keys(rows, tags)
        taken = {key_of(phrase) for phrase, kind, _ in rows if kind == "dimension"}
        rows += [(key, "dimension", f"tag:{key}") for key in tags if len(key) > 2 and key_of(key) not in taken]
        rows += [
            (spaced, "dimension", f"tag:{key}")
            for key in tags
            if (spaced := _CAMEL.sub(" ", key)) != key and key_of(key) not in taken
        ]
        labels = {name: wording.label for name, wording in model.metrics.items()}
        labels |= {name: wording.label for name, wording in model.dimensions.items()}
        plurals = {name: wording.plural or f"{wording.label}s" for name, wording in model.dimensions.items()}
        labels |= {f"tag:{key}": f"{key} tag" for key in tags}
        return cls(phrase_table(rows), labels, plurals, values, reader.loaded_from, reader.loaded_through)

    @cached_property
    def business(self) -> tuple[str, ...]:
        """The business metrics that are loaded."""
        return tuple(sorted(set(self.metric_names())))

    @cached_property
    def keys(self) -> dict[str, list[Names]]:
        """Values by their key; the same name in several dimensions has several entries."""
        table: dict[str, list[Names]] = defaultdict(list)
        same = aliases()
        for dimension, values in self.values.items():
            by_key: dict[str, list[str]] = defaultdict(list)
            for value in values:
                key = key_of(value)
                for name in {key, *same.get(key, ())} if dimension not in _SPELLED else (key,):
                    by_key[name].append(value)
            for key, named in by_key.items():
                exact = tuple(value for value in named if key_of(value) == key)
                alone = exact and dimension.startswith("x_") and len(exact[0]) == max(len(value) for value in named)
                table[key].append(Names(dimension, exact if alone else tuple(named)))
        table.pop("", None)
        return dict(table)

    @cached_property
    def parts(self) -> dict[str, list[Names]]:
        """Values by each run of words in their name, and by the letters that a word begins with: qwen for qwen3."""
        table: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for dimension, values in self.values.items():
            if dimension in _IN_PARTS:
                words_at_once = _MOST_PIECES if len(values) <= _FEW else 1
                for value in values:
                    for part in _parts(value, words_at_once):
                        table[part][dimension].append(value)
        return {
            part: [Names(dimension, tuple(named), exact=False) for dimension, named in by_dimension.items()]
            for part, by_dimension in table.items()
        }

    @cached_property
    def spoken(self) -> frozenset[tuple[str, ...]]:
        """The phrases, as lemmas, that name a metric or dimension."""
        return frozenset(
            lemmas
            for entries in self.phrases.values()
            for lemmas, kind, _ in entries
            if kind in ("metric", "dimension")
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """Single words of metrics and dimensions, for typing errors."""
        return frozenset(lemmas[0] for entries in self.phrases.values() for lemmas, _, _ in entries if len(lemmas) == 1)

    def label(self, name: str) -> str:
        """What people call a metric or dimension."""
        return self.labels.get(name, name.removeprefix("x_").removeprefix("tag:"))

    def plural(self, dimension: str) -> str:
        return self.plurals.get(dimension, self.label(dimension) + "s")

    @property
    def default_dimension(self) -> str:
        """What a breakdown shows when the question names none: services, or models where there is one service."""
        for dimension in ("ServiceName", "x_Model", "HostProviderName", "x_Team", "ServiceCategory"):
            if len(self.values.get(dimension, ())) > 1:
                return dimension
        return "ServiceName"


@lru_cache(maxsize=2)
def _of(reader: Hashable) -> Lexicon:
    store = cast(CostReader, reader)
    names = lambda: [one.metric for one in store.records("metrics")]  # noqa: E731
    lexicon = replace(Lexicon.build(store, load_model()), same=same_rows(store), metric_names=names)
    if OWN_SOURCE not in store.sources:
        return lexicon
    return replace(lexicon, values={**lexicon.values, "x_Source": (OWN_SOURCE,)})


def _model_rows(model: Model) -> list[tuple[str, Kind, str]]:
    rows: list[tuple[str, Kind, str]] = []
    for name, wording in model.metrics.items():
        rows += [(phrase, "metric", name) for phrase in (name, wording.label, *wording.synonyms)]
    for name, dimension in model.dimensions.items():
        phrases = (name, name.removeprefix("x_"), dimension.label, dimension.plural, *dimension.synonyms)
        rows += [(phrase, "dimension", name) for phrase in phrases if phrase]
    return rows


def _singular(phrase: str) -> str:
    return key_of("".join(token.lemma for token in tokenise(phrase)))


def _without_tag_keys(rows: list[tuple[str, Kind, str]], tags: tuple[str, ...]) -> list[tuple[str, Kind, str]]:
    """A synonym that is the key of a tag of its own means the tag: "business unit", but not "team"."""
    own = {key_of(key) for key in tags} - column_keys()
    return [
        (phrase, kind, name)
        for phrase, kind, name in rows
        if kind != "dimension" or not name.startswith("x_") or _singular(phrase) not in own
    ]


def _parts(value: str, words_at_once: int) -> set[str]:
    pieces = _PIECE.findall(value.lower())[:_MOST_PIECES]
    count = len(pieces)
    runs = {"".join(pieces[i:j]) for i in range(count) for j in range(i + 1, min(i + words_at_once, count) + 1)}
    starts = {"".join(pieces[:end]) for end in range(1, count)}
    families = {match.group() for piece in pieces if (match := _FAMILY.match(piece))}
    return {part for part in runs | starts | families if len(part) >= 3 and not part.isdecimal()}
