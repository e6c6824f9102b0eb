"""Words that were not understood, and names of several things."""

from collections.abc import Sequence

from agent.planner.aliases import aliases
from agent.planner.calls import PlannedCall, ask_back, decline
from agent.planner.lexicon import Lexicon
from agent.planner.obstacle_limits import ONE_LIMIT
from agent.planner.reading import Reading
from agent.planner.rewording import reworded
from agent.planner.senses import Span
from agent.planner.suggestions import near_names
from agent.planner.text import key_of


def unknown_words(reading: Reading, lexicon: Lexicon, ideas: Sequence[str]) -> PlannedCall:
    """The call for words that were not understood, with the names that come near."""
    written = _phrase(reading)
    if reading.tokens[reading.unknown[0].start].low == "between" and reading.has("number"):
        return decline("not_understood", ONE_LIMIT, ideas)
    near = near_names(written, lexicon)
    said = next((s.value for s in reading.spans if s.kind == "dimension" and _names_it(s, reading)), None)
    if said is not None and lexicon.values.get(said):
        known = ", ".join(lexicon.values[said][:8])
        reason = f"No {lexicon.label(said)} is called “{written}”; there are {known}."
        return decline("no_data", reason, ideas)
    if said is not None:
        return decline("no_data", f"No {lexicon.label(said)} “{written}” is in the data.", ideas)
    if key_of(written) == _OURSELVES:
        return decline("no_data", _NOTHING_USED, ideas)
    hint = f" The nearest names are {', '.join(near)}." if near else ""
    if _is_a_name(reading) and (reading.metrics or reading.has("how_much", "rank", "most")):
        return decline("no_data", f"Nothing in the data is called “{written}”.{hint}", ideas)
    return decline("not_understood", f"“{written}” was not understood.{hint}", ideas)


_OURSELVES = "outlay"
_NOTHING_USED = (
    "No use of a model by Outlay itself is loaded: answers that are made without a model cost nothing in tokens. "
    "Once OUTLAY_MODEL names one, what it uses is loaded as Outlay's own usage, with its cost."
)


def _phrase(reading: Reading) -> str:
    first = reading.unknown[0]
    end = first.end
    for span in reading.unknown[1:]:
        if span.start == end:
            end = span.end
    tokens = reading.tokens[first.start : end]
    return "".join(("" if i == 0 else token.glue or " ") + token.text for i, token in enumerate(tokens))


def _names_it(dimension: Span, reading: Reading) -> bool:
    """Whether an unknown word beside it stands where the name would; a verb does not, as in "models crossed"."""
    plural = reading.tokens[dimension.end - 1]
    for span in reading.unknown:
        word = reading.tokens[span.start]
        spelled = word.quoted or word.text != word.low or not word.low.isalpha()
        verb = word.low.endswith(("ing", "ed")) or (span.start == dimension.end and plural.low != plural.lemma)
        if (span.start == dimension.end or span.end == dimension.start) and (spelled or not verb):
            return True
    return False


def _is_a_name(reading: Reading) -> bool:
    """Whether the unknown word stands where a name would: quoted, with a capital, or after a preposition."""
    first = reading.unknown[0]
    token = reading.tokens[first.start]
    index = reading.spans.index(first)
    after_prep = index > 0 and reading.spans[index - 1].kind in ("prep", "only", "exclude")
    before_cost = index + 1 < len(reading.spans) and reading.spans[index + 1].kind == "metric"
    known_elsewhere = key_of(_phrase(reading)) in aliases()
    capital = first.start > 0 and token.text[0].isupper()
    return token.quoted or capital or after_prep or before_cost or known_elsewhere


def open_name(question: str, reading: Reading) -> PlannedCall:
    """Ask back which thing of the name is meant."""
    unclear = reading.unclear[0]
    options = [reworded(question, reading, unclear.span, option) for option in unclear.options]
    return ask_back(f"“{reading.text(unclear.span)}” names several things. Which one is meant?", options)
