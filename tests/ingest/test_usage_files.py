"""Which files and columns a usage load takes, what it refuses, and what it quarantines."""

import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.ingest.usage_loads import PRICES, Loaded, load_records, write_csv
from tools.domain.errors import BadInput
from tools.ingest.usage import load_usage
from tools.store.store import Store

HEADER = "timestamp,model_name,prompt_tokens,completion_tokens,team\n"
LINE = "2026-03-05T12:00:00Z,m-one,1000000,0,growth\n"


def load_file(folder: Path, *paths: Path | str, provider: str = "openai", **more: object) -> Loaded:
    (folder / "prices.yaml").write_text(PRICES, "utf-8")
    store = Store(folder / "store")
    report = load_usage(store, paths, provider=provider, prices=folder / "prices.yaml", **more)  # type: ignore[arg-type]
    return Loaded(report, store)


def test_gzipped_csv_with_other_names_maps_itself(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv.gz"
    path.write_bytes(gzip.compress((HEADER + LINE).encode()))
    loaded = load_file(tmp_path, path)
    assert loaded.rows('"x_Team", "EffectiveCost", "ChargePeriodEnd"') == [("growth", 2, datetime(2026, 3, 5, 13))]


def test_parquet_keeps_whole_numbers_that_pandas_made_floats(tmp_path: Path) -> None:
    path = tmp_path / "usage.parquet"
    times = pa.array([datetime(2026, 3, 5), datetime(2026, 3, 6)], pa.timestamp("us"))
    columns = {"date": times, "model": ["m-one"] * 2, "input_tokens": [1e6, 2e6], "cached_tokens": [5e5, float("nan")]}
    parquet.write_table(pa.table(columns), path)
    loaded = load_file(tmp_path, path)
    assert loaded.tokens() == {"input": 2_500_000, "cached_input": 500_000}
    assert loaded.rows('DISTINCT "ChargePeriodEnd" - "ChargePeriodStart" = INTERVAL 1 DAY') == [(True,)]


def test_json_lines_with_nested_usage_map_themselves(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    usage = {"prompt_tokens": 100, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 60}}
    lines = [{"timestamp": 1772712000 + n, "model": "m-one", "usage": usage, "user": {"id": "u"}} for n in range(3)]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    loaded = load_file(tmp_path, path)
    assert loaded.tokens() == {"input": 120, "cached_input": 180, "output": 21}
    assert loaded.rows('DISTINCT "x_user_id"') == [("u",)]
    assert loaded.rows('sum("x_Requests")') == [(3,)]


def test_a_folder_of_several_formats_is_one_load(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "a.csv").write_text(HEADER + LINE, "utf-8")
    record = {"timestamp": "2026-03-06T12:00:00Z", "model_name": "m-one", "prompt_tokens": 5, "completion_tokens": 6}
    (folder / "b.jsonl").write_text(json.dumps(record), "utf-8")
    loaded = load_file(tmp_path, folder)
    assert (loaded.report.read, loaded.tokens()) == (2, {"input": 1_000_005, "output": 6})


def test_the_same_content_under_two_names_is_loaded_once(tmp_path: Path) -> None:
    for name in ("a.csv", "copy of a.csv"):
        (tmp_path / name).write_text(HEADER + LINE, "utf-8")
    assert load_file(tmp_path, str(tmp_path / "*.csv")).report.read == 1


def test_columns_are_mapped_set_and_kept(tmp_path: Path) -> None:
    record = {"client": "c-1", "Region": "eu-west-1", "shard": "7", "prompt": "secret words", "input_tokens": 1}
    loaded = load_records(tmp_path, [record], columns={"client": "x_Customer"}, assign={"x_Team": "growth"})
    rows = loaded.rows('"x_Customer", "RegionId", "x_shard", "x_Team"')
    assert rows == [("c-1", "eu-west-1", "7", "growth")]
    assert not any("secret" in str(row) for row in loaded.rows("*"))
    assert "prompt: what people said to a model is not kept" in loaded.notes


def test_a_constant_can_be_the_model(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [{"day": "20260305", "input_tokens": "1000000"}])
    assert load_file(tmp_path, path, assign={"model": "m-one"}).cost() == 2


def test_an_account_names_the_source(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"org": "org-9", "input_tokens": 1}], columns={"org": "BillingAccountId"})
    assert loaded.rows('"x_Source", "BillingAccountId"') == [("OpenAI org-9", "org-9")]


@pytest.mark.parametrize(
    ("columns", "assign", "message"),
    [
        ({"nope": "model"}, {}, r"there is no column nope; the columns of usage\.csv are time, model, input_tokens"),
        ({"team": "tokens"}, {}, r"tokens is no FIELD; .* FIELDs are time, end_time, model"),
        ({"team": "x_Model"}, {}, "x_Model is filled by Outlay itself"),
        ({"team": "model", "time": "model"}, {}, "both mapped to model"),
        ({"team": "x_Team"}, {"x_Team": "growth"}, "both mapped .* and set"),
        ({"time": "x_when"}, {}, "no column says when: say --map COLUMN=time"),
    ],
)
def test_a_mapping_that_cannot_be_used_lists_columns_and_fields(
    tmp_path: Path, columns: dict[str, str], assign: dict[str, str], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        load_records(tmp_path, [{"input_tokens": 1, "team": "a"}], columns=columns, assign=assign)


def test_two_columns_that_could_be_the_same_field_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cached_tokens and prompt_cache_hit_tokens could each be cached_input_tokens"):
        load_records(tmp_path, [{"input_tokens": 9, "cached_tokens": 1, "prompt_cache_hit_tokens": 2}])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"input_tokens": "-1"}, "input_tokens is negative"),
        ({"input_tokens": "1.5"}, "input_tokens is not a whole number"),
        ({"input_tokens": "many"}, "input_tokens is not a whole number"),
        ({"output_tokens": "1e16"}, "output_tokens is more than 10^15 in one record"),
        ({"time": "yesterday", "input_tokens": 1}, "time is missing or unreadable"),
        ({"time": "", "input_tokens": 1}, "time is missing or unreadable"),
        ({"time": "1999-12-31", "input_tokens": 1}, "time is not between 2000 and 2199"),
        ({"input_tokens": 1, "cost": "a lot"}, "cost is not a number"),
        ({"input_tokens": 1, "batch": "perhaps"}, "batch is neither true nor false"),
        ({"time": "9999999999999999999", "input_tokens": 1}, "time is missing or unreadable"),
        ({"meter": "seats", "quantity": "1e25"}, "quantity is more than 10^15 in one record"),
        ({"meter": "seats", "quantity": "-3"}, "quantity is negative"),
        ({"meter": "seats", "quantity": "0.0000000001"}, "quantity is not a number of at most 9 decimals"),
    ],
)
def test_a_record_that_cannot_be_read_is_quarantined_with_its_reason(
    tmp_path: Path, record: dict[str, object], reason: str
) -> None:
    loaded = load_records(tmp_path, [record, {"input_tokens": 1}])
    report = loaded.report
    assert [one.reason for one in report.reasons] == [reason]
    assert (report.read, report.accepted, report.quarantined) == (2, 1, 1)


def test_the_money_in_a_quarantined_record_is_reported(tmp_path: Path) -> None:
    loaded = load_records(tmp_path, [{"input_tokens": -5, "cost": "1.25"}, {"input_tokens": 5, "cost": "1"}])
    assert loaded.report.reasons[0].money == Decimal("1.25")
    assert loaded.report.reasons[0].example == (
        '{"time":"2026-03-05T12:30:00Z","model":"m-one","input_tokens":"-5","cost":"1.25"}'
    )


@pytest.mark.parametrize("written", ["1000000", "1000000.0", "1e6", " 1000000 "])
def test_whole_numbers_are_read_however_they_are_written(tmp_path: Path, written: str) -> None:
    assert load_records(tmp_path, [{"input_tokens": written}]).tokens() == {"input": 1_000_000}


@pytest.mark.parametrize("nothing", ["", "null", "NaN", "None"])
def test_a_count_that_says_nothing_is_no_fault(tmp_path: Path, nothing: str) -> None:
    loaded = load_records(tmp_path, [{"input_tokens": 3, "reasoning_tokens": nothing}])
    assert (loaded.report.quarantined, loaded.tokens()) == (0, {"input": 3})


@pytest.mark.parametrize(
    "written", ["2026-03-05T12:30:00Z", "2026-03-05 14:30:00+02:00", "1772713800", "1772713800000", "1772713800000000"]
)
def test_times_are_read_as_utc(tmp_path: Path, written: str) -> None:
    loaded = load_records(tmp_path, [{"time": written, "input_tokens": 3}])
    assert loaded.rows('"ChargePeriodStart"') == [(datetime(2026, 3, 5, 12, 30),)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\x00\x01\x02",
        "not,a\nusage,file\n",
        HEADER + LINE + "2026-03-05,m-one,1,2,growth,one cell too many\n",
        HEADER + "2026-03-05,m-one,1\n" + LINE,
        HEADER + '2026-03-05,"m-one,1,2,growth\n',
    ],
)
def test_a_file_that_is_no_usage_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(BadInput):
        load_file(tmp_path, path)


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.parquet"
    path.write_bytes(b"PAR1 cut off")
    with pytest.raises(BadInput, match="the data can't be read"):
        load_file(tmp_path, path)


def test_an_unknown_ending_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "usage.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(BadInput, match=r"the endings that are read are \.csv"):
        load_file(tmp_path, path)
