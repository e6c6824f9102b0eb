"""From spans to a reading: which role each metric, dimension, name and number plays."""

from agent.planner.asides import events, stray_asides, times_asked, without_relatives
from agent.planner.counts import read_numbers
from agent.planner.draft import Draft
from agent.planner.lexicon import Lexicon
from agent.planner.reading import Reading
from agent.planner.said_dimensions import read_dimensions
from agent.planner.said_metrics import read_metrics
from agent.planner.said_names import read_names
from agent.planner.said_nulls import read_nulls
from agent.planner.said_words import drivers, list_costs, percentages, resources, token_kinds, token_types
from agent.planner.senses import Span
from agent.planner.text import Token, words

_RATES = words(
    "CacheHitRate EffectiveSavingsRate EffectiveSavingsRateList CommitmentUtilization CommitmentCoverage TagCoverage "
    "AllocationCoverage Savings NegotiatedSavings"
)
"""Of these more is better: the worst is the lowest."""


def interpret(tokens: tuple[Token, ...], spans: list[Span], lexicon: Lexicon) -> Reading:
    """Give every span its role. Unknown words and open choices are collected, not guessed."""
    tokens, spans = without_relatives(tokens, spans)
    reading = Reading(tokens, spans, kinds={span.kind for span in spans})
    draft = Draft(reading, lexicon)
    reading.times = times_asked(reading)
    reading.unknown = [span for span in draft.spans if span.kind == "unknown" and not _is_where_it_ends(reading, span)]
    reading.unknown += stray_asides(reading) + events(reading)
    list_costs(draft)
    token_kinds(draft)
    drivers(draft)
    resources(draft)
    token_types(draft)
    percentages(draft)
    read_nulls(draft)
    read_names(draft)
    read_metrics(draft)
    read_dimensions(draft)
    read_numbers(draft.reading)
    _grains(draft)
    _ranks(draft)
    return reading


def _is_where_it_ends(reading: Reading, span: Span) -> bool:
    """where will November end: the verb of a forecast"""
    return reading.has("forecast") and reading.text(span).lower() in _ENDS


_ENDS = words("end land finish close")


def _grains(draft: Draft) -> None:
    grains = [span for span in draft.spans if span.kind == "grain"]
    if grains:
        draft.reading.granularity = grains[0].value  # type: ignore[assignment]


def _ranks(draft: Draft) -> None:
    reading = draft.reading
    ranks = [span for span in draft.spans if span.kind in ("rank", "most")]
    if ranks:
        lowest = {"ascending", "worst" if _RATES & set(reading.metrics) else "best"}
        reading.order = "ascending" if any(span.value in lowest for span in ranks) else "descending"
    reading.currency = reading.value_of("currency")
