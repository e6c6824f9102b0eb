"""The bill of the days that follow: a row for each hour in which a machine ran; everything else as the week before."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evals.story.cloud import Hour
from tools.domain.period import Period

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def write_bill(folder: Path, machines: Sequence[str], hours: Sequence[Hour]) -> list[Path]:
    """Add the hours to the months they lie in; the files that are to be loaded anew, each a whole month."""
    before = pa.concat_tables([pq.read_table(path) for path in sorted(folder.rglob("*.parquet"))[-2:]])
    rows = [_machine_rows(before, one, hours) for one in machines]
    rows += _others(before, machines, hours)
    return [_written(folder, month, pa.concat_tables(rows)) for month in _months(hours)]


def _machine_rows(before: pa.Table, machine: str, hours: Sequence[Hour]) -> pa.Table:
    """The machine's last hour on the bill, once for each hour that it ran."""
    own = before.filter(pc.equal(before["ResourceId"].cast(pa.string()), machine))
    starts = [hour.start.replace(tzinfo=None) for hour in hours if machine in hour.running]
    template = own.slice(own.num_rows - 1, 1).take(pa.array([0] * len(starts), pa.int64()))
    return _timed(template, starts, timedelta(hours=1))


def _others(before: pa.Table, machines: Sequence[str], hours: Sequence[Hour]) -> list[pa.Table]:
    """Usage of everything else in the last week, again and again."""
    first, end = hours[0].start.replace(tzinfo=None), hours[-1].start.replace(tzinfo=None) + timedelta(hours=1)
    start = before["ChargePeriodStart"]
    length = pc.subtract(before["ChargePeriodEnd"], start)
    kept = pc.and_(pc.greater_equal(start, pa.scalar(first - _WEEK, start.type)), pc.less(start, _at(first, start)))
    kept = pc.and_(kept, pc.less_equal(length, pa.scalar(_DAY, length.type)))
    kept = pc.and_(kept, pc.equal(before["ChargeCategory"].cast(pa.string()), "Usage"))
    named = pc.is_in(before["ResourceId"].cast(pa.string()), value_set=pa.array(list(machines), pa.string()))
    week = before.filter(pc.and_(kept, pc.invert(named)))
    found = []
    for number in range(1, (end - first).days // 7 + 2):
        moved = _moved(week, number * _WEEK)
        found.append(moved.filter(pc.less(moved["ChargePeriodStart"], _at(end, start))))
    return found


def _moved(table: pa.Table, by: timedelta) -> pa.Table:
    starts = [one + by for one in table["ChargePeriodStart"].to_pylist()]
    ends = [one + by for one in table["ChargePeriodEnd"].to_pylist()]
    return _set(table, starts, ends)


def _timed(table: pa.Table, starts: Sequence[datetime], length: timedelta) -> pa.Table:
    return _set(table, starts, [one + length for one in starts])


def _set(table: pa.Table, starts: Sequence[datetime], ends: Sequence[datetime]) -> pa.Table:
    """The rows at other times, each in the billing period of its month."""
    months = [Period.month_of(one.date()) for one in starts]
    told = {
        "ChargePeriodStart": starts,
        "ChargePeriodEnd": ends,
        "BillingPeriodStart": [datetime.combine(one.start, time()) for one in months],
        "BillingPeriodEnd": [datetime.combine(one.end, time()) for one in months],
    }
    for name, values in told.items():
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.array(values, table.schema.field(place).type))
    return table


def _months(hours: Sequence[Hour]) -> list[date]:
    return sorted({hour.start.date().replace(day=1) for hour in hours})


def _written(folder: Path, month: date, rows: pa.Table) -> Path:
    path = folder / f"BILLING_PERIOD={month:%Y-%m}" / "fernhill-focus-00001.snappy.parquet"
    own = rows.filter(
        pc.equal(rows["BillingPeriodStart"], _at(datetime.combine(month, time()), rows["BillingPeriodStart"]))
    )
    whole = pa.concat_tables([pq.read_table(path), own]) if path.exists() else own
    path.parent.mkdir(exist_ok=True)
    pq.write_table(whole, path, compression="snappy")
    return path


def _at(moment: datetime, like: pa.ChunkedArray) -> pa.Scalar:
    return pa.scalar(moment, like.type)
