"""The words of time expressions."""

from agent.planner.calendar import Unit
from agent.planner.text import words

MONTHS: dict[str, int] = {
    name: index
    for index, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS: dict[str, int] = {
    name: index
    for index, names in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
NUMBERS: dict[str, int] = {
    word: index
    for index, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"couple": 2, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "dozen": 12}
ORDINALS: dict[str, int] = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "last": -1, "final": -1,
}  # fmt: skip
UNIT_WORDS: dict[str, Unit] = {
    "day": "day", "week": "week", "wk": "week", "month": "month", "mth": "month", "mo": "month", "quarter": "quarter",
    "qtr": "quarter", "half": "half", "half-year": "half", "year": "year", "yr": "year",
}  # fmt: skip
ABBREVIATED_TO_DATE: dict[str, Unit] = {"mtd": "month", "qtd": "quarter", "ytd": "year", "wtd": "week"}
ABBREVIATED_OVER: dict[str, Unit] = {"mom": "month", "qoq": "quarter", "yoy": "year", "wow": "week", "dod": "day"}
LAST_WORDS = words("last previous prior preceding past trailing rolling recent")
THIS_WORDS = words("this current present")
NEXT_WORDS = words("next coming upcoming following")
WHOLE_WORDS = words("full complete completed calendar entire whole closed business")
COUNTED = words("top bottom first last next previous past highest lowest biggest best worst trailing")
"""A number after one of these counts things: "top 5 October models" has no fifth of October."""

TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
"""Round numbers in words, of amounts."""
