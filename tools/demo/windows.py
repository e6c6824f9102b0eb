"""When the incidents outside the token streams happen: day numbers, the last one exclusive."""

from dataclasses import dataclass

from tools.demo.calendar import Calendar


@dataclass(frozen=True)
class Windows:
    """One span of days for each."""

    holiday: tuple[int, int]
    region: tuple[int, int]
    uncovered: tuple[int, int]
    egress: tuple[int, int]
    training: tuple[int, int]
    unlabelled: tuple[int, int]
    outage_day: int
    """The day that OpenAI's usage export missed."""


def windows(calendar: Calendar) -> Windows:
    holiday = calendar.is_holiday()
    first = int(holiday.argmax())
    lapse = calendar.index(calendar.month(9))
    return Windows(
        holiday=(first, first + 9),
        region=(calendar.ago(118), calendar.ago(97)),
        uncovered=(lapse, lapse + 23),
        egress=(calendar.ago(27), calendar.ago(22)),
        training=(calendar.ago(88), calendar.ago(84)),
        unlabelled=(calendar.ago(17), calendar.days),
        outage_day=calendar.index(calendar.month(4)) + 11,
    )
