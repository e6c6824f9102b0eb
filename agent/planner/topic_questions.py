"""Questions that no figure answers but a playbook may: "how do we cap an agent that never stops calling tools?"

The last resort of the planner, for what was declined. The wording decides: it has to read as a request for knowledge,
name something that the playbooks are about, and want no amount of the data. Whether a passage really comes near is
for the search to say. Orders, and whatever else asks for no knowledge, stay declined.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from agent.planner.calls import PlannedCall
from agent.planner.knowledge_cues import POLITE, cue, field_words, is_of_the_field, topics, vendors
from agent.planner.reading import Reading
from agent.planner.senses import Span
from agent.planner.text import clean

_PARTS = re.compile(r"(?:[,;:?!]|(?<!\be\.g)\.)\s+|\s[-–—]{1,2}\s|\s+(?=but\b|because\b)")
_LEADS = re.compile(r"^(?:(?:and|but|so|or|then|now|from|at|after|for|in|on|by|under|with|to)\s+)+(?=[a-z])")
_OPENS = re.compile(
    r"(?:how|why|when|whether|what|what's|whats|which|who|whose|where|is|are|am|does|do|can|could|should|would|may|"
    r"might|must)\b"
)
_HOW = re.compile(r"how (?!much\b|many\b|did\b|was\b|were\b|has\b|have\b|had\b|do you\b|come\b)\w+")
_WHY = re.compile(r"why\b(?! (?:so|not)\b)")
_OUGHT = re.compile(r"(?:what|which) (?:[\w-]+ ){1,2}(?:should|could|can|must|might) (?:we|i|one|you|they)\b")
_AMOUNT = re.compile(r"\bhow (?:much|many)\b")
_PAST = re.compile(r"\b(?:did|was|were|had|spent|paid|have been|has been|would have|could have)\b")
_OVER = re.compile(r"\b(?:did|was|were|had|would have|could have|have been)\b")
"""What is over: it can only be told from the data."""
_DATED = re.compile(r"when\b.+\b(?:ends?|expires?|starts?|begins?|renews?|due|runs? out|lapses?)$")
"""A date of something of one's own, which stands in no playbook."""
_OF_OURS = re.compile(r"(?:what's|whats|what is|what are) (?:our|my)\b")
"""A figure of one's own: "what's our ROI?"."""
_TELLS = re.compile(
    r"(?:our|we|the|a|an|my|i|calculate|compute|work out|every|each|some|someone|somebody|people|one|two|old|"
    r"\w{3,}ing)\s"
)
_NO_PERIOD = ("today", "tomorrow", "tonight", "now", "a day", "an hour", "per hour", "per day", "every hour")
_SYSTEM_PROMPT = "system prompt"
_FEWEST_WORDS = 5
"""A statement of fewer words tells no case."""


def about_topics(question: str, reading: Reading) -> tuple[PlannedCall, ...] | None:
    """The search for a question that was declined and that the playbooks may answer; else None."""
    text = POLITE.sub("", " ".join(clean(question).lower().split())).rstrip(" ?!.")
    asked = _Asked(text, reading)
    if not asked.is_allowed or not asked.is_for_knowledge:
        return None
    return (PlannedCall("search_playbooks", {"query": question.strip()}),)


@dataclass(frozen=True)
class _Asked:
    """A question in lower case, without its politeness, and what was read of it."""

    text: str
    reading: Reading

    @property
    def is_allowed(self) -> bool:
        """Whether it is neither an order, nor about something far off, nor out to change what Outlay does."""
        if cue("far_off").search(self.text) or cue("at_once").search(self.text) or _DATED.match(self.clause):
            return False
        overrides = [span for span in self.reading.spans if span.kind == "override"]
        if not overrides:
            return True
        harmless = all(self.reading.text(span).lower() == _SYSTEM_PROMPT for span in overrides)
        return harmless and _WHY.match(self.clause) is not None

    @property
    def is_for_knowledge(self) -> bool:
        topic = topics().search(self.text) is not None
        if _AMOUNT.search(self.clause):
            return topic and not self.times and self._asks_what_could_be
        if self._has_period or _OF_OURS.match(self.clause) or self.text.startswith("what if"):
            return False
        if self._is_strong:
            return is_of_the_field(self.text)
        if not topic or self._is_about_money:
            return False
        return self._asks_of_things if self._opens else self._tells_a_case

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        return tuple(_LEADS.sub("", part.strip()) for part in _PARTS.split(self.text) if part.strip())

    @cached_property
    def clause(self) -> str:
        """The part that asks: the last one that begins like a question, else all of it."""
        return next((part for part in reversed(self.clauses) if _OPENS.match(part)), self.text)

    @property
    def times(self) -> list[Span]:
        """Periods; "today's date" and "tokens an hour" name none."""
        reading = self.reading
        said = {span: reading.text(span).lower() for span in reading.times}
        return [s for s, text in said.items() if not text.startswith(_NO_PERIOD) and not topics().search(text)]

    @property
    def _opens(self) -> bool:
        return _OPENS.match(self.clause) is not None

    @property
    def _has_period(self) -> bool:
        """Whether a period stands in the part that asks; in what is told before it, it says when something happened."""
        within = any(self.reading.text(span).lower() in self.clause for span in self.times)
        return within or bool(self.times and (len(self.clauses) == 1 or _PAST.search(self.clause)))

    @property
    def _is_strong(self) -> bool:
        """Whether it can only ask for knowledge: how something is done, why it is so, what may go wrong."""
        if cue("by_itself").search(self.text):
            return True
        clause = self.clause
        return bool(
            _HOW.match(clause) or _WHY.match(clause) or _OUGHT.match(clause) or cue("opens_advice").match(clause)
        )

    @property
    def _asks_what_could_be(self) -> bool:
        """Whether "how much" is of something that could be or must be: no figure of the data."""
        return bool(cue("could_be").search(self.text)) and not _OVER.search(self.text)

    @property
    def _is_about_money(self) -> bool:
        if cue("opens_possible").match(self.clause):
            return False
        return bool(cue("amounts").search(topics().sub(" ", self.clause)) and not self._is_about_columns)

    @property
    def _is_about_columns(self) -> bool:
        return cue("schema").search(self.text) is not None

    @property
    def _asks_of_things(self) -> bool:
        """Whether it asks how things are in general: no past, nothing of the data by name, no vendor as a whole."""
        if self._is_about_columns:
            return True
        beside = vendors().sub(" ", self.text)
        return topics().search(beside) is not None and not _PAST.search(self.clause) and not self._names_data

    @property
    def _tells_a_case(self) -> bool:
        """Whether a case is told that a playbook may be for: "the bot writes essays where a label would do"."""
        if _TELLS.match(self.text) is None or len(self.text.split()) < _FEWEST_WORDS:
            return False
        return not (self._names_data or self.reading.has("act") or self.reading.has("how_much", "count"))

    @property
    def _names_data(self) -> bool:
        """Whether the part that asks names a value of the data that is no word of the field: a team, a project."""
        names = [self.reading.text(span).lower() for span in self.reading.spans if span.kind == "names"]
        topical = " ".join(match.group() for match in topics().finditer(self.text))
        return any(n in self.clause and n not in topical and not field_words().fullmatch(n) for n in names)
