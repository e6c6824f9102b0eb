import re

from prompts import load, plain_words

CLAIMS = """
one two three first second last next half twice double all none no not never every each both most least more
less than over under above below up down rose fell grew only same equal total per cent percent dollar token
tokens cost costs spend price model team service month day week year today now since until may march best
worst top bottom high higher highest low lower lowest large larger largest small big increase decrease because
due about nearly almost roughly if unless or instead part like given respectively again yes could would should
might will
"""


def test_no_plain_word_states_a_fact() -> None:
    assert plain_words().isdisjoint(CLAIMS.split())


def test_plain_words_are_lower_case_letters_and_no_roman_numerals() -> None:
    assert all(re.fullmatch("[a-z]+", word) for word in plain_words())
    assert [word for word in plain_words() if re.fullmatch("[ivxlcdm]+", word)] == []
    assert [word for word in plain_words() if len(word) == 1] == ["a"]


def test_a_prompt_comes_with_the_digest_of_its_text() -> None:
    assert re.fullmatch("[0-9a-f]{12}", load("system").digest)
    assert "As of: 2026-10-10" in load("system").fill(as_of="2026-10-10", persona="finance")
