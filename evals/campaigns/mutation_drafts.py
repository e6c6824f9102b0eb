"""Ways to falsify a draft: literals where only placeholders may stand, and placeholders in wrong places."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from tools.domain.answer import Answer
from tools.domain.result import ToolResult


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LITERALS: dict[str, tuple[str, ...]] = {
    "digits": _words("7 42 1,234.56 0 -3 1e6 0x1F .5 3rd 2026"),
    "number words": _words(
        "two seven hundred million dozen first third half thirds double single zero zwei fünf deux sept "
        "tre cinque dos siete два семь 二 五百 三 iki kaksi"
    ),
    "roman numerals": _words("II IV IX XL iii vii xii MMXXVI mix Ⅳ ⅻ I V C"),
    "other scripts": _words("٣ ४ ５ ² ₃ ① ⑳ ㊷ ½ 〇 𝟗 ๔ ৩ ፫ ㈤ 𐄈 ๑๒"),
    "directions": _words("rose fell grew dropped up down increase rising lower higher declined"),
    "multiples": _words("twice doubled half tripled halved thrice tenfold quarter couple"),
    "comparatives": _words("more less than over under above below exceeds costlier cheaper"),
    "superlatives": _words("largest smallest most least highest top leading best main biggest"),
    "quantifiers": _words("all none majority every each both few several many only any some"),
    "negations": _words("not no never without except neither nothing excluding hardly un"),
    "units": _words(
        "$ € £ USD EUR dollars cents k thousand bn tokens percent % GB million XXX ¥ US bps points requests hours"
    ),
    "times": _words(
        "October Monday yesterday today Q3 last week daily May March since until month year now "
        "previously annual Sun next"
    ),
    "names": _words("m-large mlarge Bedrock search OpenAI production gpt Azure model team cost"),
    "look-alikes": (
        "\uff4d",
        "\u043ef",
        "th\u0435",
        "m\u2011large",
        "\u0430",
        "\u0456n",
        "the\u200b",
        "of\u200d",
        "in\xad",
        "\uff04",
        "\ufe69",
        "\u2236",
        "w\u0430s",
        "\u202eof",
    ),
    "signs": _words("- – − + ~ ≈ < > ≤ = × / ± ( ) ! ? ↑ ↓ * # ^"),
    "hidden text": (
        "<!-- five -->",
        "<b>",
        "[a](b)",
        "`x`",
        "&#53;",
        "&frac12;",
        "\\u0035",
        "~~",
        "**",
        "| a |",
        "\t",
        "<script>",
        "![](x)",
        "\x00",
        "\u200b",
        "\ufeff",
        "{",
        "}",
        "{{",
        "}}",
        "{{}}",
        "{%",
        "$\\infty$",
    ),
    "certainty": _words(
        "may could if unless probably forecast expected estimated about because due wrong false instead else or"
    ),
}

_PLACEHOLDER = re.compile(r"\{\{(r\d+)\.([^{}]+)\}\}")
Mutant = tuple[str, str]
"""Kind and mutated draft."""


def literal(random: Random, answer: Answer) -> Iterator[Mutant]:
    """A literal of each family, once between tokens, once in place of a word, once glued to a placeholder."""
    for family, words in LITERALS.items():
        text = random.choice(words)
        yield family, _between(random, answer.draft, text)
        yield family, _glued(random, answer.draft, text)
        replaced = _in_place_of_a_word(random, answer.draft, text)
        if replaced:
            yield family, replaced


def inside(random: Random, answer: Answer) -> Iterator[Mutant]:
    """A digit anywhere, even inside a placeholder."""
    at = random.randint(0, len(answer.draft))
    yield "digit anywhere", answer.draft[:at] + random.choice("0123456789") + answer.draft[at:]


def repointed(random: Random, answer: Answer) -> Iterator[Mutant]:
    """One placeholder that points to another row, column, result or kind."""
    for match in _PLACEHOLDER.finditer(answer.draft):
        handle, path = match.groups()
        result = answer.results[handle]
        for kind, path_now in _others(random, result, path):
            yield kind, _put(answer.draft, match, f"{{{{{handle}.{path_now}}}}}")
        yield "unknown handle", _put(answer.draft, match, f"{{{{r{random.randint(3, 99)}.{path}}}}}")
        for other in answer.results:
            if other != handle and path != "message":
                yield "another result", _put(answer.draft, match, f"{{{{{other}.{path}}}}}")


def exchanged(random: Random, answer: Answer) -> Iterator[Mutant]:
    """Two placeholders of the same column in each other's place; two list items in each other's place."""
    matches = [m for m in _PLACEHOLDER.finditer(answer.draft) if re.match(r"\d+\.", m[2])]
    for first in matches:
        for second in matches:
            same_column = first[2].split(".", 1)[1] == second[2].split(".", 1)[1]
            if first.start() < second.start() and same_column and first[2] != second[2] and random.random() < 0.3:
                swapped = _put(answer.draft, second, first[0])
                yield "exchanged placeholders", _put(swapped, first, second[0])
    lines = answer.draft.split("\n")
    items = [i for i, line in enumerate(lines) if re.search(r"\{\{r\d+\.\d+\.", line)]
    for before, after in pairwise(items):
        if after == before + 1:
            moved = [*lines]
            moved[before], moved[after] = moved[after], moved[before]
            yield "exchanged list items", "\n".join(moved)


def torn(random: Random, answer: Answer) -> Iterator[Mutant]:
    """A name, period or filter left out; a figure of another row put in."""
    once = {m[0] for m in _PLACEHOLDER.finditer(answer.draft)}
    for match in _PLACEHOLDER.finditer(answer.draft):
        handle, path = match.groups()
        result = answer.results[handle]
        is_name = _kind_of(result, path) in ("dimension", "time")
        headed = f"{{{{{handle}.headline}}}}" in once
        if is_name or (path in ("period", "filters", "compare_period") and not headed):
            yield "name, period or filter left out", _put(answer.draft, match, "")
        if _kind_of(result, path) == "metric" and len(result.rows) > 1:
            row = _another(random, len(result.rows), int(path.split(".")[0]))
            column = path.split(".", 1)[1]
            yield (
                "figure of another row put in",
                _put(answer.draft, match, f"{match[0]}, {{{{{handle}.{row}.{column}}}}}"),
            )


def _others(random: Random, result: ToolResult, path: str) -> Iterator[tuple[str, str]]:
    head, _, rest = path.partition(".")
    metrics = [c.name for c in result.columns if c.kind == "metric"]
    if head.isdigit():
        if len(result.rows) > 1:
            yield "another row", f"{_another(random, len(result.rows), int(head))}.{rest}"
        yield "a row that is not there", f"{len(result.rows) + random.randint(0, 5)}.{rest}"
        others = [c.name for c in result.columns if c.name not in (rest, rest.removesuffix(".change"))]
        if others and rest != "rank":
            yield "another column", f"{head}.{random.choice(others)}"
        if _kind_of(result, path) == "metric" and any(c.kind in ("dimension", "time") for c in result.columns):
            yield "total for row", f"total.{rest}"
    if head in ("total", "label"):
        yield "row for total", f"0.{rest}" if result.rows and result.columns[0].kind != "metric" else "0.Nothing"
        others = [name for name in metrics if name != rest.removesuffix(".change")]
        if others:
            yield "another metric", f"{head}.{random.choice(others)}"
    if path == "period":
        yield "the other period", "compare_period"
    if path == "compare_period" and "r1.period" not in path:
        yield "count for period", "argument.limit" if not result.evidence.arguments.get("limit") else "message"


def _kind_of(result: ToolResult, path: str) -> str | None:
    head, _, rest = path.partition(".")
    return next((c.kind for c in result.columns if head.isdigit() and c.name == rest), None)


def _another(random: Random, count: int, row: int) -> int:
    return (row + random.randint(1, count - 1)) % count


def _put(draft: str, match: re.Match[str], text: str) -> str:
    return draft[: match.start()] + text + draft[match.end() :]


def _between(random: Random, draft: str, text: str) -> str:
    places = [m.end() for m in re.finditer(r" ", draft) if not _in_placeholder(draft, m.start())] or [len(draft)]
    at = random.choice(places)
    return f"{draft[:at]}{text} {draft[at:]}"


def _glued(random: Random, draft: str, text: str) -> str:
    match = random.choice(list(_PLACEHOLDER.finditer(draft)))
    at = random.choice((match.start(), match.end()))
    return draft[:at] + text + draft[at:]


def _in_place_of_a_word(random: Random, draft: str, text: str) -> str | None:
    words = [m for m in re.finditer(r"[A-Za-z]+", draft) if not _in_placeholder(draft, m.start())]
    return _put(draft, random.choice(words), text) if words else None


def _in_placeholder(draft: str, position: int) -> bool:
    return draft.rfind("{{", 0, position + 1) > draft.rfind("}}", 0, position + 1)


DRAFT_MUTATIONS: tuple[Callable[[Random, Answer], Iterator[Mutant]], ...] = (
    literal, inside, repointed, exchanged, torn,
)  # fmt: skip
