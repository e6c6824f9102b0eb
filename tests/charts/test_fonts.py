"""Names in letters that the main font can't write."""

import pytest

from agent.charts import fonts, png
from agent.charts.fonts import MAIN, fonts_for

NOTHING = frozenset[str]()


def test_latin_greek_and_line_ends_need_no_other_font() -> None:
    assert fonts_for("search Ω 12 %\n\x1b") == fonts.Fonts((MAIN,), NOTHING)


def test_an_installed_font_with_the_glyphs_is_taken_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {MAIN: NOTHING, "Half": frozenset("名"), "Whole": frozenset("名前"), "Other": frozenset("한")}
    monkeypatch.setattr(fonts, "_installed", lambda: installed)
    assert fonts_for("名前 team") == fonts.Fonts((MAIN, "Whole"), NOTHING)
    assert fonts_for("名前 한") == fonts.Fonts((MAIN, "Whole", "Other"), NOTHING)


def test_what_no_font_can_write_is_said_under_the_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", dict)
    assert fonts_for("名前").missing == frozenset("名前")
    told: list[str] = []
    dress = png._dress
    monkeypatch.setattr(png, "_dress", lambda *arguments: (told.append(arguments[-1]), dress(*arguments))[1])
    from tests.charts.test_png import chart, hostile_names, top_models

    png.png(chart(hostile_names))
    png.png(chart(top_models))
    assert told == [png.NO_GLYPH, ""]
