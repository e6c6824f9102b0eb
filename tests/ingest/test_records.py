"""Files of budgets, events, metrics, runs, quality and owners → records."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.errors import BadInput
from tools.domain.load import LoadReport
from tools.domain.records import RecordKind
from tools.ingest.records import load_records
from tools.store import Store


class Desk:
    """A store, and files written for it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, Store(folder / "store")

    def load(self, kind: RecordKind, text: str, name: str = "file.csv", **options: object) -> LoadReport:
        (self.folder / name).write_text(text)
        return load_records(self.store, kind, [self.folder / name], **options)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_metric_row_is_a_day_a_name_an_exact_value_and_its_slice(desk: Desk) -> None:
    report = desk.load("metrics", "date,metric,value,team,plan\n2026-10-01,documents,0.1,docs,gold\n")
    assert (report.read, report.accepted, report.quarantined) == (1, 1, 0)
    (one,) = desk.store.snapshot().records("metrics")
    assert (one.source, one.day, one.metric, one.value) == ("file", date(2026, 10, 1), "documents", Decimal("0.1"))
    assert one.slice == {"x_Team": "docs", "x_plan": "gold"}


def test_json_lines_and_parquet_say_the_same_as_csv(desk: Desk) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    row = {"time": "2026-10-01T09:00:00Z", "kind": "Deployment", "title": "web 2", "slice": {"x_Project": "web"}}
    desk.load("events", json.dumps(row) + "\n", "a.jsonl")
    table = {"time": [datetime(2026, 10, 2, 9)], "kind": ["launch"], "title": ["app"], "x_Project": ["app"]}
    pq.write_table(pa.table(table), desk.folder / "b.parquet")
    load_records(desk.store, "events", [desk.folder / "b.parquet"])
    first, second = desk.store.snapshot().records("events")
    assert (first.time, first.kind, first.title) == (datetime(2026, 10, 1, 9), "deployment", "web 2")
    assert (dict(first.slice), dict(second.slice)) == ({"x_Project": "web"}, {"x_Project": "app"})


def test_what_cannot_be_read_is_quarantined_with_its_reason(desk: Desk) -> None:
    rows = "2026-10-01,a,1\nsoon,a,1\n2026-10-02,,1\n2026-10-03,a,many\n2026-10-04,a,\n"
    report = desk.load("metrics", "date,metric,value\n" + rows)
    assert (report.read, report.accepted, report.quarantined) == (5, 1, 4)
    assert {one.reason for one in report.reasons} == {
        "day can't be read as a date",
        "metric is missing",
        "value can't be read as a number",
        "value is missing",
    }


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("period,amount,currency\n2026-10,5,USD", date(2026, 10, 1), date(2026, 11, 1)),
        ("quarter,amount,currency\n2026-Q4,5,USD", date(2026, 10, 1), date(2027, 1, 1)),
        ("year,amount,currency\n2026,5,USD", date(2026, 1, 1), date(2027, 1, 1)),
        ("start,last_day,amount,currency\n2026-10-01,2026-10-31,5,USD", date(2026, 10, 1), date(2026, 11, 1)),
        ("start,end,amount,currency\n2026-10-01,2026-10-31,5,USD", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_budget_says_its_span_in_several_ways(desk: Desk, line: str, start: date, end: date) -> None:
    desk.load("budgets", line + "\n")
    (one,) = desk.store.snapshot().records("budgets")
    assert (one.start, one.end) == (start, end)


def test_a_budget_without_span_currency_or_sense_is_quarantined(desk: Desk) -> None:
    rows = ("a,2026-10-01,2026-11-01,5,", "b,,2026-11-01,5,USD", "c,2026-10-01,2026-10-01,5,USD",
            "d,2026-10-01,2026-11-01,-5,USD")  # fmt: skip
    report = desk.load("budgets", "name,start,end,amount,currency\n" + "\n".join(rows) + "\n")
    assert (report.accepted, report.quarantined) == (0, 4)
    assert sum(one.money or 0 for one in report.reasons) == Decimal(10)


def test_rows_that_contradict_each_other_are_all_kept_out(desk: Desk) -> None:
    report = desk.load("metrics", "date,metric,value\n2026-10-01,a,1\n2026-10-01,a,2\n2026-10-02,a,3\n")
    assert (report.accepted, report.quarantined) == (1, 2)
    assert "different things about the same day, metric, slice" in report.reasons[0].reason


def test_the_same_row_twice_counts_once(desk: Desk) -> None:
    report = desk.load("metrics", "date,metric,value\n2026-10-01,a,1\n2026-10-01,a,1\n")
    assert (report.accepted, report.quarantined) == (1, 1)


def test_a_record_that_another_source_holds_is_not_counted_twice(desk: Desk) -> None:
    desk.load("metrics", "date,metric,value\n2026-10-01,a,1\n", "first.csv")
    report = desk.load("metrics", "date,metric,value\n2026-10-01,a,1\n2026-10-02,a,1\n", "second.csv")
    assert (report.accepted, report.quarantined) == (1, 1)
    assert "source first holds" in report.reasons[0].reason


def test_loading_a_file_again_replaces_it(desk: Desk) -> None:
    for value in (1, 2):
        report = desk.load("metrics", f"date,metric,value\n2026-10-01,a,{value}\n")
    assert (report.replaced, [one.value for one in desk.store.snapshot().records("metrics")]) == (1, [Decimal(2)])


def test_a_column_can_be_mapped(desk: Desk) -> None:
    columns = {"dept": "x_Team", "wert": "amount"}
    desk.load("budgets", "dept,period,wert,currency\nads,2026-10,7,EUR\n", columns=columns)
    (one,) = desk.store.snapshot().records("budgets")
    assert (one.amount, one.currency, dict(one.slice)) == (Decimal(7), "EUR", {"x_Team": "ads"})


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("date,value\n2026-10-01,1\n", {}, "no column is the metric: say --map COLUMN=metric; the columns of file.csv"),
        ("date,metric,value\n2026-10-01,a,1\n", {"nix": "day"}, "there is no column nix"),
        ("date,metric,value\n2026-10-01,a,1\n", {"date": "when"}, "when is no FIELD and no dimension"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_would_work(
    desk: Desk, text: str, columns: dict[str, str], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        desk.load("metrics", text, columns=columns)
    assert desk.store.snapshot().generation == 0


def test_a_column_that_says_nothing_about_the_slice_is_left_out_and_told(desk: Desk) -> None:
    report = desk.load("events", "time,title,weather\n2026-10-01,web 2,sunny\n")
    assert [(one.column, one.defect) for one in report.defects] == [("weather", "note")]
    assert desk.store.snapshot().records("events")[0].slice == {}


def test_a_run_names_the_metric_after_its_column(desk: Desk) -> None:
    desk.load("runs", "run,start,end,gpu_hours,status,final_loss,x_Project\nr1,2026-10-01,2026-10-03,48,ok,2.5,base\n")
    (one,) = desk.store.snapshot().records("runs")
    assert (one.run_id, one.gpu_hours, one.metric_name, one.metric_value) == (
        "r1", Decimal(48), "final_loss", Decimal("2.5"),
    )  # fmt: skip


def test_mlflows_file_store_gives_its_runs(desk: Desk) -> None:
    run = desk.folder / "mlruns" / "1" / "abc"
    for folder in ("metrics", "params", "tags"):
        (run / folder).mkdir(parents=True)
    (run.parent / "meta.yaml").write_text("experiment_id: '1'\nname: ranker\n")
    (run / "meta.yaml").write_text(
        "run_id: abc\nrun_name: swift-owl\nstart_time: 1790812800000\nend_time: 1790816400000\nstatus: 3\n"
    )
    (run / "metrics" / "train_loss").write_text("1790812800000 2.0 0\n")
    (run / "metrics" / "val_accuracy").write_text("1790812800000 0.70 1\n1790816400000 0.82 2\n")
    (run / "params" / "num_epochs").write_text("2")
    (run / "tags" / "team").write_text("ranking")
    report = load_records(desk.store, "runs", [desk.folder / "mlruns"])
    assert (report.read, report.accepted, report.sources) == (1, 1, ("mlruns",))
    (one,) = desk.store.snapshot().records("runs")
    assert (one.run_id, one.name, one.status, one.epochs) == ("abc", "swift-owl", "finished", Decimal(2))
    assert (one.start, one.metric_name, one.metric_value) == (datetime(2026, 10, 1), "val_accuracy", Decimal("0.82"))
    assert dict(one.slice) == {"x_Experiment": "ranker", "x_Team": "ranking"}


def test_a_quality_score_is_about_its_model_and_use_case(desk: Desk) -> None:
    desk.load("quality", "date,model,use_case,success_rate,n\n2026-10-01,gpt-5.5,extraction,0.9,1000\n")
    (one,) = desk.store.snapshot().records("quality")
    assert (one.metric, one.score, one.samples) == ("success_rate", Decimal("0.9"), Decimal(1000))
    assert dict(one.slice) == {"x_Model": "gpt-5.5", "x_UseCase": "extraction"}


def test_an_owner_map_is_effective_dated(desk: Desk) -> None:
    rows = "account,42,2026-01-01,2026-07-01,ads\naccount,42,2026-07-01,,search\naccount,43,,,\n"
    report = desk.load("owners", "kind,key,from,to,team\n" + rows)
    assert (report.accepted, report.reasons[0].reason) == (2, "names no team, product, cost centre or person")
    first, second = desk.store.snapshot().records("owners")
    assert (first.team, first.end, second.team, second.end) == ("ads", date(2026, 7, 1), "search", None)
    assert dict(second.slice) == {"x_Team": "search", "SubAccountId": "42"}
