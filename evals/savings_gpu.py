"""Each GPU lever's savings on the demo company against a recomputation from its raw files, within 0.5 %.

    python -m evals.savings_gpu

The recomputation reads bills and samples with pandas, line by line and hour by hour, and shares no code with the
levers; the facts (limits, prices) are read from knowledge/ as they stand. Both must name the same things.
"""

import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import knowledge
from evals.machine import write_result
from tools.demo import ensure_demo
from tools.demo.gpu_machines import gpu_truth
from tools.optimize.search import savings
from tools.registry import ToolContext
from tools.store import Store

TODAY, SEED = date(2026, 11, 24), 7
MONTH, AFTER = pd.Timestamp("2026-10-01"), pd.Timestamp("2026-11-01")
END = pd.Timestamp("2026-11-24")
WITHIN = 0.005
Key = tuple[str, ...]
"""What is changed, and `cash` or `capacity`."""
GPUS = {"8x H100": ("H100", 8), "g6e.12xlarge": ("L40S", 4), "p4d.24xlarge": ("A100", 8), "g6.24xlarge": ("L4", 4),
        "p5.48xlarge": ("H100", 8), "A2 high-GPU 1g": ("A100", 1)}  # fmt: skip
NAMES = ("HostProviderName", "RegionId", "ChargeDescription", "ResourceId", "team", "project", "environment",
         "x_Workload", "x_Model", "PricingCategory")  # fmt: skip


@dataclass
class Raw:
    """The demo company's files: charges of GPU machines by the hour, and samples by GPU and hour."""

    folder: Path

    @cached_property
    def rules(self) -> dict[str, Any]:
        return dict(yaml.safe_load(knowledge.read("gpu_levers.yaml")))

    @cached_property
    def offers(self) -> pd.DataFrame:
        found = pd.DataFrame(yaml.safe_load(knowledge.read("gpu_prices.yaml"))["prices"])
        return found.astype({"usd_per_hour": float, "spot": float})

    @cached_property
    def cards(self) -> pd.DataFrame:
        return pd.DataFrame(yaml.safe_load(knowledge.read("gpu_cards.yaml"))).set_index("card")

    @cached_property
    def charges(self) -> pd.DataFrame:
        parts = [pd.read_parquet(path) for path in sorted((self.folder / "bills" / "aws").rglob("*.parquet"))[-3:]]
        parts.append(pd.read_csv(self.folder / "bills" / "nordhaven" / "nordhaven_focus_1_3.csv"))
        parts += [pd.read_csv(path) for path in (self.folder / "bills" / "google").glob("*.csv.gz")]
        lines = pd.concat([_plain(one) for one in parts], ignore_index=True)
        kind = lines["ChargeDescription"].map(lambda text: next((GPUS[k] for k in GPUS if k in str(text)), None))
        lines = lines[kind.notna() & lines["ConsumedUnit"].eq("Hours") & (lines["EffectiveCost"] > 0)].copy()
        lines["card"], lines["gpus"] = (kind[lines.index].map(lambda one, n=n: one[n]) for n in (0, 1))
        lines["cash"] = lines["CommitmentDiscountStatus"].isna().map({True: "cash", False: "capacity"})
        return lines

    @cached_property
    def month(self) -> pd.DataFrame:
        return self.charges[(self.charges["start"] >= MONTH) & (self.charges["start"] < AFTER)]

    @cached_property
    def samples(self) -> pd.DataFrame:
        found = pd.read_parquet(self.folder / "gpus" / "samples.parquet").astype({"gpu": str})
        found["works"] = (found["sm_active"] >= 0.01) | (found["dram_active"] >= 0.01) | (found["requests"] > 0)
        return found

    def seen(self, days: int) -> pd.DataFrame:
        return self.samples[self.samples["time"] >= END - pd.Timedelta(days=days)]

    def charged_gpu_hours(self, days: int) -> pd.Series:
        recent = self.charges[(self.charges["start"] >= END - pd.Timedelta(days=days)) & (self.charges["start"] < END)]
        return (recent["ConsumedQuantity"] * recent["gpus"]).groupby(recent["ResourceId"]).sum()

    def cost(self, resource: str, cash: str) -> float:
        own = self.month[(self.month["ResourceId"] == resource) & (self.month["cash"] == cash)]
        return float(own["EffectiveCost"].sum())

    @cached_property
    def idle(self) -> frozenset[str]:
        """Hosts on which nothing worked in the last days."""
        works = self.seen(self.rules["recent_days"]).groupby("host")["works"].sum()
        return frozenset(works[works == 0].index)


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    tags = table["Tags"].map(_tags)
    found = pd.DataFrame({name: table.get(name) for name in (
        "RegionId", "ChargeDescription", "ResourceId", "ConsumedUnit", "PricingCategory", "CommitmentDiscountStatus",
        "x_Workload", "x_Model",
    )}, index=table.index)  # fmt: skip
    found["HostProviderName"] = table["HostProviderName"] if "HostProviderName" in table else table["ProviderName"]
    for name in ("EffectiveCost", "ListCost", "ConsumedQuantity"):
        found[name] = pd.to_numeric(table[name].astype(str), errors="coerce")
    found["start"] = pd.to_datetime(table["ChargePeriodStart"], utc=True).dt.tz_localize(None)
    for name in ("team", "project", "environment"):
        found[name] = tags.map(lambda one, name=name: one.get(name))
    return found


def _tags(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        return dict(json.loads(value))
    return dict(value) if value is not None and not isinstance(value, float) else {}


def idle_gpu(raw: Raw) -> Iterator[tuple[Key, float]]:
    for host in raw.idle:
        for cash in ("cash", "capacity"):
            yield (host, cash), raw.cost(host, cash)


def schedule(raw: Raw) -> Iterator[tuple[Key, float]]:
    days = raw.rules["window_days"]
    charged = raw.charged_gpu_hours(days)
    for host, own in raw.seen(days).groupby("host"):
        if host in raw.idle or own["requests"].notna().any():
            continue
        by_slot = own.assign(slot=own["time"].dt.weekday * 24 + own["time"].dt.hour)
        slots = by_slot.groupby("slot").agg(works=("works", "any"), hours=("time", "nunique"), rows=("time", "size"))
        quiet = {slot for slot, one in slots.iterrows() if not one["works"] and one["hours"] >= 2}
        long = {s for s in quiet if _stretch(s, quiet) >= raw.rules["schedule_run"]}
        share = slots.loc[sorted(long), "rows"].sum() / charged[host]
        if share >= raw.rules["schedule_share"] and own["works"].any():
            for cash in ("cash", "capacity"):
                yield (str(host), cash), raw.cost(str(host), cash) * share


def _stretch(slot: int, quiet: set[int]) -> int:
    """How long the stretch of quiet hours around one is, over the end of the week."""
    back = next((n for n in range(168) if (slot - n) % 168 not in quiet), 168)
    on = next((n for n in range(168) if (slot + n) % 168 not in quiet), 168)
    return back + on - 1


def rightsize(raw: Raw) -> Iterator[tuple[Key, float]]:
    days, rules = raw.rules["window_days"], raw.rules
    for host, own in raw.seen(days).groupby("host"):
        lines = raw.month[(raw.month["ResourceId"] == host) & (raw.month["cash"] == "cash")]
        if host in raw.idle or lines.empty:
            continue
        first = lines.iloc[0]
        busy, now = own[own["works"]], raw.cards.loc[first["card"]]
        needs = {
            "tflops": _p95(busy["sm_active"]) * now["tflops"] * (1 + rules["headroom"]),
            "bandwidth_gbs": _p95(busy["dram_active"]) * now["bandwidth_gbs"] * (1 + rules["headroom"]),
        }
        used = own[own["works"] | (own["memory_used_gib"] > 1.0)]["gpu"].nunique()
        memory = own["memory_used_gib"].max() * (1 + rules["memory_headroom"])
        prices = []
        mine = raw.offers[raw.offers["provider"] == first["HostProviderName"]]
        present = mine[mine["instance"].map(lambda name, first=first: f" {name} " in f" {first['ChargeDescription']} ")]
        for one in mine.itertuples():
            card = raw.cards.loc[one.card]
            fits = all(card[name] >= need for name, need in needs.items())
            if one.count < used or one.memory_gib < memory or not fits or one.instance in set(present["instance"]):
                continue
            same = mine[mine["instance"] == one.instance]
            if one.region != first["RegionId"] and first["RegionId"] in set(same["region"]):
                continue
            here = present[present["region"] == first["RegionId"]]["usd_per_hour"]
            there = present[present["region"] == one.region]["usd_per_hour"]
            if len(here) and len(there):
                prices.append(one.usd_per_hour * here.iloc[0] / there.iloc[0])
        paid = lines["EffectiveCost"].sum()
        if not prices:
            continue
        cheap = lines["ConsumedQuantity"].sum() * min(prices) * paid / lines["ListCost"].sum()
        if 1 - cheap / paid >= rules["cheaper_by"]:
            yield (str(host), "cash"), paid - cheap


def autoscale(raw: Raw) -> Iterator[tuple[Key, float]]:
    days, rules = raw.rules["window_days"], raw.rules
    seen = raw.seen(days)
    serving = seen[seen["requests"].notna() & ~seen["host"].isin(raw.idle)]
    for hosts in _alike(raw, sorted(serving["host"].unique())):
        own = serving[serving["host"].isin(hosts)]
        by_hour = own.groupby("time").agg(gpus=("gpu", "size"), requests=("requests", "sum")).sort_index()
        kinds = {host: set(raw.month[raw.month["ResourceId"] == host]["cash"]) for host in hosts}
        size = int(raw.month[raw.month["ResourceId"] == hosts[0]]["gpus"].iloc[0])
        paid_now = own[own["host"].map(lambda host, kinds=kinds: kinds[host] == {"cash"})].groupby("time").size()
        rate = _p95((by_hour["requests"] / by_hour["gpus"])[by_hour["requests"] > 0])
        for cash in ("cash", "capacity"):
            ours = [host for host in hosts if (kinds[host] == {"cash"}) == (cash == "cash")]
            if not ours:
                continue
            spare, before, starts = 0.0, 0, 0
            for time, one in by_hour.iterrows():
                needed = math.ceil(round(one["requests"] / (rate * size), 9))
                over = max(0, one["gpus"] - needed * size)
                of_cash = min(over, paid_now.get(time, 0))
                spare += of_cash if cash == "cash" else over - of_cash
                starts += max(0, needed - before)
                before = needed
            if cash == "cash" or paid_now.empty:
                spare -= starts * size * rules["cold_start_minutes"] / 60
            share = max(0.0, spare) / raw.charged_gpu_hours(days)[ours].sum()
            if share >= rules["cheaper_by"]:
                yield (*hosts, cash), share * sum(raw.cost(host, cash) for host in ours)


def sharing(raw: Raw) -> Iterator[tuple[Key, float]]:
    days, rules = raw.rules["window_days"], raw.rules
    seen = raw.seen(days)
    means = seen.groupby("host")["sm_active"].mean()
    low = sorted(host for host in means.index if means[host] < rules["low_use"] and host not in raw.idle)
    for hosts in _alike(raw, low):
        if len(hosts) < 2:
            continue
        own = seen[seen["host"].isin(hosts)]
        size = int(raw.month[raw.month["ResourceId"] == hosts[0]]["gpus"].iloc[0])
        needed = _packed(own, rules) / size
        running = own.groupby(["time", "host"]).size()
        kinds = {host: set(raw.month[raw.month["ResourceId"] == host]["cash"]) for host in hosts}
        dropped = {"cash": 0, "capacity": 0}
        for _, one in running.groupby(level="time"):
            over = max(0, int(one.sum()) - math.ceil(needed) * size)
            of_cash = min(over, sum(n for (_, host), n in one.items() if kinds[host] == {"cash"}))
            dropped["cash"] += of_cash
            dropped["capacity"] += over - of_cash
        for cash, hours in dropped.items():
            ours = [host for host in hosts if (kinds[host] == {"cash"}) == (cash == "cash")]
            share = min(1.0, hours / raw.charged_gpu_hours(days)[ours].sum()) if ours else 0.0
            if share >= rules["cheaper_by"]:
                yield (*hosts, cash), share * sum(raw.cost(host, cash) for host in ours)


def _packed(own: pd.DataFrame, rules: dict[str, Any]) -> int:
    """GPUs that hold all work, the largest first, each into the first that has room."""
    peaks = [(_p95(one["sm_active"]), one["memory_used_gib"].max(), one["memory_total_gib"].max())
             for _, one in own.groupby(["host", "gpu"])]  # fmt: skip
    bins: list[list[float]] = []
    for sm, memory, total in sorted(peaks, key=lambda peak: (-peak[0], -peak[1])):
        held = memory * (1 + rules["memory_headroom"]) / total
        for one in bins:
            if one[0] + sm <= 1 - rules["headroom"] and one[1] + held <= 1:
                one[0] += sm
                one[1] += held
                break
        else:
            bins.append([sm, held])
    return len(bins)


def quota(raw: Raw) -> Iterator[tuple[Key, float]]:
    days, rules = raw.rules["window_days"], raw.rules
    seen = raw.seen(days)
    for team, own in seen.groupby("x_Team"):
        hosts = sorted(own["host"].unique())
        kinds = {host: set(raw.month[raw.month["ResourceId"] == host]["cash"]) for host in hosts}
        paid = own.assign(now=own["host"].map(lambda host, kinds=kinds: kinds[host] == {"cash"}))
        by_hour = paid.groupby("time").agg(gpus=("gpu", "size"), used=("works", "sum"), now=("now", "sum"))
        limit = sorted(by_hour["used"])[math.ceil(0.95 * len(by_hour)) - 1]
        over = (by_hour["gpus"] - limit).clip(lower=0)
        if len(hosts) < 2 or (over > 0).sum() <= rules["quota_hours"] * len(by_hour):
            continue
        of_cash = over.combine(by_hour["now"], min)
        for cash, hours in (("cash", of_cash.sum()), ("capacity", (over - of_cash).sum())):
            ours = [host for host in hosts if (kinds[host] == {"cash"}) == (cash == "cash")]
            share = min(1.0, hours / raw.charged_gpu_hours(days)[ours].sum()) if ours else 0.0
            if share >= rules["cheaper_by"]:
                yield (str(team), cash), share * sum(raw.cost(host, cash) for host in ours)


def restarts(raw: Raw) -> Iterator[tuple[Key, float]]:
    runs = pd.read_csv(raw.folder / "story" / "training_runs.csv", parse_dates=["start", "end"])
    rules = raw.rules["checkpoint"]
    wait = float(rules["interval_hours"]) / 2 + float(rules["restart_hours"])
    for (team, project), own in runs.groupby(["x_Team", "x_Project"]):
        failed = own[own["status"].isin(raw.rules["failed_status"])]
        kept = 0.0
        for one in failed.itertuples():
            inside = (min(one.end, AFTER) - max(one.start, MONTH)).total_seconds()
            part = max(0.0, inside) / (one.end - one.start).total_seconds()
            kept += part * (one.gpu_hours - one.gpus * wait)
        lines = raw.month[(raw.month["team"] == team) & (raw.month["project"] == project)]
        lines = lines[lines["x_Workload"].isin(["training", "fine_tuning"])]
        hours = (lines["ConsumedQuantity"] * lines["gpus"]).sum()
        for cash, paid in lines.groupby("cash")["EffectiveCost"]:
            if kept:
                yield (f"{team}/{project}", str(cash)), min(1.0, kept / hours) * float(paid.sum())


def spot(raw: Raw) -> Iterator[tuple[Key, float]]:
    again = 1 + raw.rules["interruption"]["a_day"] * float(raw.rules["interruption"]["lost_hours"]) / 24
    able = {(one["by"], one["value"]) for one in raw.rules["interruptible"]}
    for names, lines in _on_demand(raw):
        stops = ("x_Workload", names["x_Workload"]) in able if names["x_Workload"] else (
            "x_Environment", names["environment"]) in able  # fmt: skip
        known = raw.offers[(raw.offers["provider"] == names["HostProviderName"]) & raw.offers["spot"].notna()]
        word = _instance(names["ChargeDescription"])
        known = known[(known["region"] == names["RegionId"]) & (known["instance"] == word)]
        if stops and len(known):
            paid = lines["EffectiveCost"].sum()
            there = lines["ConsumedQuantity"].sum() * known["spot"].iloc[0] * again
            if 1 - there / paid >= raw.rules["cheaper_by"]:
                yield (_place(names), "cash"), paid - there


def region(raw: Raw) -> Iterator[tuple[Key, float]]:
    groups = list(_on_demand(raw))
    places: dict[tuple[Any, ...], list[float]] = {}
    for names, lines in groups:
        key = (names["HostProviderName"], names["RegionId"], names["ChargeDescription"], lines["card"].iloc[0],
               lines["gpus"].iloc[0])  # fmt: skip
        had = places.setdefault(key, [0.0, 0.0])
        had[0] += lines["EffectiveCost"].sum()
        had[1] += lines["ConsumedQuantity"].sum()
    for names, lines in groups:
        if names["x_Workload"] not in raw.rules["movable"] and names["environment"] not in raw.rules["development"]:
            continue
        here = (names["HostProviderName"], names["RegionId"], names["ChargeDescription"])
        kind = (lines["card"].iloc[0], lines["gpus"].iloc[0])
        paid, hours = lines["EffectiveCost"].sum(), lines["ConsumedQuantity"].sum()
        prices = [cost / time for key, (cost, time) in places.items() if key[3:] == kind and key[:3] != here]
        alike = raw.offers[(raw.offers["card"] == kind[0]) & (raw.offers["count"] == kind[1])]
        word = _instance(names["ChargeDescription"])
        own = alike[(alike["provider"] == here[0]) & (alike["instance"] == word)]
        at_home = own[own["region"] == here[1]]
        memory = at_home["memory_gib"].iloc[0] if len(at_home) else raw.cards.loc[kind[0], "memory_gib"]
        if len(at_home):
            prices += list(own[own["region"] != here[1]]["usd_per_hour"] * paid / lines["ListCost"].sum())
            alike = alike[alike["provider"] != here[0]]
        prices += list(alike[alike["memory_gib"] >= memory]["usd_per_hour"])
        if prices and 1 - min(prices) * hours / paid >= raw.rules["cheaper_by"]:
            yield (_place(names), "cash"), paid - min(prices) * hours


def _on_demand(raw: Raw) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    lines = raw.month[raw.month["cash"] == "cash"].fillna(dict.fromkeys(NAMES, ""))
    for values, own in lines.groupby(list(NAMES[:8])):
        yield dict(zip(NAMES, values, strict=False)), own


def _instance(description: str) -> str:
    """How the price facts name a machine."""
    return "a2-highgpu-1g" if description.startswith("A2 high-GPU 1g") else description.split()[0]


def _place(names: dict[str, Any]) -> str:
    return str(names["ResourceId"] or f"{names['ChargeDescription']} of {names['team']}")


def _alike(raw: Raw, hosts: list[str]) -> list[list[str]]:
    """Hosts that are the same machine for the same purpose at the same place."""
    columns = ["card", "gpus", "HostProviderName", "RegionId", "team", "project", "environment", "x_Model"]
    first = raw.month.groupby("ResourceId")[columns].first().fillna("")
    found: dict[tuple[Any, ...], list[str]] = {}
    for host in hosts:
        found.setdefault(tuple(first.loc[host]), []).append(host)
    return list(found.values())


def _p95(values: pd.Series) -> float:
    return float(sorted(values)[math.ceil(0.95 * len(values)) - 1])


LEVERS: tuple[Callable[[Raw], Iterator[tuple[Key, float]]], ...] = (
    idle_gpu, rightsize, schedule, autoscale, sharing, quota, restarts, spot, region,
)  # fmt: skip


def claimed(ctx: ToolContext, lever: str) -> dict[Key, float]:
    """What the product finds with one lever by itself."""
    found: dict[Key, float] = {}
    for one in savings(ctx, None, lever).everything:
        if lever in ("autoscale", "sharing"):
            names = tuple(sorted(one.exclusive))
        elif lever in ("quota", "restarts"):
            names = (one.target.removesuffix("/nh-rsv-0087"),)
        elif lever in ("spot", "region") and one.resource_id is None:
            names = (f"{one.target.split('/')[2]} of {one.owner}",)
        else:
            names = (one.resource_id or one.target,)
        found[*names, one.cash] = float(one.saving)
    return found


def compare(ctx: ToolContext, raw: Raw) -> dict[str, Any]:
    """By lever: what both found, and the largest difference; what only one found is a difference of 1."""
    results: dict[str, Any] = {}
    for lever in LEVERS:
        truth = {key: saving for key, saving in lever(raw) if saving > 0}
        product = claimed(ctx, lever.__name__)
        apart = {key: _apart(truth.get(key, 0.0), product.get(key, 0.0)) for key in truth.keys() | product.keys()}
        results[lever.__name__] = {
            "found": len(truth),
            "truth": round(sum(truth.values()), 2),
            "product": round(sum(product.values()), 2),
            "largest_difference": max(apart.values(), default=0.0),
            "differ": ["/".join(key) for key, value in sorted(apart.items()) if value > WITHIN],
        }
    return results


def _apart(truth: float, product: float) -> float:
    return abs(truth - product) / max(abs(truth), abs(product), 1e-9)


def verdicts(ctx: ToolContext) -> dict[str, Any]:
    """Whether the machines that do nothing are those named, and no others."""
    true = {one.host: one.state for one in gpu_truth() if one.state in ("idle", "zombie", "waiting")}
    named = {one.resource_id or "" for one in savings(ctx, None, "idle_gpu").everything}
    return {"true": sorted(true), "named": sorted(named), "right": named == set(true)}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        ensure_demo(Store(home / "store"), home / "demo", today=TODAY, seed=SEED)
        ctx = ToolContext(store=Store(home / "store").snapshot(), as_of=TODAY)
        results = {"levers": compare(ctx, Raw(home / "demo")), "idle": verdicts(ctx)}
    for lever, one in results["levers"].items():
        print(f"{lever:10} {one['found']:3} found, {one['truth']:12,.2f} USD recomputed, {one['product']:12,.2f} told, "
              f"apart by at most {one['largest_difference']:.2e} {one['differ'] or ''}")  # fmt: skip
    print(f"idle: {results['idle']}")
    write_result("savings_gpu", results)
    return int(any(one["differ"] for one in results["levers"].values()) or not results["idle"]["right"])


if __name__ == "__main__":
    sys.exit(main())
