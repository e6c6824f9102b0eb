"""Makers of malformed FOCUS files: each takes a seeded Random and a folder, and gives what to load."""

import csv
import gzip
import io
import random
from collections.abc import Callable
from pathlib import Path

import duckdb

Maker = Callable[[random.Random, Path], Path]

HEADER = [
    *("BilledCost", "EffectiveCost", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd"),
    *("ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory", "InvoiceIssuerName", "BillingAccountId"),
    *("ServiceName", "Tags"),
]
MAKERS: dict[str, Maker] = {}


def maker(make: Maker) -> Maker:
    MAKERS[make.__name__] = make
    return make


def rows(chance: random.Random, count: int = 0) -> list[list[str]]:
    """Sound rows."""
    made = []
    for _ in range(count or chance.randint(1, 60)):
        day = chance.randint(1, 28)
        cost = f"{chance.randint(0, 10**9)}e-{chance.randint(0, 9)}"
        service = chance.choice(["EC2", "S3, infrequent", 'the "best"'])
        start = f"2026-10-{day:02}"
        period = ["2026-10-01", "2026-11-01", start, f"{start}T01:00:00Z"]
        made.append([cost, cost, "USD", *period, "Usage", "AWS", str(chance.randint(1, 3)), service, '{"team":"a"}'])
    return made


def text(body: list[list[str]], header: list[str] = HEADER) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *body])
    return out.getvalue()


def put(folder: Path, content: bytes | str, name: str = "bill.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def with_cell(chance: random.Random, folder: Path, column: str, value: str) -> Path:
    body = rows(chance)
    for row in chance.sample(body, chance.randint(1, len(body))):
        row[HEADER.index(column)] = value
    return put(folder, text(body))


@maker
def wrong_encoding(chance: random.Random, folder: Path) -> Path:
    encoding = chance.choice(["utf-16", "utf-32", "cp1252", "shift_jis", "cp037", "utf-7", "utf-16-be"])
    return put(folder, text([*rows(chance), *rows(chance, 1)]).replace("EC2", "Größe é").encode(encoding, "replace"))


@maker
def bytes_that_are_no_text_inside(chance: random.Random, folder: Path) -> Path:
    content = bytearray(text(rows(chance)).encode())
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return put(folder, bytes(content))


@maker
def ragged_rows(chance: random.Random, folder: Path) -> Path:
    body = rows(chance)
    for row in chance.sample(body, chance.randint(1, len(body))):
        if chance.random() < 0.5:
            del row[chance.randrange(len(row)) :]
        else:
            row.extend(["extra"] * chance.randint(1, 30))
    return put(folder, text(body))


@maker
def huge_fields(chance: random.Random, folder: Path) -> Path:
    return with_cell(chance, folder, "ServiceName", "x" * chance.choice([200_000, 3_000_000]))


@maker
def formulas(chance: random.Random, folder: Path) -> Path:
    formula = chance.choice(["=cmd|' /C calc'!A0", "=1+1", "@SUM(A1)", "+1+1", '=HYPERLINK("http://127.0.0.1","x")'])
    return with_cell(chance, folder, chance.choice(["BilledCost", "EffectiveCost", "ServiceName", "Tags"]), formula)


@maker
def nul_bytes(chance: random.Random, folder: Path) -> Path:
    value = chance.choice(["\0", "a\0b", "\0" * 40])
    return with_cell(chance, folder, chance.choice(HEADER), value)


@maker
def absurd_money(chance: random.Random, folder: Path) -> Path:
    values = [
        "1e400",
        "-1e400",
        "inf",
        "-Infinity",
        "NaN",
        "1e14",
        "99999999999999999999",
        "1e-400",
        "1,2,3",
        "١٢",
        "1_0",
        "0x1F",
    ]
    return with_cell(chance, folder, chance.choice(["BilledCost", "EffectiveCost"]), chance.choice(values))


@maker
def money_that_overflows_when_summed(chance: random.Random, folder: Path) -> Path:
    body = rows(chance, 40)
    for row in body:
        row[0] = row[1] = "99999999999999"
    return put(folder, text(body))


@maker
def absurd_dates(chance: random.Random, folder: Path) -> Path:
    values = [
        "0000-00-00",
        "9999-12-31",
        "2026-02-30",
        "1e9",
        "tomorrow",
        "2026-10-01T99:00:00Z",
        "-44-03-15",
        "infinity",
        "13/13/13",
    ]
    column = chance.choice(["BillingPeriodStart", "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodEnd"])
    return with_cell(chance, folder, column, chance.choice(values))


@maker
def mixed_currencies(chance: random.Random, folder: Path) -> Path:
    return with_cell(
        chance, folder, "BillingCurrency", chance.choice(["EUR", "eur", "$", "US Dollar", "", "NULL", "XX"])
    )


@maker
def truncated_text(chance: random.Random, folder: Path) -> Path:
    content = text(rows(chance, 30)).encode()
    return put(folder, content[: chance.randrange(len(content))])


@maker
def truncated_gzip(chance: random.Random, folder: Path) -> Path:
    content = gzip.compress(text(rows(chance, 60)).encode())
    return put(folder, content[: chance.randrange(1, len(content))], "bill.csv.gz")


@maker
def damaged_gzip(chance: random.Random, folder: Path) -> Path:
    content = bytearray(gzip.compress(text(rows(chance, 60)).encode()))
    content[chance.randrange(10, len(content))] ^= 0xFF
    return put(folder, bytes(content), "bill.csv.gz")


@maker
def truncated_parquet(chance: random.Random, folder: Path) -> Path:
    content = parquet(chance, folder)
    return put(folder, content[: chance.randrange(len(content))], "bill.parquet")


@maker
def damaged_parquet(chance: random.Random, folder: Path) -> Path:
    content = bytearray(parquet(chance, folder))
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    return put(folder, bytes(content), "bill.parquet")


@maker
def parquet_with_odd_types(chance: random.Random, folder: Path) -> Path:
    path = folder / "bill.parquet"
    cost = chance.choice(
        ["'inf'::DOUBLE", "'nan'::DOUBLE", "[1.5]", "{'a': 1}", "1e300", "true", "DATE '2026-01-01'", "'1.5'::BLOB"]
    )
    start = chance.choice(
        ["DATE '2026-10-01'", "'2026-10-01'", "20261001", "TIMESTAMPTZ '2026-10-01'", "INTERVAL 1 DAY", "1.5"]
    )
    _duckdb(
        f"COPY (SELECT {cost} AS BilledCost, {start} AS BillingPeriodStart FROM range(9)) TO '{path}' (FORMAT parquet)"
    )
    return path


@maker
def no_bytes(chance: random.Random, folder: Path) -> Path:
    return put(folder, b"", chance.choice(["bill.csv", "bill.csv.gz", "bill.parquet"]))


@maker
def only_a_header(chance: random.Random, folder: Path) -> Path:
    return put(folder, text([]))


@maker
def only_blank_lines(chance: random.Random, folder: Path) -> Path:
    return put(folder, "\n" * chance.randint(1, 50) + " \n")


@maker
def binary_junk(chance: random.Random, folder: Path) -> Path:
    return put(
        folder, chance.randbytes(chance.randint(1, 5000)), chance.choice(["bill.csv", "bill.parquet", "bill.csv.gz"])
    )


@maker
def header_of_junk(chance: random.Random, folder: Path) -> Path:
    header = list(HEADER)
    change = chance.choice(["double", "blank", "quote", "drop", "long"])
    if change == "double":
        header[3] = header[0].lower()
    elif change == "blank":
        header[chance.randrange(len(header))] = ""
    elif change == "quote":
        header[11] = 'Ta"gs;--'
    elif change == "drop":
        header = [name for name in header if "Cost" not in name] + ["a", "b"]
    else:
        header[10] = "x_" + "n" * 5000
    return put(folder, text(rows(chance), header))


@maker
def quotes_gone_wrong(chance: random.Random, folder: Path) -> Path:
    content = list(text(rows(chance)))
    for _ in range(chance.randint(1, 9)):
        content.insert(chance.randrange(len(content)), '"')
    return put(folder, "".join(content))


@maker
def an_empty_folder(chance: random.Random, folder: Path) -> Path:
    inner = folder / "folder.csv"
    inner.mkdir()
    return inner


@maker
def a_folder_of_other_things(chance: random.Random, folder: Path) -> Path:
    inner = folder / "folder"
    (inner / "deep.csv").mkdir(parents=True)
    (inner / "notes.txt").write_text("nothing to load")
    if chance.random() < 0.5:
        put(inner, text(rows(chance)))
    return inner


@maker
def another_kind_of_file(chance: random.Random, folder: Path) -> Path:
    kinds = {
        "bill.json": b'{"BilledCost": 1}',
        "bill.zip": b"PK\x03\x04rest",
        "bill.xlsx": b"PK\x03\x04",
        "bill.html": b"<table>",
    }
    name = chance.choice(sorted(kinds))
    return put(folder, kinds[name], name)


@maker
def tags_of_junk(chance: random.Random, folder: Path) -> Path:
    values = [
        "{",
        "[1,2]",
        '{"team": {"a": [1]}}',
        '{"team": null, "team": "b"}',
        "a=b",
        '"x"',
        '{"":""}',
        '{"\'": "\\u0000"}',
    ]
    return with_cell(chance, folder, "Tags", chance.choice(values))


def parquet(chance: random.Random, folder: Path) -> bytes:
    """A sound Parquet bill."""
    source, path = put(folder, text(rows(chance, 50)), "source.csv"), folder / "source.parquet"
    _duckdb(f"COPY (SELECT * FROM read_csv('{source}')) TO '{path}' (FORMAT parquet)")
    content = path.read_bytes()
    source.unlink()
    path.unlink()
    return content


def _duckdb(sql: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(sql)
