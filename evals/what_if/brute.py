"""What a scenario costs, by changing and pricing rows one by one. Shares no code with tools/inform/scenario.

Written from the rules that the tool states: prices are what the slice paid per token on average, else what everybody
paid, else the list's; cached and written input without a price cost what input costs, reasoning what output costs.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import permutations
from typing import Any

from evals.what_if.world import CHANGE, FIRST, KINDS, NODES, PRICES, Company, Node, Row

MILLION = Decimal(1_000_000)
WHOLE = {"cached_input": "input", "cache_write": "input", "reasoning": "output"}
ORDER = ("switch", "traffic", "prompt_length", "completion_length", "cache_hit_rate", "batch_share", "launch",
         "price_change")  # fmt: skip
GPU_ORDER = ("more_gpus", "commitment")
Item = dict[str, Any]
"""A row being changed: provider, model, batch, requests, tokens, factor (of its price)."""


def expected(company: Company, asked: dict[str, Any]) -> dict[str, Decimal] | None:
    """`before`, `after` and each lever's part over a month; None where the slice has nothing to tell of."""
    with localcontext() as context:
        context.prec = 60
        try:
            return _expected(company, asked)
        except Unpriced:
            return None


def _expected(company: Company, asked: dict[str, Any]) -> dict[str, Decimal] | None:
    start, end = (date.fromisoformat(asked["period"][edge]) for edge in ("start", "end"))
    month = _month(start, end)
    levers = [name for name in ORDER if asked.get(name) is not None]
    told: dict[str, Decimal] = {"before": Decimal(0), "after": Decimal(0)}
    if levers:
        in_period = [row for row in company.rows if start <= row.day < end]
        mine = [row for row in in_period if _fits(row, asked.get("filters", []))]
        if not mine:
            return None
        book = _Book(mine, in_period, end)
        if not _can(mine, asked):
            return None
        costs = {}
        told |= dict.fromkeys(levers, Decimal(0))
        orders = list(permutations(levers))
        for order in orders:
            done: list[str] = []
            for lever in order:
                for state in (frozenset(done), frozenset([*done, lever])):
                    if state not in costs:
                        costs[state] = _cost(mine, book, asked, state, month) * month
                told[lever] += (costs[frozenset([*done, lever])] - costs[frozenset(done)]) / len(orders)
                done.append(lever)
        told["before"], told["after"] = costs[frozenset()], costs[frozenset(levers)]
    wanted = [name for name in GPU_ORDER if asked.get(name) is not None]
    if wanted:
        gpus = _gpus(company, asked, start, end)
        if gpus is None:
            return None
        told["before"] += gpus.pop("before")
        told["after"] += sum(gpus.values())
        told["after"] += _gpu_before(company, asked, start, end) * month
        told |= gpus
    return told


def _month(start: date, end: date) -> Decimal:
    if start.day == 1 and end.day == 1:
        return 1 / Decimal((end.year - start.year) * 12 + end.month - start.month)
    return Decimal(30) / (end - start).days


def _fits(row: Row, filters: list[dict[str, Any]]) -> bool:
    has = {"x_Team": row.team, "x_Project": row.project, "x_Model": row.model, "HostProviderName": row.provider}
    return all(has[one["dimension"]] in one["values"] for one in filters)


def _can(rows: list[Row], asked: dict[str, Any]) -> bool:
    """Whether models that a lever names are there."""
    there = {row.model for row in rows}
    switch, price = asked.get("switch"), asked.get("price_change")
    if switch is not None:
        if switch["from_model"] not in there:
            return False
        there.add(switch["to_model"])
    if asked.get("launch") is not None:
        there.add(asked["launch"]["model"])
    return not (price is not None and price.get("model") is not None and price["model"] not in there)


class Unpriced(Exception):
    """Something was used that has no price anywhere."""


class _Book:
    """Average prices per token of the slice and of everybody, and the list's on the base's last day."""

    def __init__(self, mine: list[Row], everybody: list[Row], end: date) -> None:
        self.mine, self.everybody = _averages(mine), _averages(everybody)
        self.listed_from = max(FIRST, CHANGE) if end > CHANGE else FIRST

    def own(self, provider: str, model: str, batch: bool, kind: str) -> Decimal | None:
        """The price of this very kind of token."""
        key = (provider, model, batch, kind)
        for averages in (self.mine, self.everybody):
            if key in averages:
                return averages[key]
        return _listed(model, self.listed_from, batch, kind)

    def price(self, item: Item, kind: str) -> Decimal:
        found = self.own(item["provider"], item["model"], item["batch"], kind)
        if found is None:
            found = self.own(item["provider"], item["model"], item["batch"], WHOLE.get(kind, kind))
        if found is None:
            raise Unpriced(f"{kind} of {item['model']}")
        return found


def _averages(rows: list[Row]) -> dict[tuple[str, str, bool, str], Decimal]:
    cost: dict[tuple[str, str, bool, str], Decimal] = defaultdict(Decimal)
    count: dict[tuple[str, str, bool, str], int] = defaultdict(int)
    for row in rows:
        for kind, tokens in row.tokens.items():
            key = (row.provider, row.model, row.batch, kind)
            day = CHANGE if row.day >= CHANGE and CHANGE in PRICES[row.model] else FIRST
            price = _listed(row.model, day, row.batch, kind)
            if price is None:
                price = _listed(row.model, day, row.batch, WHOLE[kind])
            assert price is not None
            cost[key] += tokens * price
            count[key] += tokens
    return {key: cost[key] / tokens for key, tokens in count.items() if tokens}


def _listed(model: str, day: date, batch: bool, kind: str) -> Decimal | None:
    dated = PRICES[model]
    prices = dated[day] if day in dated else dated[FIRST]
    if kind not in prices or (batch and "batch_discount" not in prices):
        return None
    price = Decimal(prices[kind]) / MILLION
    return price * (1 - Decimal(prices["batch_discount"])) if batch else price


def _cost(rows: list[Row], book: _Book, asked: dict[str, Any], state: frozenset[str], month: Decimal) -> Decimal:
    items: list[Item] = [
        {
            "provider": row.provider, "model": row.model, "batch": row.batch, "requests": Decimal(row.requests),
            "tokens": {kind: Decimal(count) for kind, count in row.tokens.items()}, "factor": Decimal(1),
        }
        for row in rows
    ]  # fmt: skip
    for lever in ORDER:
        if lever == "launch" and lever in state:
            items = [*items, *_launch(rows, asked[lever], book, month)]
        elif lever in state:
            items = _CHANGES[lever](items, asked[lever], book)
    return sum(
        (
            item["factor"] * count * book.price(item, kind)
            for item in items
            for kind, count in item["tokens"].items()
            if count
        ),
        Decimal(0),
    )


def _scaled(item: Item, factor: Decimal, **more: Any) -> Item:
    tokens = {kind: count * factor for kind, count in item["tokens"].items()}
    return {**item, "requests": item["requests"] * factor, "tokens": tokens, **more}


def _switch(items: list[Item], switch: dict[str, Any], book: _Book) -> list[Item]:
    changed = []
    for item in items:
        if item["model"] != switch["from_model"]:
            changed.append(item)
            continue
        share = Decimal(switch.get("share", "1"))
        provider = _seller(switch["to_model"], item["provider"], book)
        batch = item["batch"] and book.own(provider, switch["to_model"], True, "input") is not None
        changed.append(_scaled(item, 1 - share))
        changed.append(_scaled(item, share, model=switch["to_model"], provider=provider, batch=batch))
    return changed


def _seller(model: str, like: str, book: _Book) -> str:
    """Who sells a model: the same provider where it does, else the first that was paid for it, else only the list."""
    found = [key[0] for key in [*book.mine, *book.everybody] if key[1] == model]
    return like if like in found else found[0] if found else ""


def _traffic(items: list[Item], factor: str, book: _Book) -> list[Item]:
    return [_scaled(item, Decimal(factor)) for item in items]


def _longer(kinds: tuple[str, ...], items: list[Item], factor: str) -> list[Item]:
    return [
        {**item, "tokens": {kind: n * Decimal(factor) if kind in kinds else n for kind, n in item["tokens"].items()}}
        for item in items
    ]


def _prompts(items: list[Item], factor: str, book: _Book) -> list[Item]:
    return _longer(("input", "cached_input", "cache_write"), items, factor)


def _completions(items: list[Item], factor: str, book: _Book) -> list[Item]:
    return _longer(("output", "reasoning"), items, factor)


def _cache(items: list[Item], rate: str, book: _Book) -> list[Item]:
    prompt: dict[tuple[str, str, bool], Decimal] = defaultdict(Decimal)
    cached: dict[tuple[str, str, bool], Decimal] = defaultdict(Decimal)
    for item in items:
        key = (item["provider"], item["model"], item["batch"])
        cached[key] += item["tokens"].get("cached_input", Decimal(0))
        prompt[key] += sum(item["tokens"].get(kind, Decimal(0)) for kind in ("input", "cached_input", "cache_write"))
    changed = []
    for item in items:
        key = (item["provider"], item["model"], item["batch"])
        wanted = Decimal(rate) * prompt[key]
        if book.own(key[0], key[1], False, "cached_input") is None or cached[key] >= wanted:
            changed.append(item)
            continue
        moved = (wanted - cached[key]) / (prompt[key] - cached[key])
        tokens = dict(item["tokens"])
        for kind in ("input", "cache_write"):
            part = tokens.get(kind, Decimal(0)) * moved
            tokens[kind] = tokens.get(kind, Decimal(0)) - part
            tokens["cached_input"] = tokens.get("cached_input", Decimal(0)) + part
        changed.append({**item, "tokens": tokens})
    return changed


def _batch(items: list[Item], share: str, book: _Book) -> list[Item]:
    inside: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    outside: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    gives: set[tuple[str, str]] = set()
    for item in items:
        key = (item["provider"], item["model"])
        (inside if item["batch"] else outside)[key] += item["requests"]
        if item["tokens"].get("output") or item["tokens"].get("reasoning"):
            gives.add(key)
    changed = []
    for item in items:
        key = (item["provider"], item["model"])
        able = book.own(*key, True, "input") is not None and (
            key not in gives or book.own(*key, True, "output") is not None
        )
        wanted = Decimal(share) * (inside[key] + outside[key]) - inside[key]
        if item["batch"] or not able or wanted <= 0 or not outside[key]:
            changed.append(item)
            continue
        part = wanted / outside[key]
        changed += [_scaled(item, 1 - part), _scaled(item, part, batch=True)]
    return changed


def _launch(rows: list[Row], launch: dict[str, Any], book: _Book, month: Decimal) -> list[Item]:
    """Each of the first thirty days' requests as an item of its own."""
    model = launch["model"]
    same = [row for row in rows if row.model == model] or rows
    requests = sum(row.requests for row in same)
    tokens = {kind: Decimal(sum(row.tokens.get(kind, 0) for row in same)) / requests for kind in KINDS}
    for name, kinds in (("input", ("input", "cached_input", "cache_write")), ("output", ("output", "reasoning"))):
        if f"{name}_tokens" in launch:
            tokens |= dict.fromkeys(kinds, Decimal(0)) | {name: Decimal(launch[f"{name}_tokens"])}
    ramp = launch.get("ramp_days", 0)
    one = {
        "provider": _seller(model, "", book), "model": model, "batch": False, "requests": Decimal(1), "tokens": tokens,
        "factor": Decimal(1),
    }  # fmt: skip
    shares = [Decimal(min(day, ramp)) / ramp if ramp else Decimal(1) for day in range(1, 31)]
    return [_scaled(one, launch["requests_a_day"] * share / month) for share in shares]


def _prices(items: list[Item], change: dict[str, Any], book: _Book) -> list[Item]:
    model = change.get("model")
    return [
        {**item, "factor": Decimal(change["factor"])} if model is None or item["model"] == model else item
        for item in items
    ]


_CHANGES: dict[str, Any] = {
    "switch": _switch, "traffic": _traffic, "prompt_length": _prompts, "completion_length": _completions,
    "cache_hit_rate": _cache, "batch_share": _batch, "price_change": _prices,
}  # fmt: skip


def _gpus(company: Company, asked: dict[str, Any], start: date, end: date) -> dict[str, Decimal] | None:
    """What GPUs of the named kinds cost in a month, as `before`, and each lever's part."""
    kinds = sorted({asked[name]["kind"] for name in GPU_ORDER if asked.get(name) is not None})
    if any(not _nodes(company, kind, start, end) for kind in kinds):
        return None
    told = {"before": _gpu_before(company, asked, start, end) * _month(start, end)}
    levers = [name for name in GPU_ORDER if asked.get(name) is not None]
    told |= dict.fromkeys(levers, Decimal(0))
    for order in permutations(levers):
        for position, lever in enumerate(order):
            without = sum(_fleet(company, kind, asked, set(order[:position]), start, end) for kind in kinds)
            within = sum(_fleet(company, kind, asked, set(order[: position + 1]), start, end) for kind in kinds)
            told[lever] += (within - without) / len(list(permutations(levers)))
    return told


def _nodes(company: Company, kind: str, start: date, end: date) -> list[Node]:
    return [node for node in company.nodes if NODES[node.name][0] == kind and start <= node.day < end]


def _gpu_before(company: Company, asked: dict[str, Any], start: date, end: date) -> Decimal:
    kinds = {asked[name]["kind"] for name in GPU_ORDER if asked.get(name) is not None}
    return sum((node.cost for kind in kinds for node in _nodes(company, kind, start, end)), Decimal(0))


def _fleet(company: Company, kind: str, asked: dict[str, Any], levers: set[str], start: date, end: date) -> Decimal:
    """A month of on-demand hours and of the commitment of one kind, day by day."""
    nodes, month = _nodes(company, kind, start, end), _month(start, end)
    at = "Standard" if any(node.pricing == "Standard" for node in nodes) else "Committed"
    same = [node for node in nodes if node.pricing == at]
    price = sum(node.cost for node in same) / sum(node.hours * NODES[node.name][1] for node in same)
    month_days = (end - start).days * month
    more = asked["more_gpus"] if "more_gpus" in levers and asked["more_gpus"]["kind"] == kind else None
    bought = asked["commitment"] if "commitment" in levers and asked["commitment"]["kind"] == kind else None
    total = Decimal(0)
    for number in range((end - start).days):
        day = start + timedelta(days=number)
        hours = sum((n.hours * NODES[n.name][1] for n in nodes if n.day == day and n.pricing == "Standard"), Decimal(0))
        hours += more["count"] * Decimal(more.get("hours", "730")) / month_days if more else 0
        if bought:
            given = bought["count"] * Decimal(730) / month_days
            hours = max(hours - given, Decimal(0)) if hours > 0 else hours
        total += hours * price * month
    return total + (bought["count"] * 730 * price * (1 - Decimal(bought["discount"])) if bought else 0)
