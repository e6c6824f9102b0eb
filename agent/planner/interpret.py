"""From spans to a reading: which role each metric, dimension, name and number plays."""

from dataclasses import replace
from itertools import pairwise

from agent.planner.asides import stray_asides
from agent.planner.counts import read_numbers
from agent.planner.exclusions import excluded_spans
from agent.planner.fixed_values import EXCLUDED_METRICS
from agent.planner.lexicon import PROVIDER_DIMENSIONS, Lexicon
from agent.planner.metric_words import choose_metrics
from agent.planner.naming import TWINS, Choice, choose_names
from agent.planner.reading import COSTS, Reading, Unclear
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
_BINDING = words("x_Team x_Project x_Customer x_UseCase")
"""Dimensions whose word, beside a name, says that the name is one of them: "team search" is no service."""
_PROVIDERS = frozenset(PROVIDER_DIMENSIONS) | {"x_ModelDeveloper"}
_TOKEN_KINDS = {
    "x_TokenType=input,cached_input,cache_write": "InputTokens",
    "x_TokenType=output,reasoning": "OutputTokens",
    "x_TokenType=cached_input": "CachedInputTokens",
    "x_TokenType=reasoning": "ReasoningTokens",
}
"""The metric that counts tokens of a kind."""
_NONE = words("no missing without lacks lacking not isnt arent non") | {
    "with no",
    "had no",
    "has no",
    "have no",
    "not by",
}
"""Exclusions that, before the word of a dimension, mean that it is not set: "without a team", not "except teams"."""
_NULLED = "x_Team"
"""What untagged and unallocated mean when no dimension is named: without a team."""


def _is_named(filter_: Filter, span: Span) -> bool:
    """Whether the filter is what the span names."""
    if span.kind == "fixed":
        return filter_.dimension == span.value.partition("=")[0]
    return any(n.dimension == filter_.dimension and set(n.values) <= set(filter_.values) for n in span.names)


def _excluded_dimensions(span: Span) -> set[str]:
    """The dimensions that a span under an exclusion may filter."""
    if span.kind == "metric" and span.value in EXCLUDED_METRICS:
        return {EXCLUDED_METRICS[span.value].dimension}
    if span.kind == "fixed":
        return {span.value.partition("=")[0]}
    return {names.dimension for names in span.names}


def interpret(tokens: tuple[Token, ...], spans: list[Span], lexicon: Lexicon) -> Reading:
    """Give every span its role. Unknown words and open choices are collected, not guessed."""
    return _Interpreter(tokens, spans, lexicon).run()


class _Interpreter:
    def __init__(self, tokens: tuple[Token, ...], spans: list[Span], lexicon: Lexicon) -> None:
        self.lexicon, self.spans = lexicon, spans
        self.reading = Reading(tokens, spans, kinds={span.kind for span in spans})
        self.listed: list[Span] = []
        """Metric spans that a list of token kinds stands for."""
        self.tag_coverage = False
        """"tagged", with no key named: the tagged share of cost."""
        self.used: set[int] = set()
        """Dimension spans that only say what kind of thing a name is."""

    def run(self) -> Reading:
        reading = self.reading
        reading.times = [span for span in self.spans if span.kind == "time"]
        reading.unknown = [span for span in self.spans if span.kind == "unknown"]
        reading.unknown += stray_asides(reading)
        self._list_costs()
        self._token_kinds()
        self._drivers()
        self._resources()
        self._types()
        self._percentages()
        self._nulls()
        self._names()
        self._metrics()
        self._dimensions()
        read_numbers(self.reading)
        self._grains()
        self._ranks()
        return reading

    def _list_costs(self) -> None:
        """ "list price vs effective cost": list prices beside a cost are what usage would have cost at them."""
        for index, span in enumerate(self.spans):
            text = self.reading.text(span).lower()
            if span.kind != "price" or not text.startswith(("list price", "sticker price", "public price")):
                continue
            for step in (-1, 1):
                at = index + step
                while 0 <= at < len(self.spans) and self.spans[at].kind in ("link", "baseline", "filler", "compare"):
                    at += step
                beside = self.spans[at] if 0 <= at < len(self.spans) and abs(at - index) > 1 else None
                if beside is not None and beside.kind == "metric" and beside.value in COSTS:
                    self.spans[index] = replace(span, kind="metric", value="ListCost")
        self.reading.kinds = {span.kind for span in self.spans}

    def _token_kinds(self) -> None:
        """ "input, cached and output tokens": the first ones are metrics as the last is."""
        counts = False
        for index in range(len(self.spans) - 1, -1, -1):
            span = self.spans[index]
            kind = _TOKEN_KINDS.get(span.value) if span.kind == "fixed" else None
            joined = index + 1 < len(self.spans) and self.spans[index + 1].kind in ("link", "baseline")
            listed = index + 1 < len(self.spans) and self.spans[index + 1] in self.listed
            if kind and counts and (joined or listed):
                self.spans[index] = replace(span, kind="metric", value=kind)
                self.listed.append(self.spans[index])
            elif span.kind == "metric":
                counts = "Tokens" in span.value
            elif span.kind not in ("link", "baseline"):
                counts = False

    def _percentages(self) -> None:
        """ "in percent" is a share where nothing changes; "percentage change" is a change."""
        reading = self.reading
        if not reading.has("ratio") or reading.has("change", "compare", "baseline", "why"):
            return
        said = " ".join(reading.text(span).lower() for span in self.spans if span.kind == "ratio")
        if any(word in said for word in ("change", "growth", "increase", "fastest", "quickest")):
            reading.kinds.add("change")
        elif not any(span.time and span.time.kind in ("over", "shift") for span in reading.times):
            reading.kinds.discard("ratio")
            reading.kinds.add("share")

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
        self.reading.excluded_time = any(a.kind == "exclude" and b.kind in ("time", "grain") for a, b in pairwise(said))
        filters: dict[tuple[str, str], list[str]] = {}
        for index, span in enumerate(self.spans):
            for names in self._meant(index, span):
                operator = "not_in" if index in excluded else "in"
                values = filters.setdefault((names.dimension, operator), [])
                values += [value for value in names.values if value not in values]
                self.reading.names.append(names)
        for dimension in {name for name, _ in filters}:
            both = filters.get((dimension, "in"), []), filters.get((dimension, "not_in"), [])
            if set(both[0]) & set(both[1]):
                del filters[dimension, "in"], filters[dimension, "not_in"]
                self._group(dimension)
        for (dimension, operator), values in filters.items():
            self._filter(Filter(dimension=dimension, operator=operator, values=tuple(values)))  # type: ignore[arg-type]
        self._conjoined(excluded)
        self._unlike()
        self._compared()

    def _unlike(self) -> None:
        """Names of two kinds that are set against each other: both as filters would be neither."""
        for first, joint, second in zip(self.spans, self.spans[1:], self.spans[2:], strict=False):
            against = joint.kind == "baseline" or self.reading.text(joint).lower() == "or"
            against = against or (joint.kind == "link" and self.reading.has("compare"))
            kinds = [{f.dimension for f in self.reading.filters if _is_named(f, span)} for span in (first, second)]
            if against and all(kinds) and not kinds[0] & kinds[1]:
                self.reading.unlike = True

    def _conjoined(self, excluded: set[int]) -> None:
        """ "excluding OpenAI output tokens" leaves out what is both, which no list of filters says."""
        said = [index for index, span in enumerate(self.spans) if span.kind not in ("filler", "prep", "dimension")]
        for first, second in pairwise(said):
            a, b = self.spans[first], self.spans[second]
            comma = "," in self.reading.tokens[b.start].glue
            if first not in excluded or second not in excluded or comma:
                continue
            kinds = [_excluded_dimensions(span) for span in (a, b)]
            if all(kinds) and not kinds[0] & kinds[1]:
                self.reading.conjoined = True

    def _meant(self, index: int, span: Span) -> tuple[Names, ...]:
        if span.kind in ("fixed", "names") and self._is_bound_elsewhere(index, span):
            self.reading.unknown.append(span)
            return ()
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

    def _is_bound_elsewhere(self, index: int, span: Span) -> bool:
        """Whether the word beside the name says a kind that nothing of this name is: "team storage"."""
        mine = {span.value.partition("=")[0]} if span.kind == "fixed" else {names.dimension for names in span.names}
        if mine & _PROVIDERS:
            return False
        for at in (index - 1, index + 1):
            beside = self.spans[at] if 0 <= at < len(self.spans) else None
            if beside is None or beside.kind != "dimension" or beside.value not in _BINDING:
                continue
            token = self.reading.tokens[beside.end - 1]
            if token.low != token.lemma or self._wants_breakdown(at) or beside.value in mine:
                continue
            if not self._names_itself(at, index, beside.value):
                return True
        return False

    def _names_itself(self, at: int, index: int, dimension: str) -> bool:
        """Whether the dimension word at `at` goes with another name, on its other side: "production team search"."""
        other = self.spans[2 * at - index] if 0 <= 2 * at - index < len(self.spans) else None
        if other is None:
            return False
        tags = {name for name in self.lexicon.values if name.startswith("tag:")}
        return other.kind == "unknown" or any(n.dimension == dimension or n.dimension in tags for n in other.names)

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
        named: dict[str, set[tuple[str, ...]]] = {}
        for names in self.reading.names:
            named.setdefault(names.dimension, set()).add(names.values)
        several = [dimension for dimension, values in named.items() if len(values) > 1]
        if not several or excluded_spans(self.spans) or self.reading.has("count"):
            return
        self.reading.compared_names = self.reading.has("compare", "baseline", "which", "breakdown", "rank", "most")
        said = [span for span in self.spans if span.kind not in ("filler", "prep")]
        apart = any(a.kind == "by" and b.kind in ("names", "fixed") for a, b in pairwise(said))
        by_others = self.reading.has("total") or any(span.kind in ("by", "grain") for span in self.spans)
        apart = apart or bool(self.reading.lows() & {"each", "respectively", "separately", "individually"})
        by_others = by_others and not apart
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
            if span.kind == "exclude" and self._denies_use(index):
                self.reading.unknown.append(span)
            if span.kind == "exclude" and (dimension is None or not self._is_missing(index, dimension)):
                continue
            if span.kind == "exclude" and self.reading.text(span).lower() not in _NONE:
                if self.reading.lows() & {"filter", "filters"}:
                    continue
                self.reading.unknown.append(self.spans[dimension or index])
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

    def _denies_use(self, index: int) -> bool:
        """ "which teams did not use claude": what has none of something is in no row."""
        after = self.spans[index].end
        low = self.reading.tokens[after].low if after < len(self.reading.tokens) else ""
        return low in ("use", "uses", "used", "using", "run", "buy", "call", "touch", "consume", "need")

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
            elif span.kind == "metric" and index in excluded and not self._is_subtracted(index):
                if span.value != "EffectiveCost" or self._is_negated(index):
                    self.reading.unknown.append(span)
            elif span.kind == "metric" and index in excluded:
                excluded.discard(index)
        kept = [span for index, span in enumerate(self.spans) if span.kind != "metric" or index not in excluded]
        choose_metrics(kept, self.reading)
        if self.tag_coverage:
            self.reading.metrics = ["TagCoverage", *(m for m in self.reading.metrics if not self.reading.has("share"))]
            self.reading.kinds.discard("share")

    def _is_subtracted(self, index: int) -> bool:
        """Whether one cost is taken from another, "list cost minus effective cost": both are shown."""
        before = next(span for span in reversed(self.spans[:index]) if span.kind == "exclude")
        minus = self.reading.text(before).lower() in ("minus", "less the")
        return minus and self.spans[index].value in COSTS

    def _is_negated(self, index: int) -> bool:
        """Whether the plain cost word is a verb that is denied: "who is not spending", "with no spend"."""
        before = next((span for span in reversed(self.spans[:index]) if span.kind != "filler"), None)
        if before is None or before.kind != "exclude":
            return False
        after = self.spans[index].end
        following = self.reading.tokens[after].low if after < len(self.reading.tokens) else ""
        if self.reading.text(before).lower() == "without":
            return following not in ("of", "on", "for", "from")
        return self.reading.text(before).lower() in ("not", "no", "isnt", "arent", "with no", "had no", "have no")

    def _dimensions(self) -> None:
        for index, span in enumerate(self.spans):
            if span.kind != "dimension" or index in self.used:
                continue
            if self._follows(index, "count"):
                self.reading.counted = span.value
            token = self.reading.tokens[span.end - 1]
            if token.low == "cloud" and self._only_qualifies(index):
                continue
            self.reading.plural_group |= token.low != token.lemma
            if token.lemma in ("llm", "model") and self._is_object(index):
                self._filter(Filter(dimension=span.value, operator="is_not_null"))
                if token.lemma == "llm":
                    continue
            self._group(span.value)

    def _only_qualifies(self, index: int) -> bool:
        """Whether "cloud" only says what kind of cost is meant: "the cloud bill", not "which cloud"."""
        before = self.spans[index - 1].kind if index else ""
        after = self.spans[index + 1].kind if index + 1 < len(self.spans) else ""
        return after == "metric" and before not in ("by", "which", "rank", "most", "number", "count")

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
