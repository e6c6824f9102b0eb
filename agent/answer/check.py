"""The check of a finished answer: it is exactly what its draft and results give, and each numeral is bound."""

from collections.abc import Iterator

from agent.answer.bindings import figure_fault
from agent.answer.check_draft import check_draft
from agent.answer.compose import compose
from agent.answer.display import has_numeral
from agent.answer.seal import fits_seal
from agent.answer.violation import Violation
from tools.domain.answer import Answer


def check_answer(answer: Answer) -> tuple[Violation, ...]:
    """Everything wrong with an answer; () when it may be shown. Finds any change made after it was written."""
    found = list(check_content(answer))
    if not fits_seal(answer):
        found.append(Violation("seal", f"the content of {answer.id} is not the one that the id was made for"))
    return tuple(found)


def check_content(answer: Answer) -> tuple[Violation, ...]:
    """As `check_answer`, without the seal: what can be judged from draft, results and rendering alone."""
    wrong = check_draft(answer.draft, answer.results)
    if any(violation.rule == "placeholder" for violation in wrong):
        return wrong
    return (*wrong, *_not_as_composed(answer), *_figures(answer), *_loose_numerals(answer))


def _not_as_composed(answer: Answer) -> Iterator[Violation]:
    again = compose(answer.draft, answer.results, answer.as_of)
    if again.text != answer.text:
        yield Violation("text", "the text is not what its draft gives", answer.text)
    if again.figures != answer.figures:
        yield Violation("figure", "the figures are not those of the draft")
    if (again.period, again.currency, again.loaded_through) != (answer.period, answer.currency, answer.loaded_through):
        yield Violation("period", "period, currency or freshness are not those of the results")
    if again.caveats != answer.caveats or again.suggestions != answer.suggestions:
        yield Violation("caveat", "the caveats or suggestions are not those of the results")
    if again.status != answer.status:
        yield Violation("status", f"the status is {answer.status}, but the results give {again.status}")


def _figures(answer: Answer) -> Iterator[Violation]:
    for figure in answer.figures:
        fault = figure_fault(figure, answer.results)
        if fault:
            yield Violation("figure", fault, figure.text)


def _loose_numerals(answer: Answer) -> Iterator[Violation]:
    """Walk the text from figure to figure; what lies between them holds no numeral of any script."""
    position = 0
    for figure in answer.figures:
        start = answer.text.find(figure.text, position)
        if start < 0:
            yield Violation("figure", f"{figure.text} is not in the text", figure.text)
            return
        if has_numeral(answer.text[position:start]):
            yield Violation("figure", "a numeral is bound to nothing", answer.text[position:start])
        position = start + len(figure.text)
    if has_numeral(answer.text[position:]):
        yield Violation("figure", "a numeral is bound to nothing", answer.text[position:])
