"""A message says what was wrong and what would work, also where there is nothing to choose from."""

from tools.domain.errors import UnknownName


def test_a_name_where_there_is_nothing_to_name_is_told_as_that() -> None:
    assert str(UnknownName("proposal", "p-9", [])) == "proposal='p-9' is not known; there is none yet"


def test_an_unknown_name_is_answered_with_the_nearest_known_ones() -> None:
    assert str(UnknownName("lever", "idel_gpu", ["batch", "idle_gpu"])).endswith("use one of idle_gpu")
