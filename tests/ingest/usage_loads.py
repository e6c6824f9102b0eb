"""Small usage loads into a store of their own, and what became of them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.domain.load import LoadReport
from tools.ingest.usage import load_usage
from tools.store.store import Store

PRICES = """
currency: USD
prices:
  - {model: m-one, input: 2, cached_input: 0.5, cache_write: 2.5, cache_write_1h: 4, output: 8, from: 2026-01-01}
"""
"""Distinct prices for every kind of token, so that a wrong count shows in the cost."""


@dataclass(frozen=True)
class Loaded:
    """A load's report, and the store it went to."""

    report: LoadReport
    store: Store

    def rows(self, columns: str, where: str = "true", order: str = "ALL") -> list[tuple[Any, ...]]:
        sql = f"SELECT {columns} FROM charges WHERE {where} ORDER BY {order}"
        return [tuple(row) for row in self.store.snapshot().query(sql).rows]

    def tokens(self) -> dict[str, int]:
        """Tokens by type."""
        found = (
            self.store.snapshot().query('SELECT "x_TokenType", sum("ConsumedQuantity") FROM charges GROUP BY 1').rows
        )
        return {kind: int(quantity) for kind, quantity in found if quantity is not None}

    def cost(self, column: str = "EffectiveCost") -> Decimal | None:
        rows = self.store.snapshot().query(f'SELECT sum("{column}") FROM charges').rows
        return rows[0][0] if rows[0][0] is None else Decimal(rows[0][0])

    @property
    def notes(self) -> str:
        return "\n".join(defect.detail for defect in self.report.defects)


def write_csv(path: Path, records: Sequence[Mapping[str, object]]) -> Path:
    names = list(dict.fromkeys(name for record in records for name in record))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(records)
    return path


def load_records(
    folder: Path,
    records: Sequence[Mapping[str, object]],
    *,
    provider: str = "openai",
    prices: str | None = PRICES,
    **more: Any,
) -> Loaded:
    """Load records that lack a time as of noon on 5 March 2026, and those that lack a model as m-one."""
    filled = [{"time": "2026-03-05T12:30:00Z", "model": "m-one", **record} for record in records]
    path = write_csv(folder / "usage.csv", filled)
    listed = None
    if prices is not None:
        listed = folder / "prices.yaml"
        listed.write_text(prices, "utf-8")
    store = Store(folder / "store")
    return Loaded(load_usage(store, [path], provider=provider, prices=listed, **more), store)
