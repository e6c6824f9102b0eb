"""What may stand outside placeholders: plain words that claim nothing, four marks, and single gaps."""

from collections.abc import Iterator
from itertools import pairwise

from agent.answer.draft import Line, Statement, Token
from agent.answer.violation import Violation
from prompts import plain_words


def word_violations(lines: tuple[Line, ...]) -> Iterator[Violation]:
    """A word, character or spacing that is not allowed, in the order of the draft."""
    words = plain_words()
    for line in lines:
        for statement in line.statements:
            yield from _words(statement, words)
            yield from _spacing(statement)


def _words(statement: Statement, words: frozenset[str]) -> Iterator[Violation]:
    is_first = True
    for token in statement.tokens:
        if token.kind == "stray":
            reason = f"the character {token.text!a} may not stand outside a placeholder"
            yield Violation("character", reason, statement.text)
        if token.kind == "word" and not _allowed(token.text, is_first, words):
            reason = f"the word {token.text!r} may stand in a placeholder only: it could state a fact"
            yield Violation("word", reason, statement.text)
        if token.kind in ("word", "placeholder"):
            is_first = False


def _allowed(word: str, is_first: bool, words: frozenset[str]) -> bool:
    """Lower case, or with a capital at the start: `US` and `IT` are names, `us` and `it` are not."""
    return word in words or (is_first and word[0].isupper() and word[0].lower() + word[1:] in words)


def _spacing(statement: Statement) -> Iterator[Violation]:
    """Marks and placeholders stand apart, so that no two of them can be read as one number."""
    tokens = statement.tokens
    for before, after in pairwise(tokens):
        if not _may_follow(before, after):
            reason = f"{before.text}{after.text} needs a space or a comma between its parts"
            yield Violation("spacing", reason, statement.text)
    if tokens[0].kind == "mark":
        yield Violation("spacing", "a statement does not begin with a mark", statement.text)
    solid = [token for token in tokens if token.kind != "gap"]
    for before, after in pairwise(solid):
        both_figures = (
            before.kind == after.kind == "placeholder" and not _ends_in_words(before) and not _begins_with_words(after)
        )
        if both_figures:
            reason = f"{before.text} and {after.text} need a comma or a word between them"
            yield Violation("spacing", reason, statement.text)


def _may_follow(before: Token, after: Token) -> bool:
    if before.kind == "gap":
        return after.kind in ("word", "placeholder", "stray") and len(before.text) == 1
    if before.kind == "mark":
        return after.kind == "gap"
    return after.kind in ("gap", "mark")


def _ends_in_words(token: Token) -> bool:
    """Whether a number may follow: it can't be read as one with what stands before."""
    return token.path.startswith("label.") or token.path.endswith(".rank")


def _begins_with_words(token: Token) -> bool:
    return token.path.startswith("label.") or token.path.endswith(("compare_period", "filters", ".change"))
