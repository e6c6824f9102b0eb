"""The question with some of its words replaced, for what is offered instead."""

from agent.planner.reading import Reading
from agent.planner.senses import Span


def reworded(question: str, reading: Reading, span: Span, said: str) -> str:
    """The question with the span's words replaced."""
    start, end = reading.tokens[span.start].start, reading.tokens[span.end - 1].end
    return question[:start] + said + question[end:]
