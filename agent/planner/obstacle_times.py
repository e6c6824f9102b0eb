"""Times that stand in the way of an answer: several readings, fiscal years, the future."""

from collections.abc import Sequence

from agent.planner.calls import PlannedCall, ask_back, decline
from agent.planner.forecast_questions import looks_ahead
from agent.planner.periods import refused_time, scattered
from agent.planner.reading import Reading
from agent.planner.rewording import reworded
from agent.planner.senses import Span


def time_obstacle(question: str, reading: Reading, ideas: Sequence[str]) -> PlannedCall | None:
    """The call for a time that can't be answered; None when all of them can."""
    sense = refused_time(reading)
    if sense is not None and sense.kind == "future" and sense.period is not None and looks_ahead(reading):
        return None
    if sense is None and scattered(reading):
        reason = "Several periods with gaps between them can't be answered at once; ask for them one by one."
        return decline("not_understood", reason, ideas)
    if sense is None:
        return None
    span = next(span for span in reading.times if span.time == sense)
    written = reading.text(span)
    if sense.kind == "ambiguous":
        options = [_with_time(question, reading, span, option) for option in sense.options]
        return ask_back(f"“{written}” has several readings. Which one is meant?", options)
    if sense.kind == "fiscal":
        reason = f"“{written}”: Outlay doesn't know your fiscal calendar; name the months, as in “April to June 2026”."
    elif sense.kind == "partial":
        reason = f"“{written}” picks days or hours out of a period, which can't be done yet; ask by weekday or by hour."
    elif sense.kind == "future":
        if sense.period is not None:
            reason = f"“{written}” has not happened yet, so nothing is loaded for it; a forecast can be asked for."
            return decline("no_data", reason, ideas)
        reason = f"“{written}” has not happened yet, and is not one period that could be foreseen."
    else:
        reason = f"“{written}” is not a period of the calendar."
    return decline("not_understood", reason, ideas)


def _with_time(question: str, reading: Reading, span: Span, said: str) -> str:
    """The question with a period put for the span, and for the preposition before it: no "in from"."""
    before = reading.tokens[span.start - 1] if span.start else None
    if (
        before is not None
        and said.startswith(("from", "since"))
        and before.low in ("in", "at", "on", "for", "during", "by")
    ):
        return question[: before.start] + said + question[reading.tokens[span.end - 1].end :]
    return reworded(question, reading, span, said)
