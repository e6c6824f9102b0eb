"""Questions for knowledge rather than figures: what a term means, how a lever works, what a policy says.

Everything that names a period, an amount, a value of the data or a breakdown is about figures, and stays with them.
"""

import re

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.knowledge_cues import POLITE, cue, field_words, terms, topics, vendors
from agent.planner.reading import Reading
from agent.planner.senses import Kind
from agent.planner.text import clean

_AMOUNTS: tuple[Kind, ...] = ("how_much", "count", "share", "threshold", "grain", "list")
_RANKED: tuple[Kind, ...] = ("rank", "most")
_FIGURES: tuple[Kind, ...] = ("by", "breakdown", "drivers", "forecast", "exist", "again", "average")
_MOVED: tuple[Kind, ...] = (*_RANKED, "change", "trend")
_COUNTING = re.compile(r"how do(?:es)? .+ (?:count|report)\b")
_MEANING = re.compile(r"what do(?:es)? .+ mean")
_DONE = re.compile(
    r"how (?:to (?!see|show|get|list|find|compare|break|split|view|display)\w+|"
    r"(?:can|do|could) (?:we|i|you) (?:tell|know|prove|check|test|make sure))\b"
)
_COUNTED = re.compile(
    r"(?:do|does|is|are) (?!(?:we|i|our|my)\b).+ "
    r"(?:count as|count towards?|counted (?:as|in)|have (?:a )?columns?|included in|part of)\b"
    r"|how (?:is|are) (?!(?:we|i|our|my)\b).+ (?:billed|charged|priced|metered|invoiced)\b"
)
_NORM = re.compile(
    r"(?:what|what's|whats|which|when|is|are) .*\b"
    r"(?:a (?:good|healthy|normal|typical|usual|bad|low|high) |considered (?:good|healthy|normal|bad|low|high)\b)"
)
_LACKS = re.compile(r"why (?:is|are) there no\b")
_OURS = re.compile(r"\b(?:our|my|us|did|was|were|spent|spend|spending)\b")


def about_knowledge(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The search that answers a question for knowledge; None for other questions."""
    question, reading = asked.question, asked.reading
    if reading.has("override"):
        return None
    text = POLITE.sub("", " ".join(clean(question).lower().split())).rstrip(" ?!.")
    search = PlannedCall("search_playbooks", {"query": question.strip()})
    if _asks_to_know(text, reading) or _is_of_no_figure(text, reading):
        return (search,)
    return None


def _asks_to_know(text: str, reading: Reading) -> bool:
    """Whether it is about a term of the playbooks, or a policy, and about no figure."""
    if reading.times or reading.has(*_AMOUNTS):
        return bool(_COUNTING.match(text)) and not reading.times
    if _COUNTING.match(text) or cue("policy").search(text):
        return True
    before, weighs = cue("before_a_term").match(text), cue("weighs").search(text) or _MEANING.fullmatch(text)
    explains, works = cue("explains").match(text), cue("works").match(text) and cue("verbs").search(text)
    term = terms().search(text) if before or weighs or explains or works else None
    if term is None:
        return False
    if before and terms().fullmatch(text[before.end() :].strip()):
        return True
    if weighs:
        return True
    if reading.has(*_FIGURES) or _names_data(reading, term.group()):
        return False
    if explains:
        return not (_OURS.search(text) or reading.has(*_MOVED))
    return bool(works)


def _is_of_no_figure(text: str, reading: Reading) -> bool:
    """Whether its first words ask how a thing is done or counted, of which a figure would tell nothing."""
    if reading.times:
        return False
    if _NORM.match(text) and terms().search(text):
        return not _OURS.search(text)
    if _COUNTED.match(text) or _LACKS.match(text):
        return (topics().search(text) or vendors().search(text)) is not None
    if not _DONE.match(text) or reading.has(*_AMOUNTS):
        return False
    of_money = cue("amounts").search(topics().sub(" ", text))
    return not of_money and (topics().search(text) or field_words().search(text)) is not None


def _names_data(reading: Reading, term: str) -> bool:
    """Whether a value of the data is named beside the term: `batch` in "batch API" names no service tier."""
    return any(span.kind == "names" and reading.text(span).lower() not in term for span in reading.spans)
