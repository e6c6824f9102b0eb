"""A small world for GPU levers: machines charged by the hour in October, and what their GPUs did, hour by hour."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tools.ingest.focus import load_focus
from tools.ingest.gpu import load_gpu
from tools.registry import ToolContext
from tools.store import Store

FIRST, AFTER = datetime(2026, 10, 1), datetime(2026, 11, 1)
TODAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Did:
    """A GPU in an hour; None: no sample."""

    sm: float = 0.0
    memory_gib: float = 0.4
    requests: int | None = None


IDLE, WORK = Did(), Did(sm=0.6, memory_gib=30)
Hour = Callable[[datetime, int], Did | None]


@dataclass(frozen=True)
class Machine:
    """One machine; `does` is asked for each GPU and hour in which it `runs`."""

    name: str
    does: Hour | None = None
    description: str = "8x A100 node"
    price: str = "20"
    gpus: int = 8
    card: str = "NVIDIA A100-SXM4-40GB"
    memory_gib: float = 40
    provider: str = "Neo"
    region: str = "here"
    team: str = "ml"
    environment: str = "production"
    workload: str = ""
    committed: bool = False
    host: str | None = None
    """What its samples and its tag `host` call it, where that is not its name."""
    billed: bool = True
    runs: Callable[[datetime], bool] = field(default=lambda _: True)


def world(folder: Path, *machines: Machine, without: Sequence[str] = (), bill_until: datetime = AFTER) -> ToolContext:
    """Everything loaded as a person would; `without`: columns that the samples lack."""
    store = Store(folder / "store")
    hours = [FIRST + timedelta(hours=n) for n in range(int((AFTER - FIRST).total_seconds()) // 3600)]
    billed = [(one, hour) for one in machines if one.billed for hour in hours if hour < bill_until and one.runs(hour)]
    _write(folder / "bill.csv", [_charge(*one) for one in billed])
    load_focus(store, [folder / "bill.csv"], source="bill")
    samples = [row for one in machines if one.does for hour in hours if one.runs(hour) for row in _samples(one, hour)]
    if samples:
        _write(folder / "samples.csv", [{k: v for k, v in row.items() if k not in without} for row in samples])
        assert load_gpu(store, [folder / "samples.csv"]).quarantined == 0
    return ToolContext(store=store.snapshot(), as_of=TODAY)


def _charge(one: Machine, hour: datetime) -> dict[str, object]:
    cost = Decimal(one.price)
    return {
        "BillingAccountId": "1",
        "BillingCurrency": "USD",
        "BillingPeriodStart": f"{FIRST:%Y-%m-%dT%H:%M:%SZ}",
        "BillingPeriodEnd": f"{AFTER:%Y-%m-%dT%H:%M:%SZ}",
        "ChargePeriodStart": f"{hour:%Y-%m-%dT%H:%M:%SZ}",
        "ChargePeriodEnd": f"{hour + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "ChargeCategory": "Usage",
        "ChargeDescription": one.description,
        "CommitmentDiscountId": "rsv-1" if one.committed else "",
        "CommitmentDiscountStatus": "Used" if one.committed else "",
        "ConsumedQuantity": "1",
        "ConsumedUnit": "Hours",
        "PricingCategory": "Committed" if one.committed else "Standard",
        "HostProviderName": one.provider,
        "ServiceName": "GPU Cloud",
        "RegionId": one.region,
        "ResourceId": one.name,
        "BilledCost": 0 if one.committed else cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedCost": cost,
        "Tags": json.dumps(
            {"team": one.team, "environment": one.environment, **({"host": one.host} if one.host else {})}
        ),
        "x_Workload": one.workload,
    }


def _samples(one: Machine, hour: datetime) -> list[dict[str, object]]:
    assert one.does is not None
    found = ((gpu, one.does(hour, gpu)) for gpu in range(one.gpus))
    return [_sample(one, hour, gpu, did) for gpu, did in found if did is not None]


def _sample(one: Machine, hour: datetime, gpu: int, did: Did) -> dict[str, object]:
    return {
        "time": f"{hour:%Y-%m-%dT%H:%M:%SZ}",
        "host": one.host or one.name,
        "gpu": gpu,
        "model_name": one.card,
        "gpu_utilization_fraction": min(1.0, did.sm * 1.5),
        "sm_active": did.sm,
        "dram_active": did.sm / 2,
        "memory_used_gib": did.memory_gib,
        "memory_total_gib": one.memory_gib,
        "power_watts": 55 + 300 * did.sm,
        "requests": "" if did.requests is None else did.requests,
    }


def _write(path: Path, rows: Sequence[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
