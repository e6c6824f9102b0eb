"""Seeded fuzzing of statements: case, white space, comments, quoting, wrapping, several statements, other alphabets."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from evals.sql.ways_out import WAYS_OUT

Mutation = Callable[[str, random.Random], str]
LONG = "abcdefghijklmnopqrstuvwxyz" * 4
_QUOTED = re.compile(r"('(?:[^']|'')*')")


def hostile_statements(
    places: Mapping[str, str], count: int, seed: int, more: Sequence[tuple[str, str]] = ()
) -> Iterator[tuple[str, str]]:
    """`count` distinct statements with their category: each way out as it is, each of `more`, then mutants of both."""
    chance, seen = random.Random(seed), set[str]()
    own = [(category, _filled(template, places)) for category, templates in WAYS_OUT.items() for template in templates]
    bombs = [one for one in own if one[0] == "bombs"]
    others = [one for one in own if one[0] != "bombs"]
    for one in dict.fromkeys((*own, *more)):
        if len(seen) == count:
            return
        if one[1] not in seen:
            seen.add(one[1])
            yield one
    while len(seen) < count:
        luck = chance.random()
        category, statement = chance.choice(bombs if luck < 0.02 else more if more and luck > 0.75 else others)
        for _ in range(chance.randrange(1, 4)):
            statement = chance.choice(MUTATIONS)(statement, chance)
        if statement not in seen and len(statement) < 30_000:
            seen.add(statement)
            yield category, statement


def _filled(template: str, places: Mapping[str, str]) -> str:
    return template.format_map({"long": LONG, **places})


def _outside_quotes(statement: str, change: Callable[[str], str]) -> str:
    return "".join(part if part.startswith("'") else change(part) for part in _QUOTED.split(statement))


def _any_case(statement: str, chance: random.Random) -> str:
    return _outside_quotes(statement, lambda part: "".join(chance.choice([c.upper(), c.lower()]) for c in part))


def _other_space(statement: str, chance: random.Random) -> str:
    spaces = ["/**/", "\n", "\t", "  ", "/* ; */", "--\n", "\u00a0", "\u2003", "\r\n", "/*'*/", "\x0b"]
    return _outside_quotes(statement, lambda part: re.sub(" ", lambda _: chance.choice(spaces), part))


def _comment(statement: str, chance: random.Random) -> str:
    before = ["/* SELECT 1 FROM daily */ ", "-- SELECT 1 FROM daily\n", "/*+ hint */", "/* /* nested */ */ ", "#!\n"]
    after = [" -- end", " /* end", ";", " ;--", " # x"]
    return chance.choice([chance.choice(before) + statement, statement + chance.choice(after)])


def _other_quotes(statement: str, chance: random.Random) -> str:
    marks = [
        ("$$", "$$"),
        ("$x$", "$x$"),
        ("E'", "'"),
        ("U&'", "'"),
        ('"', '"'),
        ("x'", "'"),
        ("`", "`"),
        ("'", "' ''"),
    ]
    opening, closing = chance.choice(marks)
    return re.sub(r"'([^']*)'", lambda found: f"{opening}{found[1]}{closing}", statement)


def _split_text(statement: str, chance: random.Random) -> str:
    def split(found: re.Match[str]) -> str:
        text, at = found[1], chance.randrange(1, len(found[1]))
        return f"'{text[:at]}' || '{text[at:]}'"

    return re.sub(r"'([^']{2,})'", split, statement)


def _quoted_function(statement: str, chance: random.Random) -> str:
    prefix = chance.choice(["", "main.", "system.main.", "memory.main.", "pg_catalog.", '"main".'])
    return re.sub(r"\b([a-z_]+)\(", lambda found: f'{prefix}"{found[1]}"(', statement, count=1)


def _wrapped(statement: str, chance: random.Random) -> str:
    return chance.choice(
        [
            "SELECT * FROM ({}) AS t, daily",
            "WITH a AS ({}) SELECT * FROM a, daily",
            "WITH a AS MATERIALIZED ({}) SELECT COUNT(*) FROM a, daily",
            "SELECT x_Team FROM daily UNION ALL ({})",
            "SELECT (SELECT COUNT(*) FROM ({}) AS t) AS n FROM daily",
            "SELECT x_Team FROM daily WHERE EXISTS ({})",
            "SELECT x_Team FROM daily WHERE x_Team IN ({})",
            "SELECT CASE WHEN false THEN (SELECT MAX(t) FROM ({}) AS t) END AS c FROM daily",
            "SELECT x_Team FROM daily, LATERAL ({}) AS t",
            "SELECT x_Team FROM daily ORDER BY (SELECT 1 FROM ({}) AS t)",
            "SELECT x_Team FROM daily GROUP BY 1 HAVING (SELECT COUNT(*) FROM ({}) AS t) > 0",
            "SELECT x_Team FROM daily LIMIT (SELECT COUNT(*) FROM ({}) AS t)",
            "SELECT x_Team FROM daily QUALIFY ROW_NUMBER() OVER (ORDER BY (SELECT 1 FROM ({}) AS t)) = 1",
            "FROM ({}) AS t SELECT *",
            "CREATE TABLE t AS {}",
            "CREATE OR REPLACE VIEW daily AS {}",
            "EXPLAIN ANALYZE {}",
            "PREPARE p AS {}; EXECUTE p",
            "SELECT * FROM query($q${}$q$)",
            "COPY ({}) TO '/dev/stdout'",
            "WITH daily AS ({}) SELECT * FROM daily",
            "SELECT ARRAY({}) AS a FROM daily",
            "SELECT UNNEST(ARRAY({})) AS a FROM daily",
            "(({}))",
        ]
    ).replace("{}", statement)


def _several(statement: str, chance: random.Random) -> str:
    return chance.choice(
        ["SELECT 1 FROM daily; {}", "{}; SELECT 1 FROM daily", ";{}", "SELECT x_Team FROM daily;\n{};"]
    ).replace("{}", statement)


def _other_alphabet(statement: str, chance: random.Random) -> str:
    """Letters that look alike: full width, Cyrillic, combining marks, invisible ones."""
    if chance.random() < 0.3:
        at = chance.randrange(len(statement))
        return statement[:at] + chance.choice(["\u200b", "\u202e", "\ufeff", "\u0301", "\u00ad"]) + statement[at:]
    swaps = {"a": "а", "e": "е", "o": "о", "c": "с", "S": "Ｓ", "R": "Ｒ", "(": "（", "'": "’", ";": "；"}
    wanted = chance.choice(sorted(swaps))
    return statement.replace(wanted, swaps[wanted], chance.randrange(1, 4))


MUTATIONS: Sequence[Mutation] = (
    _any_case,
    _other_space,
    _comment,
    _other_quotes,
    _split_text,
    _quoted_function,
    _wrapped,
    _wrapped,
    _wrapped,
    _several,
    _other_alphabet,
)
