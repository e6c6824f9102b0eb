"""Provisioned throughput is sized on the hourly curve."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.optimize.commitments.company import context
from tools.ingest.usage import load_usage
from tools.optimize.commitments.offers import ProvisionedOffer
from tools.optimize.commitments.throughput import ProvisionedThroughput, size
from tools.optimize.ledger import read_ledger
from tools.optimize.portfolio import valued
from tools.store import Store


def offer(minimum: int = 1, increment: int = 1, rate: str = "5") -> ProvisionedOffer:
    return ProvisionedOffer(
        provider="p", models=("m",), unit="unit", tokens_per_minute=Decimal(1), output_weight=Decimal(4),
        minimum=minimum, increment=increment, rate=Decimal(rate), term="hourly", currency="USD", source="s",
        checked=date(2026, 11, 1),
    )  # fmt: skip


@given(tokens=st.lists(st.integers(0, 600), min_size=1, max_size=30), minimum=st.integers(1, 3), step=st.integers(1, 3))
def test_no_number_of_units_that_can_be_bought_saves_more(tokens: list[int], minimum: int, step: int) -> None:
    cost = Fraction(sum(tokens), 10)
    found = size(np.array(tokens, dtype=float), cost, offer(minimum, step))
    savings = [Fraction(0)]
    for units in range(minimum, 40, step):
        inside = Fraction(sum(min(one, units * 60) for one in tokens), sum(tokens) or 1)
        savings.append(cost * inside - 5 * units * len(tokens))
    assert abs(found.saving - max(savings)) < Fraction(1, 10**6)


def test_steady_tokens_are_served_by_units_and_peaks_by_token(tmp_path: Path) -> None:
    (tmp_path / "offers.yaml").write_text(
        "provisioned: [{provider: Microsoft, models: [gpt-4.1], unit: PTU, tokens_per_minute: 1000, output_weight: 4, "
        "minimum: 1, increment: 1, rate: 0.06, term: one month, currency: USD, source: contract, checked: 2026-10-01}]"
    )
    hours = [datetime(2026, 10, 1) + timedelta(hours=hour) for hour in range(31 * 24)]
    # 60,000 tokens an hour fill one unit; every twelfth hour brings as many again. A unit-hour by token costs 0.12.
    rows = [f"{hour.isoformat()}Z,gpt-4.1,{60_000 if n % 12 else 120_000}" for n, hour in enumerate(hours)]
    (tmp_path / "usage.csv").write_text("time,model,input_tokens\n" + "\n".join(rows))
    (tmp_path / "prices.yaml").write_text(
        "currency: USD\nprices: [{model: gpt-4.1, input: 2, output: 8, from: 2026-01-01}]"
    )
    store = Store(tmp_path / "store")
    load_usage(store, [tmp_path / "usage.csv"], provider="azure", prices=tmp_path / "prices.yaml")
    ctx = context(store, date(2026, 11, 1), tmp_path / "offers.yaml")
    ledger = read_ledger(ctx)
    (one,) = valued(ledger, ProvisionedThroughput().find(ctx, ledger))
    assert one.target == "Microsoft/gpt-4.1"
    assert "1 PTU" in one.description
    assert one.saving == Decimal("0.06") * 31 * 24


def test_nothing_is_bought_for_a_single_peak() -> None:
    assert size(np.array([600.0] + [0.0] * 100), Fraction(60), offer()).units == 0
