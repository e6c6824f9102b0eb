"""The command line and its JSON, which others rely on."""

from pathlib import Path

from tests.cli.conftest import Run

AS_OF = ("--as-of", "2026-10-31")


def test_ingest_reports_what_it_read_and_accepted(outlay: Run, bill: Path) -> None:
    report = outlay("ingest", "focus", bill, "--json").json
    assert (report["read"], report["accepted"], report["quarantined"], report["replaced"]) == (4, 4, 0, 0)
    assert {"reasons", "defects", "periods", "seconds"} <= report.keys()


def test_loading_a_bill_again_replaces_it(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    assert outlay("ingest", "focus", bill, "--json").json["replaced"] == 4
    assert outlay("data", "--json").json["rows"] == 4


def test_an_answer_has_every_key_of_the_contract(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outcome = outlay("ask", "top 5 costly models", "--json", *AS_OF)
    answer = outcome.json
    assert outcome.code == 0
    assert answer["status"] == "answered"
    assert {
        "id", "status", "question", "text", "period", "currency", "as_of", "loaded_through", "figures", "tables",
        "evidence", "caveats", "proposals", "suggestions", "model", "seconds",
    } <= answer.keys()  # fmt: skip
    assert {"text", "value", "unit", "result", "row", "column"} <= answer["figures"][0].keys()
    assert {"result", "tool", "arguments", "sql", "parameters", "row_count", "sources"} <= answer["evidence"][0].keys()


def test_money_in_json_is_exact_text(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    table = outlay("ask", "cost by model in October 2026", "--json", *AS_OF).json["tables"][0]
    names = [column["name"] for column in table["columns"]]
    money = {row[names.index("x_Model")]: row[names.index("EffectiveCost")] for row in table["rows"]}
    assert money["quartz-large"] == "10.1"
    assert money["quartz-small"] == "7.505"


def test_a_credit_lowers_spend(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    figures = outlay("ask", "total spend in October 2026", "--json", *AS_OF).json["figures"]
    assert "16.605" in [figure["value"] for figure in figures]


def test_an_answer_holds_when_it_is_verified(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    answer = outlay("ask", "spend by team", "--json", *AS_OF).json
    outcome = outlay("verify", answer["id"], "--json")
    assert outcome.code == 0
    assert outcome.json["holds"] is True


def test_a_stored_answer_still_holds_after_the_bill_was_restated(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    answer = outlay("ask", "spend by team", "--json", *AS_OF).json
    bill.write_text(bill.read_text(encoding="utf-8").replace("10.10,10.10", "99.00,99.00"), encoding="utf-8")
    outlay("ingest", "focus", bill)
    assert outlay("verify", answer["id"]).code == 0


def test_a_question_to_an_empty_store_has_no_data(outlay: Run) -> None:
    outcome = outlay("ask", "top 5 costly models", "--json")
    assert outcome.code == 3
    assert outcome.json["status"] == "no_data"


def test_a_question_that_is_not_understood_offers_questions(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outcome = outlay("ask", "colourless green ideas sleep furiously", "--json")
    assert outcome.code == 3
    assert outcome.json["status"] == "not_understood"
    assert outcome.json["suggestions"]


def test_a_thread_carries_the_question_on(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outlay("ask", "spend in October 2026", "--thread", "t1", *AS_OF)
    answer = outlay("ask", "and by team?", "--thread", "t1", "--json", *AS_OF).json
    assert answer["period"] == {"start": "2026-10-01", "end": "2026-11-01"}
    assert "x_Team" in [column["name"] for column in answer["tables"][0]["columns"]]


def test_a_missing_file_is_one_sentence_and_exit_code_1(outlay: Run, tmp_path: Path) -> None:
    outcome = outlay("ingest", "focus", tmp_path / "nothing.csv")
    assert outcome.code == 1
    assert "nothing.csv" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_wrong_option_is_exit_code_2(outlay: Run, bill: Path) -> None:
    assert outlay("ingest", "usage", bill, "--provider", "openai", "--map", "nonsense").code == 2


def test_an_unknown_setting_is_named(outlay: Run, home: Path) -> None:
    home.mkdir()
    (home / "outlay.toml").write_text('colour = "blue"\n', encoding="utf-8")
    outcome = outlay("ask", "spend")
    assert outcome.code == 1
    assert "colour" in outcome.err


def test_piped_output_has_no_colours(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    assert "\x1b[" not in outlay("ask", "spend by model", *AS_OF).out


def test_usage_is_loaded_priced_and_answered(outlay: Run, tmp_path: Path) -> None:
    usage, prices = tmp_path / "usage.csv", tmp_path / "prices.yaml"
    usage.write_text("time,model,requests,input_tokens,output_tokens\n2026-10-02,m-1,3,1000,500\n", encoding="utf-8")
    prices.write_text(
        "currency: USD\nprices:\n  - {model: m-1, input: 2, output: 4, from: 2026-01-01}\n", encoding="utf-8"
    )
    report = outlay("ingest", "usage", usage, "--provider", "acme", "--prices", prices, "--json")
    assert report.code == 0, report.err
    answer = outlay("ask", "cost by model", "--json", *AS_OF).json
    assert "0.004" in [figure["value"] for figure in answer["figures"]]


def test_doctor_finds_nothing_wrong_with_a_loaded_home(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outcome = outlay("doctor", "--json")
    assert outcome.code == 0
    assert {check["name"] for check in outcome.json["checks"]} >= {"settings", "store", "model", "clock"}


def test_every_command_has_help_with_an_example(outlay: Run) -> None:
    for command in (
        ["demo"],
        ["ask"],
        ["chat"],
        ["ingest", "focus"],
        ["ingest", "usage"],
        ["data"],
        ["verify"],
        ["chargeback"],
        ["close"],
        ["mcp"],
        ["doctor"],
    ):
        outcome = outlay(*command, "--help")
        assert outcome.code == 0
        assert "Example: outlay" in outcome.out, command


def test_quarantined_rows_can_be_listed_with_reason_and_money(outlay: Run, bill: Path) -> None:
    text = bill.read_text(encoding="utf-8").replace(
        "2.50,2.50,2.50,2.50,acct-1,Main,USD", "2.50,2.50,2.50,2.50,acct-1,Main,12"
    )
    bill.write_text(text, encoding="utf-8")
    report = outlay("ingest", "focus", bill, "--json").json
    assert (report["accepted"], report["quarantined"]) == (3, 1)
    (row,) = outlay("data", "--quarantine", "--json").json["rows"]
    assert "urrency" in row["reason"]
    assert row["money"].startswith("2.5")
    assert "quartz-small" in row["row"]
    assert outlay("data", "--quarantine").out.splitlines()[0].endswith(", holding 2.5")


def test_the_price_list_of_a_load_can_be_looked_up_afterwards(outlay: Run, tmp_path: Path) -> None:
    usage, prices = tmp_path / "usage.csv", tmp_path / "prices.yaml"
    usage.write_text("time,model,requests,input_tokens,output_tokens\n2026-10-02,m-1,3,1000,500\n", encoding="utf-8")
    prices.write_text(
        "currency: USD\nprices:\n  - {model: m-1, input: 2, output: 4.25, from: 2026-01-01}\n", encoding="utf-8"
    )
    outlay("ingest", "usage", usage, "--provider", "acme", "--prices", prices)
    prices.unlink()
    answer = outlay("ask", "price of m-1", "--json", *AS_OF).json
    assert answer["status"] == "answered"
    assert "4.25" in [figure["value"] for figure in answer["figures"]]


def test_an_answer_in_the_terminal_is_one_table_with_bars(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    out = outlay("ask", "spend by model excluding credits", *AS_OF).out
    assert out.count("quartz-large") == 1
    assert "█" in out
    assert "outlay verify a-" in out


def test_the_query_behind_each_figure_is_shown_when_asked_for(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    out = outlay("ask", "spend by model", "--sql", *AS_OF).out
    assert "SUM(EffectiveCost)" in out
    assert "2026-10-01" in out


def test_an_empty_store_says_how_to_fill_it(outlay: Run) -> None:
    assert "outlay demo" in outlay("ask", "spend").out
    assert "outlay ingest focus" in outlay("data").out


def test_an_answer_that_does_not_exist_is_one_sentence(outlay: Run) -> None:
    outcome = outlay("verify", "a-none")
    assert outcome.code == 1
    assert "a-none" in outcome.err
    assert "Traceback" not in outcome.err


def test_an_unknown_persona_is_wrong_use_and_lists_the_known_ones(outlay: Run) -> None:
    outcome = outlay("ask", "spend", "--persona", "wizard")
    assert outcome.code == 2
    assert "finance" in outcome.err


def test_an_answer_without_a_model_has_no_model_usage(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    answer = outlay("ask", "spend in October 2026", "--json", "--persona", "finance").json
    assert (answer["model"], answer["model_usage"]) == ("builtin", None)
    assert "Billed cost by invoice issuer last month" in answer["suggestions"]


def test_a_name_that_is_not_there_is_told_with_how_far_the_data_go(outlay: Run, bill: Path) -> None:
    outlay("ingest", "focus", bill)
    outcome = outlay("ask", "spend on flibberty", "--as-of", "2026-10-31", "--json")
    assert (outcome.code, outcome.json["status"]) == (3, "no_data")
    assert outcome.json["loaded_through"] is not None
