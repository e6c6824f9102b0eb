"""Dates with slashes: is 5/1/25 the first of May or the fifth of January? Decided for each file, and said."""

from tools.domain.focus import BY_NAME
from tools.domain.load import Defect
from tools.ingest.focus_raw import Raw
from tools.ingest.focus_types import US_DATE
from tools.store import Writer


def read_day_first(writer: Writer, raw: Raw) -> tuple[bool, list[Defect]]:
    """Whether the file's slashed dates begin with the day; a defect when nothing in the file decides it."""
    columns = [
        f'"{name}"'
        for name, column in raw.columns.items()
        if column.store in BY_NAME and BY_NAME[column.store].kind == "time" and raw.types[name] == "VARCHAR"
    ]
    if not columns:
        return False, []
    dates = f"SELECT trim(unnest([{', '.join(columns)}])) AS date FROM {raw.relation}"
    first, second = (f"TRY_CAST(split_part(date, '/', {part}) AS INTEGER)" for part in (1, 2))
    count, largest_first, largest_second = writer.execute(
        f"SELECT count(*), max({first}), max({second}) FROM ({dates}) WHERE regexp_matches(date, '{US_DATE}')"
    )[0]
    if not count:
        return False, []
    if largest_first > 12 and largest_second <= 12:
        return True, []
    if largest_first <= 12 and largest_second <= 12:
        detail = (
            f"{raw.file.path.name}: dates such as 5/1/25 are read as month/day/year; nothing in the file decides it"
        )
        return False, [Defect(column="ChargePeriodStart", rows=raw.rows, defect="note", detail=detail)]
    return False, []
