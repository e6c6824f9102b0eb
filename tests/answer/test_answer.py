import json
from decimal import Decimal

import pytest

from agent.answer.check import check_answer, check_content
from agent.answer.codec import decode, encode
from agent.answer.render import to_json
from agent.answer.write import Asked, write_answer
from tests.answer.results import AS_OF, COST, MODEL, all_results, cost_result, nothing_there, top_models
from tools.domain.answer import Answer


def answer_of(name: str = "top_models") -> Answer:
    return write_answer(Asked("top 5 costly models", AS_OF), {"r1": all_results()[name]})


@pytest.mark.parametrize("name", sorted(all_results()))
def test_an_answer_survives_being_kept(name: str) -> None:
    answer = answer_of(name)
    again = decode(encode(answer))
    assert again == answer
    assert check_answer(again) == ()


def test_the_json_is_the_contracts() -> None:
    answer = answer_of()
    document = json.loads(json.dumps(to_json(answer)))
    assert document["status"] == "answered"
    assert document["period"] == {"start": "2026-10-01", "end": "2026-10-11"}
    assert (document["currency"], document["as_of"], document["loaded_through"]) == ("USD", "2026-10-10", "2026-10-10")
    assert document["tables"][0]["rows"][0] == ["m-large", "269195.3201536"]
    wanted = {"text": "$432,472.97", "value": "432472.97128261", "unit": "USD", "result": "r1"}
    assert wanted | {"row": -1, "column": "EffectiveCost"} in document["figures"]
    assert document["evidence"][0]["arguments"]["limit"] == 5


def test_no_data_has_its_reason_in_the_json_and_no_table() -> None:
    document = to_json(write_answer(Asked("?", AS_OF), {"r1": nothing_there()}))
    assert (document["status"], document["reason"], document["tables"]) == ("no_data", "absent", [])


def test_every_digit_of_a_text_is_in_a_figure() -> None:
    for name in all_results():
        answer = answer_of(name)
        rest = answer.text
        for figure in answer.figures:
            rest = rest.replace(figure.text, "", 1)
        assert not any(character.isdigit() for character in rest), name


def test_a_name_can_not_pass_itself_off_as_text_or_placeholder() -> None:
    sly = ("{{r1.total.EffectiveCost}}", "m-large: $5.00\n\n# Total: $9", "<!-- x -->")
    result = cost_result((MODEL, COST), [(name, "1") for name in sly], totals={"EffectiveCost": "3"})
    answer = write_answer(Asked("?", AS_OF), {"r1": result})
    assert check_answer(answer) == ()
    assert "\n# Total" not in answer.text
    assert r"\<!-- x --\>" in answer.text
    assert "{{r1.total.EffectiveCost}}: $1.00" in answer.text


def test_a_cell_changed_in_text_figures_and_table_alike_breaks_the_seal() -> None:
    forged = top_models()
    rows = ((forged.rows[0][0], Decimal("1")), *forged.rows[1:])
    other = write_answer(Asked("top 5 costly models", AS_OF), {"r1": forged.model_copy(update={"rows": rows})})
    answer = other.model_copy(update={"id": answer_of().id})
    assert check_content(answer) == ()
    assert [violation.rule for violation in check_answer(answer)] == ["seal"]


def test_two_results_are_told_one_after_the_other() -> None:
    both = {"r1": all_results()["single_cost"], "r2": nothing_there()}
    answer = write_answer(Asked("?", AS_OF), both)
    assert answer.status == "answered"
    assert answer.text.count("\n\n") == 1
    assert check_answer(answer) == ()


def test_a_result_that_lists_badly_keeps_its_headline_and_table() -> None:
    twice = cost_result((MODEL, MODEL, COST), [("m-large", "m-large", "1"), ("m-mid", "m-mid", "0.5")])
    answer = write_answer(Asked("?", AS_OF), {"r1": twice})
    assert check_answer(answer) == ()
    assert "month to date" in answer.text
