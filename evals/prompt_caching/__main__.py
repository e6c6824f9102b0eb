"""`python -m evals.prompt_caching`: the lever's estimate on Mooncake's real traces beside a direct replay."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evals.machine import write_result
from evals.paths import shared_data
from evals.prompt_caching.replay import Outcome, Request, Way, replayed
from tools.ingest.usage import load_usage
from tools.optimize.ledger import read_ledger
from tools.optimize.llm.prompt_cache import PromptCache
from tools.optimize.portfolio import valued
from tools.pricing.book import PriceBook
from tools.registry import ToolContext
from tools.store import Store

TRACES = ("conversation_trace", "synthetic_trace")
START, AS_OF = datetime(2026, 10, 5, 9), date(2026, 11, 5)
BLOCK_TOKENS = 512
MOST = Decimal("0.01")
"""By how much the estimate may differ from the replay."""


@dataclass(frozen=True)
class Seller:
    """A provider with a model and what it charges; the cheapest of its ways counts."""

    provider: str
    model: str
    ways: tuple[Way, ...]


def _way(name: str, ttl: int, minimum: int, step: int, prices: tuple[str, str, str]) -> Way:
    plain, read, write = map(Decimal, prices)
    return Way(name, ttl, minimum, step, plain, read, write)


SELLERS = (
    Seller("anthropic", "claude-sonnet-4-5", (
        _way("five minutes", 300, 1024, 1, ("3", "0.3", "3.75")),
        _way("one hour", 3600, 1024, 1, ("3", "0.3", "6")),
    )),
    Seller("anthropic", "claude-haiku-4-5", (
        _way("five minutes", 300, 4096, 1, ("1", "0.1", "1.25")),
        _way("one hour", 3600, 4096, 1, ("1", "0.1", "2")),
    )),
    Seller("openai", "gpt-4.1", (_way("in memory", 300, 1024, 128, ("2", "0.5", "2")),)),
    Seller("moonshotai", "kimi-k2", (_way("automatic", 300, 256, 1, ("0.6", "0.15", "0.6")),)),
)  # fmt: skip


def main() -> int:
    """Print and record both figures; 1 when they differ by more than MOST, 3 without the data."""
    folder = shared_data("mooncake")
    if folder is None:
        print("the data set mooncake is not here; set OUTLAY_SHARED_DATA to the folder that holds it")
        return 3
    rows, worst = [], Decimal(0)
    for trace in TRACES:
        table = pq.read_table(folder / f"{trace}.parquet")
        requests = requests_of(table)
        _check_replay(trace, table, requests)
        for seller in SELLERS:
            wanted = max((replayed(requests, way, BLOCK_TOKENS) for way in seller.ways), key=lambda one: one.saving)
            got = estimated(table, seller)
            differs = abs(got / wanted.saving - 1) if wanted.saving > 0 else got
            worst = max(worst, differs)
            rows.append(_row(trace, seller, wanted, got, differs))
            print(f"{trace} {seller.model}: estimate {got:,.4f}, replay {wanted.saving:,.4f} USD, {differs:.4%} apart")
    print(f"worst {worst:.4%} (to hold: {MOST:.0%})")
    write_result("prompt_caching", {"worst": str(round(worst, 6)), "to_hold": str(MOST), "traces": rows})
    return int(worst > MOST)


def estimated(table: pa.Table, seller: Seller) -> Decimal:
    """The lever's monthly saving for a store that holds the trace as one seller's usage."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prices = folder / "prices.yaml"
        prices.write_text(_price_list(seller), "utf-8")
        pq.write_table(_usage(table), folder / "usage.parquet")
        store = Store(folder / "store")
        load_usage(
            store,
            [folder / "usage.parquet"],
            provider=seller.provider,
            columns={"hash_ids": "x_PrefixHashes"},
            assign={"model": seller.model},
            prices=prices,
        )
        ctx = ToolContext(store=store.snapshot(), as_of=AS_OF, prices=PriceBook([prices]))
        ledger = read_ledger(ctx)
        return sum((one.saving for one in valued(ledger, PromptCache().find(ctx, ledger))), Decimal(0))


def _usage(table: pa.Table) -> pa.Table:
    times = [START + timedelta(milliseconds=one) for one in table["timestamp"].to_pylist()]
    columns = {"time": pa.array(times, pa.timestamp("us", "UTC")), "input_tokens": table["input_length"],
               "output_tokens": table["output_length"], "hash_ids": table["hash_ids"]}  # fmt: skip
    return pa.table(columns)


def requests_of(table: pa.Table) -> list[Request]:
    rows = zip(*(table[name].to_pylist() for name in ("timestamp", "input_length", "hash_ids")), strict=True)
    return [Request(Decimal(at) / 1000, tokens, tuple(blocks)) for at, tokens, blocks in rows]


def _check_replay(trace: str, table: pa.Table, requests: Sequence[Request]) -> None:
    """The replay itself, with nothing that expires, against the count of hits that comes with the traces."""
    forever = Way("forever", None, 0, 1, Decimal(1), Decimal(0), Decimal(1))
    hits = table["prefix_hit_blocks"].to_pylist()
    wanted = sum(min(hit * BLOCK_TOKENS, one.tokens) for hit, one in zip(hits, requests, strict=True))
    got = replayed(requests, forever, BLOCK_TOKENS).read
    if got != wanted:
        raise SystemExit(
            f"{trace}: the replay reads {got:,} tokens from a cache without end, the trace says {wanted:,}"
        )


def _price_list(seller: Seller) -> str:
    way = seller.ways[0]
    prices = f"input: {way.price}, cached_input: {way.read}, cache_write: {way.write}, output: 1"
    return f"currency: USD\nprices:\n  - {{model: {seller.model}, {prices}, from: 2026-01-01}}\n"


def _row(trace: str, seller: Seller, wanted: Outcome, got: Decimal, differs: Decimal) -> dict[str, Any]:
    return {
        "trace": trace,
        "model": seller.model,
        "prompt_tokens": wanted.prompt,
        "read_share": round(wanted.read / wanted.prompt, 4),
        "replay": str(round(wanted.saving, 6)),
        "estimate": str(round(got, 6)),
        "apart": str(round(differs, 6)),
    }


if __name__ == "__main__":
    sys.exit(main())
