"""Files as they come: encodings, ragged rows, damage."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ingest.bills import bill
from tools.domain.errors import BadInput
from tools.ingest.focus import load_focus
from tools.store import Store


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    return list(store.snapshot().query(sql).rows)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_other_encodings_are_decoded(store: Store, tmp_path: Path, encoding: str) -> None:
    path = bill(tmp_path / "a.csv", {"ChargeDescription": "Zürich é £"})
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    load_focus(store, [path])
    assert rows(store, 'SELECT "ChargeDescription" FROM charges') == [("Zürich é £",)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_found(store: Store, tmp_path: Path, delimiter: str) -> None:
    path = bill(tmp_path / "a.csv", {"ChargeDescription": "plain"})
    path.write_text(path.read_text().replace(",", delimiter))
    assert load_focus(store, [path]).accepted == 1


def test_blank_lines_and_windows_line_ends_are_nothing(store: Store, tmp_path: Path) -> None:
    path = bill(tmp_path / "a.csv", {}, {"EffectiveCost": "1"})
    path.write_bytes(b"\r\n" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert load_focus(store, [path]).read == 2


def test_line_ends_may_differ_within_a_file(store: Store, tmp_path: Path) -> None:
    path = bill(tmp_path / "a.csv", {}, {"EffectiveCost": "1"})
    first, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(first + b"\n" + rest.replace(b"\n", b"\r\n"))
    assert load_focus(store, [path]).read == 2


def test_a_quoted_field_may_hold_lines_and_quotes(store: Store, tmp_path: Path) -> None:
    text = 'two\nlines, and a "quote"'
    load_focus(store, [bill(tmp_path / "a.csv", {"ChargeDescription": text})])
    assert rows(store, 'SELECT "ChargeDescription" FROM charges') == [(text,)]


@pytest.mark.parametrize("line", ["1,2,3", ",".join("9" * 40), 'a"b,"c"d,e'])
def test_a_row_that_does_not_fit_the_header_is_kept_out_not_shifted(store: Store, tmp_path: Path, line: str) -> None:
    path = bill(tmp_path / "a.csv", {"EffectiveCost": "1"}, {"EffectiveCost": "2"})
    path.write_text(path.read_text() + line + "\n" + path.read_text().splitlines()[1] + "\n")
    report = load_focus(store, [path])
    assert (report.read, report.accepted, report.quarantined) == (4, 3, 1)
    assert rows(store, 'SELECT sum("EffectiveCost") FROM charges') == [(Decimal(4),)]
    assert rows(store, "SELECT row FROM quarantine") == [(line,)]


def test_a_quote_that_never_ends_refuses_the_file(store: Store, tmp_path: Path) -> None:
    path = bill(tmp_path / "a.csv", {}, {})
    path.write_text(path.read_text() + '"cut off,1,2\n3,4\n')
    with pytest.raises(BadInput, match="a quoted field that never ends"):
        load_focus(store, [path])


def test_a_huge_field_is_loaded_whole(store: Store, tmp_path: Path) -> None:
    load_focus(store, [bill(tmp_path / "a.csv", {"ChargeDescription": "x" * 5_000_000})])
    assert rows(store, 'SELECT length("ChargeDescription") FROM charges') == [(5_000_000,)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.parquet", b"PAR1 and then nothing", "can't be read as Parquet"),
        ("a.parquet", b"BilledCost\n1\n", "is not a Parquet file"),
        ("a.csv.gz", gzip.compress(b"BilledCost,BillingPeriodStart\n" * 999, mtime=0)[:30], "damaged gzip"),
        ("a.csv", bytes(range(256)) * 40, "is not text"),
        ("a.csv", b"\n\n\n", "has no header line"),
        ("a.csv", b"BilledCost,billedcost,BillingPeriodStart\n1,2,2026-10-01\n", "two columns for BilledCost"),
        ("a.csv", b"BilledCost,BillingPeriodStart\n", "no rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(
    store: Store, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        load_focus(store, [path])
    assert store.snapshot().generation == 0


def test_a_path_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.csv is not there"):
        load_focus(store, [tmp_path / "nowhere.csv"])
    with pytest.raises(BadInput, match="no file matches"):
        load_focus(store, [str(tmp_path / "*.csv")])
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput, match="holds no file ending in"):
        load_focus(store, [tmp_path / "folder"])


def test_quarantined_rows_go_when_the_mended_file_is_loaded(store: Store, tmp_path: Path) -> None:
    path = bill(tmp_path / "a.csv", {"EffectiveCost": "oops"}, {})
    load_focus(store, [path])
    load_focus(store, [path])
    assert [(row.file, row.reason) for row in store.quarantined_rows()] == [("a.csv", "EffectiveCost can't be read")]
    load_focus(store, [bill(path, {}, {})])
    assert rows(store, "SELECT count(*) FROM quarantine") == [(0,)]
    assert store.summary().quarantined == ()
