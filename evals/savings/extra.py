"""What the demo company lacks, made up and loaded on top: single requests with hashes, statuses and service tiers, own
machines with latencies, and models that are paid and not asked."""

import csv
import hashlib
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tools.ingest.focus import load_focus
from tools.ingest.usage import load_usage
from tools.store import Store

START, END = date(2026, 10, 1), date(2026, 11, 1)
BLOCK = 256
PRICES = """currency: USD
prices:
  - {model: gpt-4.1, input: 2.00, cached_input: 0.50, output: 8.00, batch_discount: 0.5, from: 2026-01-01,
     service_tiers: {priority: {input: 3.50, cached_input: 0.875, output: 14.00},
                     flex: {input: 1.00, cached_input: 0.25, output: 4.00}}}
  - {model: claude-sonnet-4-5, input: 2.40, cached_input: 0.24, cache_write: 3.00, output: 12.00, batch_discount: 0.5,
     from: 2026-01-01}
  - {model: claude-haiku-4-5, input: 1.30, cached_input: 0.13, cache_write: 1.625, output: 6.50, batch_discount: 0.5,
     from: 2026-01-01}
  - {model: qwen3-32b, input: 0.10, output: 0.40, from: 2026-01-01}
"""
CALLERS = (
    # model, team, use case, environment, tier, first words in blocks, requests
    ("gpt-4.1", "helpdesk", "chat", "production", "priority", 9, 1500),
    ("gpt-4.1", "helpdesk", "chat", "staging", "standard", 9, 400),
    ("gpt-4.1", "claims", "extraction", "production", "standard", 5, 900),
    ("claude-sonnet-4-5", "claims", "agents", "production", "standard", 12, 1200),
    ("claude-sonnet-4-5", "legal", "summarization", "production", "standard", 1, 700),
)


def load_extra(store: Store, folder: Path, seed: int) -> Path:
    """Load everything; gives the price list."""
    folder.mkdir(parents=True, exist_ok=True)
    prices = folder / "extra_prices.yaml"
    prices.write_text(PRICES, "utf-8")
    rng = random.Random(seed)
    log = _write(folder / "requests.csv", [*_requests(rng), *_earlier(rng)])
    load_usage(store, [log], provider="azure", prices=prices, source="extra requests")
    served = _write(folder / "served.csv", list(_served(rng)))
    load_usage(store, [served], provider="stratus", prices=prices, source="extra served", basis="estimate")
    bill = _write(folder / "machines.csv", [*_machines(), *_standing()])
    load_focus(store, [bill], source="extra machines")
    return prices


def _requests(rng: random.Random) -> Iterator[dict[str, Any]]:
    for number, (model, team, use_case, environment, tier, blocks, count) in enumerate(CALLERS):
        sessions: list[list[str]] = []
        asked: list[dict[str, Any]] = []
        moment = datetime(2026, 10, 2, 6)
        for _ in range(count):
            moment += timedelta(milliseconds=rng.randint(1, 1_200_000))
            if asked and rng.random() < 0.18:
                yield _again(rng, asked, moment)
                continue
            chain = _chain(rng, sessions, f"{number}", blocks)
            record = _record(rng, model, team, use_case, environment, tier, chain) | {"time": moment.isoformat() + "Z"}
            asked.append(record)
            yield record


def _again(rng: random.Random, asked: list[dict[str, Any]], moment: datetime) -> dict[str, Any]:
    """One of the last requests once more: at once, or some time later; some of its words may differ."""
    old = rng.choice(asked[-40:])
    again = old | {"time": moment.isoformat() + "Z", "output_tokens": rng.randint(50, 900)}
    if rng.random() < 0.3:
        again["x_RequestHash"] = f"{rng.getrandbits(64):016x}"
        again["x_SimHash"] = f"{int(old['x_SimHash'], 16) ^ (1 << rng.randrange(64)):016x}"
    elif rng.random() < 0.4:
        soon = datetime.fromisoformat(old["time"].removesuffix("Z")) + timedelta(seconds=rng.randint(1, 200))
        again["time"] = soon.isoformat() + "Z"
    return again


def _chain(rng: random.Random, sessions: list[list[str]], caller: str, blocks: int) -> list[str]:
    """The hashes of a prompt's blocks, each over all that is before it: fixed words, then a session that grows."""
    if not sessions or rng.random() < 0.5:
        sessions.append([])
    session = rng.choice(sessions[-6:])
    session.append(f"{rng.getrandbits(32):x}")
    words = [f"{caller} fixed {index}" for index in range(blocks)] + session
    chain, so_far = [], hashlib.sha256()
    for word in words:
        so_far.update(word.encode())
        chain.append(so_far.hexdigest()[:12])
    return chain


def _record(
    rng: random.Random, model: str, team: str, use_case: str, environment: str, tier: str, chain: list[str]
) -> dict[str, Any]:
    tokens = (len(chain) - 1) * BLOCK + rng.randint(1, BLOCK)
    cached = rng.randint(0, tokens // 4) if rng.random() < 0.3 else 0
    return {
        "model": model, "team": team, "use_case": use_case, "environment": environment, "workload": "inference",
        "service_tier": tier, "requests": 1, "input_tokens": tokens, "cached_input_tokens": cached,
        "output_tokens": rng.randint(50, 900), "status": "error" if rng.random() < 0.06 else "ok",
        "x_RequestHash": f"{rng.getrandbits(64):016x}", "x_SimHash": f"{rng.getrandbits(64):016x}",
        "x_PrefixHashes": " ".join(chain),
    }  # fmt: skip


def _earlier(rng: random.Random) -> Iterator[dict[str, Any]]:
    """The ninety days before, by the day, when prompts and answers were shorter."""
    for model, team, use_case, environment, tier, blocks, count in CALLERS:
        for number in range(1, 80):
            each = rng.randint(blocks * BLOCK // 2, blocks * BLOCK)
            requests = rng.randint(count // 40, count // 20)
            yield {
                "time": f"{START - timedelta(days=number)}T00:00:00Z", "model": model, "team": team,
                "use_case": use_case, "environment": environment, "workload": "inference", "service_tier": tier,
                "requests": requests, "input_tokens": requests * each, "cached_input_tokens": 0,
                "output_tokens": requests * rng.randint(200, 420), "status": "", "x_RequestHash": "", "x_SimHash": "",
                "x_PrefixHashes": "",
            }  # fmt: skip


def _served(rng: random.Random) -> Iterator[dict[str, Any]]:
    """What the own machines serve by the hour: busy at noon, little at night."""
    for day in range(31):
        for hour in range(24):
            load = 40 + 30 * (8 <= hour < 18) + (day % 7 < 5) * 20 * (11 <= hour < 14)
            requests = load * rng.randint(90, 110)
            yield {
                "time": f"{START + timedelta(days=day)}T{hour:02}:00:00Z", "model": "qwen3-32b", "team": "helpdesk",
                "use_case": "chat", "environment": "production", "workload": "inference", "requests": requests,
                "input_tokens": requests * 1800, "output_tokens": requests * 240,
                "latency_seconds": round(2.2 + load / 300 + rng.random() / 5, 3),
            }  # fmt: skip


def _machines() -> Iterator[dict[str, Any]]:
    for day in range(31):
        for node in range(6):
            hours = {"ResourceId": f"st-{node:02}", "ChargeDescription": "8x H100 node", "x_Model": "qwen3-32b",
                     "ServiceName": "GPU Nodes", "x_Team": "helpdesk"}  # fmt: skip
            yield _charge(day, "Stratus", "Hours", 24, 24 * 18, hours)


def _standing() -> Iterator[dict[str, Any]]:
    """One tuned model is asked by nobody; the provisioned throughput of another is in use."""
    for day in range(31):
        for model, resource in (("ft-claims-v1", "deploy/claims-v1"), ("gpt-4.1", "deploy/chat")):
            more = {"ResourceId": resource, "x_Model": model, "ServiceName": "Azure OpenAI", "x_Team": "claims",
                    "ChargeDescription": "Fine-tuned model hosting unit"}  # fmt: skip
            yield _charge(day, "Microsoft", "Hours", 24, 24 * 2.4, more)


def _charge(day: int, provider: str, unit: str, quantity: float, cost: float, more: dict[str, Any]) -> dict[str, Any]:
    first = START + timedelta(days=day)
    amounts = dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), cost)
    return amounts | {
        "BillingAccountId": "1", "BillingCurrency": "USD", "BillingPeriodStart": f"{START}T00:00:00Z",
        "BillingPeriodEnd": f"{END}T00:00:00Z", "ChargePeriodStart": f"{first}T00:00:00Z",
        "ChargePeriodEnd": f"{first + timedelta(days=1)}T00:00:00Z", "ChargeCategory": "Usage", "ChargeClass": "",
        "InvoiceIssuerName": provider, "HostProviderName": provider, "ServiceProviderName": provider,
        "PricingCategory": "Standard", "PricingQuantity": quantity, "PricingUnit": unit, "ServiceCategory": "Compute",
        "ConsumedQuantity": quantity, "ConsumedUnit": unit, **more,
    }  # fmt: skip


def _write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
