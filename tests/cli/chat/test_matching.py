from agent.cli.chat.matching import matches
from agent.cli.chat.names import Name

NAMES = (
    Name("gpt-5.5", "model", 1),
    Name("claude-sonnet-4-5", "model", 0),
    Name("claude-opus-4-5", "model", 2),
    Name("claude-sonnet-4-5/output/standard", "SKU", 0, is_code=True),
    Name("Claude API", "service", 0),
    Name("Amazon Bedrock", "service", 1),
    Name("effective cost", "metric", 0),
    Name("effective savings rate", "metric", 3),
    Name("search", "team", 0),
    Name("research", "team", 1),
)


def offered(typed: str) -> list[str]:
    return [match.name.text for match in matches(typed, NAMES)]


def test_names_that_begin_so_come_first_costliest_first_and_codes_last() -> None:
    assert offered("spend on cla") == [
        "claude-sonnet-4-5",
        "Claude API",
        "claude-opus-4-5",
        "claude-sonnet-4-5/output/standard",
    ]


def test_then_names_with_a_word_that_begins_so_then_names_that_hold_it() -> None:
    assert offered("sonnet") == ["claude-sonnet-4-5", "claude-sonnet-4-5/output/standard"]
    assert offered("sear") == ["search", "research"]
    assert offered("bed") == ["Amazon Bedrock"]


def test_several_words_are_the_beginning_of_one_name() -> None:
    (match,) = matches("show effective sav", NAMES)
    assert (match.name.text, match.length) == ("effective savings rate", len("effective sav"))


def test_the_longer_stretch_of_text_wins() -> None:
    assert offered("by effective s")[0] == "effective savings rate"


def test_nothing_is_offered_after_a_space_or_for_a_name_that_is_there() -> None:
    assert offered("") == []
    assert offered("spend ") == []
    assert offered("gpt-5.5") == []


def test_two_letters_inside_a_name_are_not_enough() -> None:
    assert offered("ea") == []
