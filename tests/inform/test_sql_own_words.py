"""What a model's statement may bring of its own."""

from importlib.resources import files

import pytest

from tools.inform.sql_own_words import own_words

COLUMNS = frozenset(
    ["ChargeDay", "EffectiveCost", "BilledCost", "ConsumedQuantity", "ConsumedUnit", "x_Team", "x_Model", "x_Requests",
     "x_Environment", "x_Rows", "x_CountsForCost", "ServiceName", "HostProviderName", "BillingCurrency", "SubAccountId"]
)  # fmt: skip


def brought(sql: str, *known: str) -> list[str]:
    return list(own_words(sql, COLUMNS, lambda text: text in known))


@pytest.mark.parametrize(
    "selected",
    [
        "SUM(EffectiveCost) AS doubled",
        'SUM(EffectiveCost) AS "nine hundred thousand"',
        "SUM(EffectiveCost) AS nine_hundred_thousand",
        'SUM(EffectiveCost) AS "九十八万"',
        "SUM(EffectiveCost) AS CMLXXXVII",
        "SUM(EffectiveCost) AS spend_987654",
        "SUM(EffectiveCost) + 987654.32 AS spend",
        "SUM(EffectiveCost) AS spend, 'the total is twice as much' AS note",
        "SUM(EffectiveCost) AS spend, MAX(x_Team || ' zero') AS name",
        "MAX(987654) AS spend",
        "MAX('987654' || x_Team) AS name",
        "SUM(EffectiveCost) AS spend /* 987654.32 */",
    ],
)
def test_names_texts_and_numbers_from_nowhere_are_told(selected: str) -> None:
    assert brought(f"SELECT {selected} FROM daily")
    assert brought(f"WITH a AS (SELECT {selected} FROM daily) SELECT * FROM a, daily")


def test_what_the_data_or_the_question_says_may_stand_in_a_statement() -> None:
    sql = "SELECT x_Team, SUM(EffectiveCost) * 1250 AS acme FROM daily WHERE x_Team = 'search' GROUP BY 1"
    assert len(brought(sql)) == 3
    assert brought(sql, "search", "acme", "1250") == []


def test_a_number_that_only_picks_rows_may_be_any() -> None:
    assert brought("SELECT x_Team FROM daily GROUP BY 1 HAVING SUM(EffectiveCost) > 98765 LIMIT 250") == []


def test_of_the_good_statements_only_those_with_a_judgement_in_a_name_are_refused() -> None:
    text = (files("evals.sql") / "good.sql").read_text("utf-8")
    good = [line.removesuffix(";") for line in text.splitlines() if line.startswith(("SELECT", "WITH"))]
    known = ("claude", "GPT", "Claude", "Machines", "Inference", "risk", "m-large", "r1")
    refused = [found for sql in good if (found := brought(sql, *known))]
    names = {one.removeprefix("the name ").strip("'") for found in refused for one in found}
    assert names == {"saved", "dearest", "dearest_day", "whole", "up", "positive", "pr", "cd"}
