from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answer.display import escaped, has_numeral, money_text, name_text, plain, value_text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("432472.97128261", "USD", "$432,472.97"),
        ("0.0000008", "USD", "$0.0000008"),
        ("0.0099999", "USD", "$0.01"),
        ("0", "USD", "$0.00"),
        ("-12", "USD", "-$12.00"),
        ("-0.004", "EUR", "-€0.004"),
        ("1234.5", "SEK", "SEK 1,234.50"),
        ("12", "XXX", "12.00 (no currency given)"),
        ("466123456789", "tokens", "466.1 billion tokens"),
        ("999960000", "tokens", "1.0 billion tokens"),
        ("999999", "tokens", "999,999 tokens"),
        ("1", "requests", "1 request"),
        ("0.6224", "ratio", "62.2 %"),
        ("0.00004", "ratio", "0.004 %"),
        ("-0.2", "ratio", "-20.0 %"),
        ("3.25", "USD/1M tokens", "$3.25 per million tokens"),
        ("0.075", "USD/1M tokens", "$0.075 per million tokens"),
        ("0.0000001", "USD/request", "$0.0000001 per request"),
        ("431.25", "tokens/request", "431.25 tokens per request"),
    ],
)
def test_values_read_as_people_write_them(value: str, unit: str, text: str) -> None:
    assert value_text(Decimal(value), unit) == text


def test_unknown_money_is_unpriced_and_other_unknowns_are_unknown() -> None:
    assert (value_text(None, "USD"), value_text(None, "USD/request"), value_text(None, "tokens")) == (
        "unpriced",
        "unpriced",
        "unknown",
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**12), max_value=10**12))
def test_what_is_not_zero_is_never_shown_as_zero(amount: Decimal) -> None:
    shown = [value_text(amount, unit) for unit in ("USD", "ratio", "USD/1M tokens")]
    assert all(any(digit in text for digit in "123456789") for text in shown) == (amount != 0)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**15))
def test_money_of_whole_cents_is_shown_to_the_cent(amount: Decimal) -> None:
    assert Decimal(money_text(amount, "USD").replace(",", "").removeprefix("$")) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_exact_text_has_no_exponent_and_loses_nothing(number: Decimal) -> None:
    text = plain(number)
    assert text is not None
    assert "E" not in text.upper()
    assert Decimal(text) == number


@given(st.text())
def test_a_name_is_one_line_without_hidden_characters(name: str) -> None:
    text = name_text(name)
    assert text
    assert len(text) <= 120
    assert not any(character in text for character in "\n\r\t\u200b\u202e\x00")


def test_markdown_in_a_name_is_shown_as_it_is() -> None:
    assert escaped("a*b_<c>`|") == r"a\*b\_\<c\>\`\|"


@pytest.mark.parametrize("text", ["5", "٣", "Ⅳ", "½", "①", "²", "㈤", "𝟗"])
def test_numerals_of_every_script_are_seen(text: str) -> None:
    assert has_numeral(f"m {text}")
