"""Ways to falsify a finished answer: its text, figures, tables, units, periods, caveats, status."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random

from tools.domain.answer import Answer, Figure
from tools.domain.period import Period
from tools.domain.result import Cell, ToolResult

Mutant = tuple[str, Answer]

_SWAPS: dict[str, tuple[tuple[str, str], ...]] = {
    "rendered direction": (("rose", "fell"), ("fell", "rose"), ("Rose", "Fell"), ("Fell", "Rose")),
    "rendered superlative": (("Highest", "Lowest"), ("lowest", "highest"), ("Top", "Bottom"), ("Bottom", "Top")),
    "rendered currency": (("$", "€"), ("€", "$"), ("$", "£"), ("$", "")),
    "rendered unit": (
        ("billion", "million"),
        ("million", "billion"),
        ("tokens", "requests"),
        (" %", ""),
        ("per million", "per thousand"),
    ),
    "rendered period": (
        ("October", "November"),
        ("September", "August"),
        ("2026", "2025"),
        ("(month to date)", ""),
        ("Monday", "Sunday"),
    ),
    "rendered words": (
        (" in total", ""),
        ("only ", ""),
        ("effective", "billed"),
        ("billed", "effective"),
        ("of the total", "of the bill"),
        ("There are no", "There are"),
        ("compared with", "and"),
        (" asked for", " found"),
        (", from ", ", to "),
    ),
}


def text_swaps(random: Random, answer: Answer) -> Iterator[Mutant]:
    """A word of the text for its opposite."""
    for kind, pairs in _SWAPS.items():
        for old, new in pairs:
            places = [m.start() for m in re.finditer(re.escape(old), answer.text)]
            if places:
                at = random.choice(places)
                yield kind, _with(answer, text=answer.text[:at] + new + answer.text[at + len(old) :])


def text_digits(random: Random, answer: Answer) -> Iterator[Mutant]:
    """A digit changed, doubled, dropped or written in another script; a sign put in; two figures exchanged."""
    places = [m.start() for m in re.finditer(r"[0-9]", answer.text)]
    for at in random.sample(places, min(4, len(places))):
        digit, before, after = answer.text[at], answer.text[:at], answer.text[at + 1 :]
        yield "rendered digit", _with(answer, text=before + str((int(digit) + random.randint(1, 9)) % 10) + after)
        yield "rendered digit", _with(answer, text=before + digit * 2 + after)
        yield "rendered digit", _with(answer, text=before + after)
        yield "rendered digit of another script", _with(answer, text=before + chr(0x660 + int(digit)) + after)
        yield "rendered sign", _with(answer, text=before + "-" + digit + after)
    figures = [f for f in answer.figures if answer.text.count(f.text) == 1]
    if len(figures) > 1:
        one, two = random.sample(figures, 2)
        text = answer.text.replace(one.text, "\0").replace(two.text, one.text).replace("\0", two.text)
        yield "rendered figures exchanged", _with(answer, text=text)


def text_additions(random: Random, answer: Answer) -> Iterator[Mutant]:
    """A sentence more; a line less; a name for another."""
    for extra in (" It doubled.", " Seven of them.", " That is ½.", " Not so.", "\n\n<!-- five -->", "\u200b", " ٣"):
        yield "rendered addition", _with(answer, text=answer.text + extra)
    lines = answer.text.split("\n")
    if len(lines) > 1:
        at = random.randrange(len(lines))
        yield "rendered line dropped", _with(answer, text="\n".join(lines[:at] + lines[at + 1 :]))
    names = [str(row[0]) for result in answer.results.values() for row in result.rows if isinstance(row[0], str)]
    shown = [name for name in names if name in answer.text]
    if shown:
        name = random.choice(shown)
        yield "rendered name", _with(answer, text=answer.text.replace(name, f"{name}x", 1))
        yield "rendered name", _with(answer, text=answer.text.replace(name, random.choice(names) + "-v2", 1))


def figures(random: Random, answer: Answer) -> Iterator[Mutant]:
    """A figure's value, text, unit or binding; one more, one less."""
    if not answer.figures:
        return
    at = random.randrange(len(answer.figures))
    figure = answer.figures[at]
    changes: tuple[dict[str, object], ...] = (
        {"value": figure.value + "1"},
        {"value": "0"},
        {"text": figure.text + "0"},
        {"unit": "GBP"},
        {"unit": "tokens "},
        {"row": figure.row + 1},
        {"row": -2},
        {"column": "ListCost"},
        {"result": "r9"},
        {"value": f"-{figure.value}"},
    )
    for change in changes:
        yield f"figure {next(iter(change))}", _with(answer, figures=_replaced(answer.figures, at, change))
    yield "figure dropped", _with(answer, figures=answer.figures[:at] + answer.figures[at + 1 :])
    yield "figure repeated", _with(answer, figures=(*answer.figures, figure))


def envelope(random: Random, answer: Answer) -> Iterator[Mutant]:
    """Period, currency, freshness, status, caveats, suggestions, question, day, draft."""
    shifted = Period(start=answer.as_of, end=answer.as_of + timedelta(days=random.randint(1, 40)))
    yield "period", _with(answer, period=shifted)
    yield "currency", _with(answer, currency=random.choice(["GBP", "CHF", "XXX"]))
    yield "freshness", _with(answer, loaded_through=answer.as_of + timedelta(days=random.randint(1, 9)))
    yield "status", _with(answer, status="no_data" if answer.status == "answered" else "answered")
    yield "caveat", _with(answer, caveats=(*answer.caveats, "5 charges are missing."))
    if answer.caveats:
        yield "caveat", _with(answer, caveats=())
        yield "caveat", _with(answer, caveats=(answer.caveats[0].replace("1", "9").replace("9", "8"),))
    yield "suggestion", _with(answer, suggestions=("spend 5 more",))
    yield "question", _with(answer, question=answer.question + " really")
    yield "as of", _with(answer, as_of=answer.as_of + timedelta(days=1))
    yield "model", _with(answer, model="another")
    yield "draft dropped", _with(answer, draft="")


def results(random: Random, answer: Answer) -> Iterator[Mutant]:
    """Cells, units, labels, totals, counts and evidence of the tables."""
    handle = random.choice(list(answer.results))
    result = answer.results[handle]
    for kind, changed in _changed(random, result):
        yield kind, _with(answer, results={**answer.results, handle: changed})
    yield "table dropped", _with(answer, results={h: r for h, r in answer.results.items() if h != handle})


def _changed(random: Random, result: ToolResult) -> Iterator[tuple[str, ToolResult]]:
    if result.rows:
        row, column = random.randrange(len(result.rows)), random.randrange(len(result.columns))
        cell = result.rows[row][column]
        other: Cell = cell + Decimal("0.0000001") if isinstance(cell, Decimal) else f"{cell}s"
        yield "table cell", result.model_copy(update={"rows": _grid(result, row, column, other)})
        yield "table cell", result.model_copy(update={"rows": _grid(result, row, column, None)})
        columns = list(result.columns)
        columns[column] = columns[column].model_copy(update={"unit": "GBP"})
        yield "table unit", result.model_copy(update={"columns": tuple(columns)})
        columns[column] = result.columns[column].model_copy(update={"label": "list cost"})
        yield "table label", result.model_copy(update={"columns": tuple(columns)})
        yield "table row dropped", result.model_copy(update={"rows": result.rows[:-1]})
    for name, total in result.totals.items():
        yield "table total", result.model_copy(update={"totals": {**result.totals, name: (total or 0) + Decimal(1)}})
    evidence = result.evidence
    changes: tuple[dict[str, object], ...] = (
        {"sql": "SELECT 2"}, {"parameters": ()}, {"row_count": evidence.row_count + 1}, {"generation": 99},
        {"period": None}, {"sources": ("elsewhere",)}, {"arguments": {}},
    )  # fmt: skip
    for change in changes:
        if any(getattr(evidence, key) != value for key, value in change.items()):
            kind = f"evidence {next(iter(change))}"
            yield kind, result.model_copy(update={"evidence": evidence.model_copy(update=change)})


def _grid(result: ToolResult, row: int, column: int, cell: Cell) -> tuple[tuple[Cell, ...], ...]:
    cells = [list(line) for line in result.rows]
    cells[row][column] = cell
    return tuple(tuple(line) for line in cells)


def _replaced(all_figures: tuple[Figure, ...], at: int, change: dict[str, object]) -> tuple[Figure, ...]:
    return (*all_figures[:at], all_figures[at].model_copy(update=change), *all_figures[at + 1 :])


def _with(answer: Answer, **change: object) -> Answer:
    return answer.model_copy(update=change)


RENDERED_MUTATIONS: tuple[Callable[[Random, Answer], Iterator[Mutant]], ...] = (
    text_swaps, text_digits, text_additions, figures, envelope, results,
)  # fmt: skip
