"""Values as files hold them → the store's types, as SQL expressions.

Each `Parsed` says how to get the value, and when it can't be had: conditions are None where the source type rules
the trouble out, so that nothing is checked row by row without need.
"""

import re
from dataclasses import dataclass

from tools.domain.focus import SQL_TYPES, Kind

NULL_WORDS = ("NULL", "null", "Null", "None", "NaN", "nan")
US_DATE = "^[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}"
_INTEGERS = {"TINYINT": 3, "UTINYINT": 3, "SMALLINT": 5, "USMALLINT": 5, "INTEGER": 10, "UINTEGER": 10, "BIGINT": 19}
_DAY_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_COMPACT = "['%Y%m%d', '%Y-%m', '%Y/%m/%d', '%Y%m%dT%H%M%SZ']"


@dataclass(frozen=True)
class Parsed:
    """A typed expression; the rows where the source has a value that can't be read; the rows where digits are cut."""

    value: str
    unreadable: str | None = None
    rounded: str | None = None
    present: str = ""
    """The source's value where it is not one of the words for nothing; NULL for those."""


def number(source: str, source_type: str, kind: Kind) -> Parsed:
    """An exact decimal of the kind's type; floats go by way of their shortest text, never through binary."""
    target = SQL_TYPES[kind]
    whole, scale = _digits(target)
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", source_type):
        wide, fine = int(decimal[1]) - int(decimal[2]), int(decimal[2])
        fits = wide <= whole and fine <= scale
        if fits:
            return Parsed(f"CAST({source} AS {target})", present=source)
        value = f"TRY_CAST({source} AS {target})"
        rounded = f"({value} <> {source})" if fine > scale else None
        return Parsed(value, f"({source} IS NOT NULL AND {value} IS NULL)", rounded, source)
    if source_type in _INTEGERS and _INTEGERS[source_type] <= whole:
        return Parsed(f"CAST({source} AS {target})", present=source)
    if source_type in ("DOUBLE", "FLOAT"):
        return _float(source, target, whole, scale)
    return _text_number(source if source_type == "VARCHAR" else f"CAST({source} AS VARCHAR)", target, scale)


def _digits(target: str) -> tuple[int, int]:
    width, scale = (int(part) for part in target.removeprefix("DECIMAL(").rstrip(")").split(","))
    return width - scale, scale


def _float(source: str, target: str, whole: int, scale: int) -> Parsed:
    shortest = f"CAST({source} AS VARCHAR)"
    present = f"CASE WHEN isnan({source}) THEN NULL ELSE {source} END"
    # 17 digits of a value above 1e-7 end before the 24th decimal, so only smaller ones can lose any.
    smallest = f"1e-{scale - 17}"
    return Parsed(
        f"TRY_CAST({shortest} AS {target})",
        f"COALESCE(isinf({source}) OR (NOT isnan({source}) AND abs({source}) >= 1e{whole}), false)",
        f"(CASE WHEN abs({source}) < {smallest} AND {source} <> 0 THEN {_is_finer(shortest, scale)} ELSE false END)",
        present,
    )


def _text_number(source: str, target: str, scale: int) -> Parsed:
    present = _present(source)
    plain = f"TRY_CAST({present} AS {target})"
    cleaned = f"regexp_replace({present}, '[$€£¥, ]', '', 'g')"
    shape = r"^\(?-?[$€£¥]? ?-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)? ?\)?$"
    amount = f"TRY_CAST(regexp_replace({cleaned}, '^\\((.*)\\)$', '-\\1') AS {target})"
    value = f"COALESCE({plain}, CASE WHEN regexp_matches({present}, '{shape}') THEN {amount} END)"
    return Parsed(
        value,
        f"({present} IS NOT NULL AND {value} IS NULL)",
        f"(CASE WHEN length({source}) > 5 AND {value} IS NOT NULL THEN {_is_finer(present, scale)} ELSE false END)",
        present,
    )


def _is_finer(shortest: str, scale: int) -> str:
    """Whether a number's text has a digit other than 0 beyond `scale` decimals."""
    decimals = f"length(rtrim(regexp_extract({shortest}, '\\.([0-9]*)', 1), '0'))"
    exponent = f"COALESCE(TRY_CAST(regexp_extract({shortest}, '[eE]([+-]?[0-9]+)', 1) AS INTEGER), 0)"
    return f"COALESCE({decimals} - {exponent} > {scale}, false)"


def moment(source: str, source_type: str, *, day_first: bool = False, sane: bool = False) -> Parsed:
    """A UTC timestamp between 1990 and 2100; offsets are applied, dates are midnight.

    `sane` says that the values of a column that has a time type are known to lie between the two.
    """
    if source_type == "DATE" or source_type.startswith("TIMESTAMP_") or source_type == "TIMESTAMP":
        value = f"CAST({source} AS TIMESTAMP)" if source_type != "TIMESTAMP" else source
        present = source
    elif source_type == "TIMESTAMP WITH TIME ZONE":
        value, present = f"({source} AT TIME ZONE 'UTC')", source
    else:
        present = _present(source if source_type == "VARCHAR" else f"CAST({source} AS VARCHAR)")
        value = _text_moment(present, day_first)
    if sane:
        return Parsed(value, present=present)
    inside = f"({value} >= TIMESTAMP '1990-01-01' AND {value} < TIMESTAMP '2100-01-01')"
    checked = f"CASE WHEN {inside} THEN {value} END"
    return Parsed(checked, f"({present} IS NOT NULL AND {inside} IS NOT TRUE)", None, present)


def _text_moment(present: str, day_first: bool) -> str:
    day, month = ("%d", "%m") if day_first else ("%m", "%d")
    forms = [f"'{day}/{month}/{year}{time}'" for year in ("%y", "%Y") for time in _DAY_TIMES]
    slashed = f"try_strptime({present}, [{', '.join(forms)}])"
    plain = f"COALESCE(TRY_CAST({present} AS TIMESTAMPTZ) AT TIME ZONE 'UTC', try_strptime({present}, {_COMPACT}))"
    return f"(CASE WHEN regexp_matches({present}, '{US_DATE}') THEN {slashed} ELSE {plain} END)"


def words(source: str, source_type: str) -> Parsed:
    """Text; the words for nothing become NULL where the source is itself text of a CSV."""
    if source_type == "VARCHAR":
        return Parsed(source, present=source)
    return Parsed(f"CAST({source} AS VARCHAR)", present=source)


def json_text(source: str, source_type: str) -> Parsed:
    """JSON as text: as it stands, or made of a Parquet MAP or STRUCT."""
    if source_type == "VARCHAR":
        return Parsed(source, present=source)
    if source_type == "JSON":
        return Parsed(f"CAST({source} AS VARCHAR)", present=source)
    if source_type in ("MAP(VARCHAR, VARCHAR)", "STRUCT(key VARCHAR, value VARCHAR)[]"):
        return Parsed(f"CASE WHEN {source} IS NOT NULL THEN CAST(to_json({source}) AS VARCHAR) END", present=source)
    return Parsed(f"CASE WHEN {source} IS NOT NULL THEN CAST(to_json({source}) AS VARCHAR) END", present=source)


def _present(source: str) -> str:
    quoted = ", ".join(f"'{word}'" for word in NULL_WORDS)
    trimmed = f"trim({source})"
    return f"(CASE WHEN {trimmed} IN ('', {quoted}) THEN NULL ELSE {trimmed} END)"
