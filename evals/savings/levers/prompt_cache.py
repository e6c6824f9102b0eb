"""Prompts through the cache: replayed where they carry block hashes, else by what others on the same model read."""

from collections import defaultdict
from decimal import Decimal

from evals.prompt_caching.replay import Request, Way, replayed_each
from evals.savings.rows import Row, name_of, total
from evals.savings.world import World, facts
from tools.pricing.providers import developer_of

PROMPT = ("input", "cached_input", "cache_write")
BLOCK_TOKENS = 256


def expected(world: World) -> dict[str, Decimal]:
    rules = {rule["developer"]: rule for rule in facts("llm_facts.yaml")["prompt_caches"]}
    by_replay = _replayed(world, rules)
    found = {target: saving for target, saving in by_replay.items() if saving > 0}
    for key in world.on_demand:
        if name_of(key) not in by_replay and developer_of(key[1] or "") in rules:
            saving = _by_comparison(world, key)
            if saving > 0:
                found[name_of(key)] = saving
    return found


def _replayed(world: World, rules: dict[str, dict]) -> dict[str, Decimal]:  # type: ignore[type-arg]
    """All callers of a model share its cache; each way of caching is tried, and the best one counts for each caller."""
    by_model: dict[str, list[Row]] = defaultdict(list)
    for row in world.tokens:
        if row["x_PrefixHashes"] and developer_of(row["x_Model"] or "") in rules:
            by_model[row["x_Model"] or ""].append(row)
    found: dict[str, Decimal] = {}
    for model, rows in by_model.items():
        rule = rules[developer_of(model) or ""]
        prompts = _prompts(rows)
        requests = [one for one, _, _ in prompts]
        best: dict[str, Decimal] = {}
        for variant in rule["variants"]:
            ways = {row["x_ServiceTier"]: _way(world, rule, variant, model, row) for _, row, _ in prompts}
            saved: dict[str, Decimal] = defaultdict(Decimal)
            outcomes = replayed_each(requests, next(iter(ways.values())), BLOCK_TOKENS)
            for (_, row, cost), outcome in zip(prompts, outcomes, strict=True):
                saved[name_of(row.slice)] += cost - outcome.at(ways[row["x_ServiceTier"]])
            for target, saving in saved.items():
                best[target] = max(best.get(target, Decimal(0)), saving)
        found |= best
    return found


def _prompts(rows: list[Row]) -> list[tuple[Request, Row, Decimal]]:
    """One for each record: in this world no two of a caller stand at one microsecond."""
    records: dict[tuple, list[Row]] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        if row["x_TokenType"] in PROMPT:
            records[row.at, row.slice, row["x_PrefixHashes"]].append(row)
    made = []
    for (at, _, hashes), mine in records.items():
        tokens = int(sum(row.quantity for row in mine))
        blocks = tuple(int(one, 16) for one in (hashes or "").split())
        made.append((Request(Decimal(at.timestamp()), tokens, blocks), mine[0], total(mine)))
    return sorted(made, key=lambda one: (one[0].at, name_of(one[1].slice)))


def _way(world: World, rule: dict, variant: dict, model: str, row: Row) -> Way:  # type: ignore[type-arg]
    provider, million = row["HostProviderName"] or "", Decimal(1_000_000)
    tier = row["x_ServiceTier"]
    plain = world.price(provider, model, tier, "input") or Decimal(0)
    read = world.own_price(provider, model, tier, "cached_input")
    write = world.own_price(provider, model, tier, "cache_write") if variant.get("own_write_price") else None
    sizes = [size for start, size in rule.get("by_model", {}).items() if model.startswith(start)]
    return Way(
        variant["name"],
        variant["ttl_seconds"],
        max(sizes, default=rule["minimum_tokens"]),
        rule["step_tokens"],
        plain * million,
        (read if read is not None else plain * Decimal(variant["read"])) * million,
        (write if write is not None else plain * Decimal(variant["write"])) * million,
    )


def _by_comparison(world: World, key: tuple[str | None, ...]) -> Decimal:
    """Its prompt tokens in the others' mix; the same use case where anyone has it."""
    callers = {other: rows for other, rows in world.on_demand.items() if _tokens(rows) > 0}
    same = [other for other in callers if other[1] == key[1] and other != key]
    same = [other for other in same if other[3] == key[3]] or same
    if not same or key not in callers:
        return Decimal(0)
    own = world.on_demand[key]
    theirs = [row for other in same for row in callers[other]]
    if _share(theirs, "cached_input") - _share(own, "cached_input") < Decimal("0.05"):
        return Decimal(0)
    then = Decimal(0)
    for tier in {row["x_ServiceTier"] for row in own}:
        prompt = _tokens([row for row in own if row["x_ServiceTier"] == tier])
        if world.own_price(key[0] or "", key[1] or "", tier, "cached_input") is None:
            return Decimal(0)
        for kind in PROMPT:
            then += prompt * _share(theirs, kind) * (world.price(key[0] or "", key[1] or "", tier, kind) or Decimal(0))
    return total(row for row in own if row["x_TokenType"] in PROMPT) - then


def _tokens(rows: list[Row], kinds: tuple[str, ...] = PROMPT) -> Decimal:
    return sum((row.quantity for row in rows if row["x_TokenType"] in kinds), Decimal(0))


def _share(rows: list[Row], kind: str) -> Decimal:
    return _tokens(rows, (kind,)) / _tokens(rows)
