"""genai-prices' own usage payloads, priced by Outlay: `python -m evals.prices`.

The truth is what genai-prices' repository expects of each body. Bodies are priced at noon of the commit's day with that
commit's catalogue; what its file leaves out (newer units, newer models) with the installed package, at a day
on which its dated prices are those of the commit.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
from genai_prices import types, units
from genai_prices.data_snapshot import DataSnapshot

from evals.paths import shared_data
from evals.report import Ask, EvalReport, Outcome, table
from tools.domain.errors import BadInput
from tools.pricing.catalogue import Catalogue
from tools.pricing.payloads import PricedPayload, price_payload

AT = datetime(2026, 8, 21, 12, tzinfo=UTC)
BEFORE_THE_CUT = datetime(2026, 7, 25, 12, tzinfo=UTC)


def catalogue_of(path: Path) -> Catalogue:
    """A catalogue file of genai-prices' repository as a price source."""
    registry = units._get_registry()
    providers = types._providers_from_raw(json.loads(path.read_text("utf-8")), registry)
    return Catalogue(DataSnapshot(providers, from_auto_update=False), path.name)


def run(folder: Path) -> EvalReport:
    """Price every payload that has an expected price."""
    sources = ((catalogue_of(folder / "genai_prices_data.json"), AT), (Catalogue(), BEFORE_THE_CUT), (Catalogue(), AT))
    asks: list[Ask] = []
    used: Counter[str] = Counter()
    without = 0
    for row in parquet.read_table(folder / "genai_usage_payloads.parquet").to_pylist():
        for extraction in json.loads(row["extracted"]):
            for expected in extraction["extractors"]:
                if "input_price" not in expected:
                    without += 1
                    continue
                outcome, got, source = _check(row, expected, sources)
                used[source] += outcome == "exact"
                asks.append(_priced(row, expected, outcome, got))
    asks.sort(key=lambda ask: ask.category)
    notes = [f"{count} by {source}" for source, count in used.items() if count]
    notes.append(f"{without} readings have no expected price and are left out")
    return EvalReport(name="usage payloads", asks=tuple(asks), notes=tuple(notes))


def _check(
    row: dict[str, Any], expected: dict[str, Any], sources: tuple[tuple[Catalogue, datetime], ...]
) -> tuple[Outcome, str, str]:
    outcome: Outcome = "refused"
    said: list[str] = []
    for catalogue, at in sources:
        try:
            priced = _price(row, expected, catalogue, at)
        except BadInput as fault:
            said.append(str(fault))
            continue
        if (priced.input_cost, priced.output_cost) == (
            Decimal(expected["input_price"]),
            Decimal(expected["output_price"]),
        ):
            return "exact", "", f"{catalogue.name} at {at:%Y-%m-%d}"
        outcome = "wrong"
        said.append(f"{catalogue.name}: {priced.input_cost}, {priced.output_cost}")
    return outcome, "; ".join(said), ""


def _price(row: dict[str, Any], expected: dict[str, Any], catalogue: Catalogue, at: datetime) -> PricedPayload:
    return price_payload(
        expected["provider_id"],
        json.loads(row["usage_body"]),
        model=row["model"],
        at=at,
        catalogue=catalogue,
        flavor=expected["api_flavor"],
    )


def _priced(row: dict[str, Any], expected: dict[str, Any], outcome: Outcome, got: str) -> Ask:
    return Ask(
        category=expected["provider_id"],
        case=expected["provider_id"],
        question=f"{row['model']} at {expected['provider_id']} ({expected['api_flavor']}) in {row['file']}",
        outcome=outcome,
        expected=f"{expected['input_price']}, {expected['output_price']}",
        got=got,
    )


def main() -> int:
    """Print the table and what is not exact; exit code 1 when something is wrong."""
    folder = shared_data("llm_prices")
    if folder is None:
        print("the public data set llm_prices is not here; set OUTLAY_SHARED_DATA to the folder that holds it")
        return 0
    report = run(folder)
    print(table(report))
    for miss in report.misses:
        print(f"{miss.outcome}: {miss.question}: expected {miss.expected}; got {miss.got}")
    return int(bool(report.misses))


if __name__ == "__main__":
    sys.exit(main())
