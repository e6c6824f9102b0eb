"""What a statement brings of its own: made-up names, texts and numbers, which a reader would take for the data's.

Ad hoc SQL of a person may say what it likes. That of a model may not: through an alias or a text it could state what
no row says. Names may be made of the rollup's own words and of the plain ones in `knowledge/sql.yaml`.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from tools.inform.sql_text import TABLE, read_statement
from tools.inform.sql_words import sql_words

IsKnown = Callable[[str], bool]
"""Whether a text is one that the data or the person has said."""
LARGEST_PLAIN_NUMBER = 100
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+")
_NUMBERED = re.compile(r"(?:p|q|top|last|first|days?|d)_?\d{1,2}|per_(?:million|thousand)", re.IGNORECASE)
"""p95, q3, top_5, last_30, per_million: a word and a number that belong together."""
_SAID_OF_TIME = re.compile(r"(?:\d{4}-\d{2}(?:-\d{2})?)?|(?:%[A-Za-z]|[-/:. ])+")
"""A date, a month, a format of dates."""
_JOINS = re.compile(r"[-/:|,;.()&+ ]{0,3}")
_PATTERNS = (exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpExtract, exp.RegexpFullMatch)
_UNITS = (exp.TimestampTrunc, exp.DateTrunc, exp.DateAdd, exp.DateSub, exp.DateDiff, exp.Extract, exp.Interval)


def own_words(sql: str, columns: frozenset[str], is_known: IsKnown) -> Iterator[str]:
    """Each name, text or number that comes from nowhere, as it is written.

    Raises:
        BadRequest: it is no single SELECT over the rollup.
    """
    tree = read_statement(sql).tree
    yield from (f"the comment {note.strip()!r:.60}" for node in tree.walk() for note in node.comments or ())
    plain = _plain_words(columns)
    for name in dict.fromkeys(identifier.name for identifier in tree.find_all(exp.Identifier)):
        if not _is_plain(name, columns, plain) and not is_known(name):
            yield f"the name {name!r:.60}"
    for literal in tree.find_all(exp.Literal):
        if literal.is_string and not _is_sound_text(literal, plain, is_known):
            yield f"the text {literal.this!r:.60}"
        if literal.is_number and _is_given(literal) and not _is_small(literal.this) and not is_known(literal.this):
            yield f"the number {literal.this:.60}"


def _plain_words(columns: frozenset[str]) -> frozenset[str]:
    ours = (word.lower() for name in columns for word in _WORD.findall(name))
    return frozenset((*sql_words().labels, TABLE, *(word for word in ours if not word.isdigit())))


def _is_plain(name: str, columns: frozenset[str], plain: frozenset[str]) -> bool:
    """A column's name, or one of plain words; a single letter is the name of a table."""
    if name.lower() in {column.lower() for column in columns} or _NUMBERED.fullmatch(name):
        return True
    if re.fullmatch(r"[a-z]\d?", name, re.ASCII | re.IGNORECASE):
        return True
    if not name.isascii() or not re.fullmatch(r"[\w ]+", name):
        return False
    return all(word.lower() in plain for word in _WORD.findall(_NUMBERED.sub("", name)))


def _is_sound_text(literal: exp.Literal, plain: frozenset[str], is_known: IsKnown) -> bool:
    text, above = literal.this, literal.parent
    if _SAID_OF_TIME.fullmatch(text) or _JOINS.fullmatch(text) or isinstance(above, _UNITS) or is_known(text):
        return True
    if isinstance(above, _PATTERNS) and literal is above.expression:
        return True  # it picks rows, and is never shown
    return bool(re.fullmatch(r"[A-Za-z ()]+", text)) and all(word.lower() in plain for word in _WORD.findall(text))


def _is_given(literal: exp.Literal) -> bool:
    """Whether it stands among what is selected, so that it goes into what is shown."""
    child, above = literal, literal.parent
    while above is not None and not isinstance(above, exp.Select):
        if isinstance(above, exp.Filter | exp.Where | exp.Having):
            return False
        child, above = above, above.parent  # type: ignore[assignment]
    return above is not None and any(child is one for one in above.expressions)


def _is_small(number: str) -> bool:
    """Up to a hundred, or a power of ten: what rounds, ranks and turns units."""
    try:
        value = abs(Decimal(number))
    except InvalidOperation:
        return False
    digits = value.normalize().as_tuple().digits
    return value <= LARGEST_PLAIN_NUMBER or (digits == (1,) and value.is_finite())
