import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answer.check_draft import check_draft
from agent.answer.violation import Rule
from tests.answer.results import compared_models, daily_series, team_and_model, tokens_and_rates, top_models
from tests.answer.results import top_teams_with_rest as teams

RESULTS = {
    "r1": top_models(),
    "r2": compared_models(),
    "r3": daily_series(),
    "r4": tokens_and_rates(),
    "r5": team_and_model(),
    "r6": teams(),
}
COST = "EffectiveCost"
HEAD = "{{r1.headline}}. "


def rules(draft: str) -> set[Rule]:
    return {violation.rule for violation in check_draft(draft, RESULTS)}


@pytest.mark.parametrize(
    "draft",
    [
        "{{r1.headline}}: {{r1.total.EffectiveCost}}.",
        "In {{r1.period}} the {{r1.label.EffectiveCost}} of {{r1.0.x_Model}} was {{r1.0.EffectiveCost}}.",
        HEAD + "{{r1.0.x_Model}} has {{r1.0.EffectiveCost.superlative}}.",
        HEAD + "{{r1.0.x_Model}}: {{r1.0.EffectiveCost}}, and {{r1.1.x_Model}}: {{r1.1.EffectiveCost}}.",
        "{{r1.headline}}:\n\n{{r1.0.rank}} {{r1.0.x_Model}}: {{r1.0.EffectiveCost}}\n"
        "{{r1.2.rank}} {{r1.2.x_Model}}: {{r1.2.EffectiveCost}}\n\n{{r1.limit_note}}.",
        "{{r2.headline}}. {{r2.1.x_Model}} {{r2.1.EffectiveCost.change}}.",
        "{{r3.headline}}. {{r3.highest.EffectiveCost}}; {{r3.lowest.EffectiveCost}}.",
        "{{r5.headline}}. {{r5.1.x_Team}}, {{r5.1.x_Model}}: {{r5.1.EffectiveCost}}.",
        "{{r6.headline}}. {{r6.0.x_Team}}: {{r6.0.EffectiveCost}}, {{r6.0.EffectiveCost_share}}.",
        HEAD + "The question is answered. {{r1.row_count}} are listed.",
    ],
)
def test_a_sound_draft_passes(draft: str) -> None:
    assert check_draft(draft, RESULTS) == ()


@pytest.mark.parametrize(
    ("draft", "rule"),
    [
        (HEAD + "It is 5.", "character"),
        (HEAD + "It is five.", "word"),
        (HEAD + "It is twice {{r1.total.EffectiveCost}}.", "word"),
        (HEAD + "US {{r1.total.EffectiveCost}}.", "word"),
        (HEAD + "The -{{r1.total.EffectiveCost}}", "character"),
        (HEAD + "\u0430nd {{r1.total.EffectiveCost}}.", "character"),
        (HEAD + "the\u200b {{r1.total.EffectiveCost}}.", "character"),
        (HEAD + "It has {{r1.total.EffectiveCost}}.{{r1.row_count}}", "spacing"),
        (HEAD + "{{r1.row_count}} {{r1.period}}", "spacing"),
        (HEAD + "{{r9.total.EffectiveCost}}.", "placeholder"),
        (HEAD + "{{r1.3.x_Model}}: {{r1.3.EffectiveCost}}", "placeholder"),
        (HEAD + "{{r1.1.x_Model}} has {{r1.1.EffectiveCost.superlative}}.", "placeholder"),
        ("{{r2.headline}}. {{r2.0.x_Model}}: {{r2.0.EffectiveCost_previous}}.", "placeholder"),
        (HEAD + "{{r1.0.x_Model}}: {{r3.total.EffectiveCost}}.", "result"),
        (HEAD + "{{r1.0.x_Model}}: {{r1.1.EffectiveCost}}.", "name"),
        (HEAD + "It was {{r1.0.EffectiveCost}}.", "name"),
        (HEAD + "{{r1.0.x_Model}}, {{r1.1.x_Model}}: {{r1.1.EffectiveCost}}.", "name"),
        (HEAD + "{{r1.0.x_Model}}: {{r1.0.EffectiveCost}} of {{r1.1.x_Model}}: {{r1.1.EffectiveCost}}.", "name"),
        (HEAD + "{{r1.0.x_Model}}: {{r1.0.EffectiveCost}}, {{r1.total.EffectiveCost}}.", "name"),
        (HEAD + "{{r1.0.x_Model}}: {{r1.0.EffectiveCost}}, {{r1.0.EffectiveCost}}.", "name"),
        ("{{r5.headline}}. {{r5.1.x_Model}}: {{r5.1.EffectiveCost}}.", "name"),
        ("{{r4.headline}}. {{r4.0.x_Model}}: {{r4.0.Tokens}}.", "label"),
        ("{{r4.headline}}. {{r4.label.CacheHitRate}}, {{r4.0.x_Model}}: {{r4.0.Tokens}}.", "label"),
        ("{{r6.headline}}. {{r6.0.x_Team}}: {{r6.0.EffectiveCost_share}}.", "label"),
        ("The {{r1.label.EffectiveCost}} of {{r1.0.x_Model}} was {{r1.0.EffectiveCost}}.", "period"),
        ("{{r6.period}}: {{r6.label.EffectiveCost}}, {{r6.0.x_Team}}: {{r6.0.EffectiveCost}}.", "period"),
        ("{{r2.period}}: {{r2.label.EffectiveCost}}, {{r2.0.x_Model}} {{r2.0.EffectiveCost.change}}.", "period"),
        ("In {{r2.compare_period}} {{r2.label.EffectiveCost}}: {{r2.total.EffectiveCost}}.", "period"),
        (HEAD + "{{r3.label.EffectiveCost}}: {{r3.total.EffectiveCost}}.", "period"),
        (HEAD + "\n- {{r1.1.x_Model}}: {{r1.1.EffectiveCost}}\n- {{r1.0.x_Model}}: {{r1.0.EffectiveCost}}", "order"),
        (HEAD + "\n{{r1.1.rank}} {{r1.0.x_Model}}: {{r1.0.EffectiveCost}}", "order"),
        (HEAD + "\n- {{r1.total.EffectiveCost}}", "order"),
        (HEAD + "So {{r1.limit_note}}.", "alone"),
        (HEAD + "{{r1.limit_note}}, {{r1.row_count}}.", "alone"),
        ("{{r6.headline}}: {{r6.total.EffectiveCost}}.", "name"),
        ("Here are the results.", "empty"),
    ],
)
def test_an_unsound_draft_is_rejected_by_the_rule_it_breaks(draft: str, rule: Rule) -> None:
    assert rule in rules(draft)


def test_a_violation_says_what_would_work() -> None:
    (violation,) = check_draft(HEAD + "{{r1.0.x_Model}}: {{r1.1.EffectiveCost}}.", RESULTS)[:1]
    assert "{{r1.1.x_Model}}" in violation.reason


PIECES = [
    "{{r1.headline}}",
    "{{r1.0.x_Model}}",
    "{{r1.",
    "}}",
    "- ",
    "\n",
    ". ",
    ".",
    " ",
    "the",
    "5",
    "{{r1.0.",
    "\r",
    "\ufeff",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_at_all_is_judged_without_a_crash(draft: str) -> None:
    assert isinstance(check_draft(draft, RESULTS), tuple)
