"""From spans to a reading: which role each metric, dimension, name and number plays."""

from dataclasses import replace
from itertools import pairwise

from agent.planner.counts import read_numbers
from agent.planner.exclusions import excluded_spans
from agent.planner.fixed_values import EXCLUDED_METRICS
from agent.planner.lexicon import Lexicon
from agent.planner.metric_words import choose_metrics
from agent.planner.naming import TWINS, Choice, choose_names
from agent.planner.reading import Reading, Unclear
from agent.planner.senses import Names, Span
from agent.planner.text import Token, words
from tools.domain.scope import Filter

_TRANSPARENT = frozenset(
    ["filler", "rank", "most", "number", "names", "fixed", "metric", "total", "only", "average", "missing"]
)
_VERBS = words("did do does is was are were has have had")
_RATES = words(
    "CacheHitRate EffectiveSavingsRate EffectiveSavingsRateList CommitmentUtilization CommitmentCoverage TagCoverage "
    "AllocationCoverage Savings NegotiatedSavings"
)
"""Of these more is better: the worst is the lowest."""
_NULLED = "x_Team"
"""What untagged and unallocated mean when no dimension is named: without a team."""


def interpret(tokens: tuple[Token, ...], spans: list[Span], lexicon: Lexicon) -> Reading:
    """Give every span its role. Unknown words and open choices are collected, not guessed."""
    return _Interpreter(tokens, spans, lexicon).run()


class _Interpreter:
    def __init__(self, tokens: tuple[Token, ...], spans: list[Span], lexicon: Lexicon) -> None:
        self.lexicon, self.spans = lexicon, spans
        self.reading = Reading(tokens, spans, kinds={span.kind for span in spans})
        self.tag_coverage = False
        """"tagged", with no key named: the tagged share of cost."""
        self.used: set[int] = set()
        """Dimension spans that only say what kind of thing a name is."""

    def run(self) -> Reading:
        reading = self.reading
        reading.times = [span for span in self.spans if span.kind == "time"]
        reading.unknown = [span for span in self.spans if span.kind == "unknown"]
        self._drivers()
        self._resources()
        self._types()
        self._nulls()
        self._names()
        self._metrics()
        self._dimensions()
        read_numbers(self.reading)
        self._grains()
        self._ranks()
        return reading

    def _drivers(self) -> None:
        """ "what did we spend on" asks for drivers, unless a name follows."""
        for index, span in enumerate(self.spans):
            after = self.reading.next_said(index)
            named = after is not None and self.spans[after].kind in (
                "names",
                "fixed",
                "unknown",
                "metric",
                "dimension",
                "exclude",
                "time",
            )
            last = self.reading.tokens[span.end - 1].low
            if span.kind == "drivers" and named and last in ("on", "for", "costs", "cost"):
                self.reading.kinds.discard("drivers")

    def _resources(self) -> None:
        """A resource is named by whatever follows its word: not every resource is in the vocabulary."""
        for before, span in pairwise(self.spans):
            if span.kind == "unknown" and before.kind == "dimension" and before.value in ("ResourceName", "ResourceId"):
                tokens = self.reading.tokens[span.start : span.end]
                name = "".join(("" if i == 0 else token.glue) + token.text for i, token in enumerate(tokens))
                dimension = "ResourceId" if any(c.isdigit() for c in name) else before.value
                self._filter(Filter(dimension=dimension, values=(name,)))
                self.reading.unknown.remove(span)
                self.used.add(self.spans.index(before))

    def _types(self) -> None:
        """ "tokens by type" means by token type."""
        tokens = any(span.kind == "metric" and "Tokens" in span.value for span in self.spans)
        for index, span in enumerate(self.spans):
            if tokens and span.kind == "unknown" and self.reading.tokens[span.start].lemma == "type":
                self.spans[index] = replace(span, kind="dimension", value="x_TokenType")
                self.reading.unknown.remove(span)

    # names and filters ------------------------------------------------------------------------------------

    def _names(self) -> None:
        excluded = excluded_spans(self.spans)
        said = [span for span in self.spans if span.kind not in ("filler", "prep")]
        self.reading.excluded_time = any(a.kind == "exclude" and b.kind == "time" for a, b in pairwise(said))
        filters: dict[tuple[str, str], list[str]] = {}
        for index, span in enumerate(self.spans):
            for names in self._meant(index, span):
                operator = "not_in" if index in excluded else "in"
                values = filters.setdefault((names.dimension, operator), [])
                values += [value for value in names.values if value not in values]
                self.reading.names.append(names)
        for (dimension, operator), values in filters.items():
            self._filter(Filter(dimension=dimension, operator=operator, values=tuple(values)))  # type: ignore[arg-type]
        self._compared()

    def _meant(self, index: int, span: Span) -> tuple[Names, ...]:
        if span.kind == "fixed":
            dimension, _, values = span.value.partition("=")
            self._use_dimension_beside(index, dimension)
            spelled = [name for value in values.split(",") for name in self._spelled(dimension, value)]
            return (Names(dimension, tuple(spelled)),)
        if span.kind != "names":
            return ()
        beside = [self.spans[i].value for i in self._dimensions_beside(index)]
        choice: Choice = choose_names(span, beside, self.reading, self.lexicon)
        if choice.options:
            self.reading.unclear.append(Unclear(span, choice.options, "name"))
            return ()
        if choice.names is not None:
            self._use_dimension_beside(index, choice.names.dimension)
            return (choice.names,)
        return ()

    def _spelled(self, dimension: str, value: str) -> tuple[str, ...]:
        """The data's own spellings of a fixed value."""
        known = self.lexicon.values.get(dimension, ())
        wanted = value.replace("_", "").replace("-", "").lower()
        same = tuple(v for v in known if v.replace("_", "").replace("-", "").replace(" ", "").lower() == wanted)
        return same or (value,)

    def _dimensions_beside(self, index: int) -> list[int]:
        """Dimension words that say what kind of thing the name is: "team search", "the search team"."""
        found = []
        for step in (-1, 1):
            at = index + step
            while 0 <= at < len(self.spans) and self._is_between(index, at):
                at += step
            if 0 <= at < len(self.spans) and self.spans[at].kind == "dimension":
                found.append(at)
        return found

    def _is_between(self, index: int, at: int) -> bool:
        span = self.spans[at]
        if span.kind == "filler":
            return self.reading.tokens[span.start].low in ("called", "named", "the", "is", "are", "name")
        return span.kind in ("names", "fixed", "link") and at != index and self._is_list(index, at)

    def _is_list(self, index: int, at: int) -> bool:
        """Whether everything from the name to `at` is a list of names."""
        low, high = min(index, at), max(index, at)
        return all(span.kind in ("names", "fixed", "link") for span in self.spans[low : high + 1])

    def _use_dimension_beside(self, index: int, dimension: str) -> None:
        for at in self._dimensions_beside(index):
            said = self.spans[at].value
            said = next((first for first, second in TWINS if (said, dimension) == (second, first)), said)
            said = next((second for first, second in TWINS if (said, dimension) == (first, second)), said)
            models = dimension == "x_ModelDeveloper" and said == "x_Model"
            if (said == dimension or models) and not self._wants_breakdown(at):
                self.used.add(at)

    def _wants_breakdown(self, at: int) -> bool:
        """Whether the dimension word is asked for: by, which, top N, how many, list stand before it."""
        low = self.reading.tokens[self.spans[at].end - 1]
        passed_metric = False
        for back in range(at - 1, -1, -1):
            kind = self.spans[back].kind
            if kind == "filler" and self.reading.tokens[self.spans[back].start].low in _VERBS:
                return False
            if kind in ("by", "which", "count", "list"):
                return kind != "count" or not passed_metric
            passed_metric |= kind == "metric"
            if kind in ("rank", "most") and low.low != low.lemma:
                return True
            if kind not in _TRANSPARENT:
                return False
        return False

    def _compared(self) -> None:
        """Several names of one dimension that are set side by side are shown apart."""
        named: dict[str, int] = {}
        for names in self.reading.names:
            named[names.dimension] = named.get(names.dimension, 0) + 1
        several = [dimension for dimension, count in named.items() if count > 1]
        if not several or excluded_spans(self.spans) or self.reading.has("count"):
            return
        self.reading.compared_names = self.reading.has("compare", "baseline", "which", "breakdown", "rank", "most")
        by_others = any(span.kind in ("by", "grain") for span in self.spans)
        if self.reading.compared_names or not by_others:
            self._group(several[0])
            self.reading.implied_group = None if self.reading.compared_names else several[0]

    def _filter(self, filter_: Filter) -> None:
        for index, other in enumerate(self.reading.filters):
            if (other.dimension, other.operator) == (filter_.dimension, filter_.operator):
                values = tuple(dict.fromkeys((*other.values, *filter_.values)))
                self.reading.filters[index] = other.model_copy(update={"values": values})
                return
        self.reading.filters.append(filter_)

    def _nulls(self) -> None:
        """untagged · without a team · tagged with cost-centre."""
        for index, span in enumerate(self.spans):
            if span.kind not in ("missing", "exclude"):
                continue
            after = self.reading.next_said(index)
            broken_down = after is not None and any(one.kind == "by" for one in self.spans[index:after])
            named = after is not None and self.spans[after].kind == "dimension" and not broken_down
            dimension = after if named else None
            if span.kind == "exclude" and (dimension is None or not self._is_missing(index, dimension)):
                continue
            name = self.spans[dimension].value if dimension is not None else _NULLED
            if dimension is not None:
                self.used.add(dimension)
            if dimension is None and "tagged" in self.reading.text(span).lower():
                self.tag_coverage = True
                continue
            operator = "is_not_null" if span.value == "with" else "is_null"
            if self.reading.has("share"):
                self._group(name)
            else:
                self._filter(Filter(dimension=name, operator=operator))  # type: ignore[arg-type]

    def _is_missing(self, index: int, dimension: int) -> bool:
        """Whether "without a team" means that there is none, rather than "without team search"."""
        following = self.spans[dimension + 1].kind if dimension + 1 < len(self.spans) else "filler"
        before = self.spans[dimension - 1].kind
        return following not in ("names", "unknown") and before not in ("names", "fixed", "unknown")

    # metrics, dimensions, numbers --------------------------------------------------------------------------

    def _metrics(self) -> None:
        excluded = excluded_spans(self.spans)
        for index, span in enumerate(self.spans):
            if span.kind == "metric" and index in excluded and span.value in EXCLUDED_METRICS:
                left_out = EXCLUDED_METRICS[span.value]
                self._filter(Filter(dimension=left_out.dimension, operator="not_in", values=left_out.values))
        kept = [span for index, span in enumerate(self.spans) if span.kind != "metric" or index not in excluded]
        choose_metrics(kept, self.reading)
        if self.tag_coverage:
            self.reading.metrics = ["TagCoverage", *(m for m in self.reading.metrics if not self.reading.has("share"))]
            self.reading.kinds.discard("share")

    def _dimensions(self) -> None:
        for index, span in enumerate(self.spans):
            if span.kind != "dimension" or index in self.used:
                continue
            if self._follows(index, "count"):
                self.reading.counted = span.value
            token = self.reading.tokens[span.end - 1]
            self.reading.plural_group |= token.low != token.lemma
            if token.lemma in ("llm", "model") and self._is_object(index):
                self._filter(Filter(dimension=span.value, operator="is_not_null"))
                if token.lemma == "llm":
                    continue
            self._group(span.value)

    def _is_object(self, index: int) -> bool:
        """Whether it says what the money was for, as in "spend on LLMs" and "LLM spend"."""
        before = self.spans[index - 1].kind if index else ""
        after = self.spans[index + 1].kind if index + 1 < len(self.spans) else ""
        llm = self.reading.tokens[self.spans[index].start].lemma == "llm"
        return before == "prep" or (llm and after == "metric" and before not in ("by", "which", "rank", "number"))

    def _follows(self, index: int, kind: str) -> bool:
        for back in range(index - 1, -1, -1):
            if self.spans[back].kind == kind:
                return True
            if self.spans[back].kind not in ("filler", "names", "fixed"):
                return False
        return False

    def _group(self, dimension: str) -> None:
        if dimension not in self.reading.groups:
            self.reading.groups.append(dimension)

    def _grains(self) -> None:
        grains = [span for span in self.spans if span.kind == "grain"]
        if grains:
            self.reading.granularity = grains[0].value  # type: ignore[assignment]

    def _ranks(self) -> None:
        reading = self.reading
        ranks = [span for span in self.spans if span.kind in ("rank", "most")]
        if ranks:
            lowest = {"ascending", "worst" if _RATES & set(reading.metrics) else "best"}
            reading.order = "ascending" if any(span.value in lowest for span in ranks) else "descending"
        reading.currency = reading.value_of("currency")
