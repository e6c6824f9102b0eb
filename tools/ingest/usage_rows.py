"""Usage as FOCUS rows: one for each kind of token, one for each other meter, their costs quantity times unit price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.ingest.usage_prices import METER_OF_RECORD, METER_PRICES, PRICES, TOKEN_METERS
from tools.pricing.providers import ProviderRule, developer_of
from tools.store.engine import identifier, text
from tools.store.writer import Writer

ROWS = "usage_rows"
GIVEN = "given"
UNPRICED = "unpriced"
SPANS = {"day": "INTERVAL 1 DAY", "hour": "INTERVAL 1 HOUR", "instant": "INTERVAL 1 MICROSECOND"}
_COST = "DECIMAL(38,24)"
_ITEM = (
    "STRUCT(kind VARCHAR, label VARCHAR, unit VARCHAR, quantity DECIMAL(38,9), price DECIMAL(38,24), "
    "cost DECIMAL(38,24), source VARCHAR, currency VARCHAR)"
)


@dataclass(frozen=True)
class RowPlan:
    """What the rows of a load have in common."""

    rule: ProviderRule
    hosts: Mapping[str, ProviderRule]
    source: str | None
    """What --source says; None names the provider, and the account where records have one."""
    basis: str
    currency: str
    granularity: str
    kept: Sequence[str]
    """Store columns that records bring along."""
    meters: Mapping[str, str]
    """Columns that count another meter → the meter."""
    has: frozenset[str]
    """The FIELDs that the file or --set gives."""
    use_given_cost: bool


def make_rows(writer: Writer, plan: RowPlan) -> int:
    """Make the view of the FOCUS rows of all records without a fault; gives their number."""
    _name_hosts(writer, plan)
    _name_developers(writer)
    listed = _with_shares(_listed(plan)) if plan.use_given_cost else _listed(plan)
    unnested = f"SELECT *, unnest(items) AS item, unnest(range(1, len(items) + 1)) AS i FROM ({listed})"
    # A view: writing 20 million rows twice costs more than valuing them again for each of the store's passes.
    writer.execute(f"CREATE OR REPLACE VIEW {ROWS} AS {_focus(plan, unnested)}")
    return int(writer.execute(f"SELECT COALESCE(sum(len(items)), 0) FROM ({listed})")[0][0])


def _listed(plan: RowPlan) -> str:
    """Each record with `items`: what it used, with prices; one empty item when it used nothing."""
    items = [
        _item(f"'{meter.kind}', '{meter.label}', 'Tokens'", f"r.n_{name}", f"p.price_{name}", "p.source, p.currency")
        for name, meter in TOKEN_METERS.items()
    ]
    per_request = "CASE WHEN p.price_requests IS NOT NULL THEN COALESCE(r.requests, 1) ELSE 0 END"
    items.append(_item("NULL, 'Requests', 'Requests'", per_request, "p.price_requests", "p.source, p.currency"))
    joins = []
    counted = {column: text(meter) for column, meter in plan.meters.items()}
    if "meter" in plan.has:
        counted["quantity"] = METER_OF_RECORD
    for number, (column, meter) in enumerate(counted.items()):
        price = f"m{number}"
        joins.append(
            f"LEFT JOIN {METER_PRICES} {price} ON {price}.host = r.host AND {price}.price_model = r.price_model "
            f"AND {price}.meter = {meter} AND {price}.day = CAST(r.ts AS DATE)"
        )
        label = f"upper(left({meter}, 1)) || replace(substr({meter}, 2), '_', ' ')"
        names = f"NULL, {label}, COALESCE({price}.unit, {label})"
        items.append(_item(names, f"r.{column}", f"{price}.price", f"{price}.source, {price}.currency", exact=15))
    return (
        f"SELECT r.*, list_filter([{', '.join(items)}], lambda x: x.quantity > 0) AS used, "
        f"CASE WHEN len(used) = 0 THEN [CAST(NULL AS {_ITEM})] ELSE used END AS items "
        f"FROM usage_timed r LEFT JOIN {PRICES} p ON p.host = r.host AND p.price_model = r.price_model "
        "AND p.price_at = r.price_at AND p.service_tier = r.service_tier "
        f"AND r.context >= p.context_from AND r.context < p.context_to {' '.join(joins)}"
    )


def _item(names: str, quantity: str, price: str, source: str, exact: int = 24) -> str:
    """One list item. DECIMAL products keep all digits: quantities have 24 - `exact` decimals, prices `exact`."""
    cost = f"CAST({quantity} AS DECIMAL(38,{24 - exact})) * CAST({price} AS DECIMAL(38,{exact}))"
    return f"CAST(row({names}, {quantity}, {price}, {cost}, {source}) AS {_ITEM})"


def _with_shares(listed: str) -> str:
    """A given cost, spread over a record's items by what they would cost (by quantity when one has no price).

    Shares are whole billionths; the first takes what is left, so that they sum to the given cost exactly.
    """
    billionths = "CAST(CAST({} AS DECIMAL(38,9)) * 1000000000 AS HUGEINT)"
    priced = "len(list_filter(items, lambda x: x.cost IS NULL)) = 0"
    weight = f"CASE WHEN {priced} THEN {billionths.format('x.cost')} ELSE CAST(x.quantity AS HUGEINT) END"
    part = f"{billionths.format('cost')} * w // list_sum(weights)"
    share = f"CAST({part} AS DECIMAL(29,0)) * CAST(0.000000001 AS DECIMAL(9,9))"
    others = f"list_transform(weights[2:], lambda w: CASE WHEN list_sum(weights) > 0 THEN {share} ELSE 0 END)"
    return (
        f"SELECT *, list_transform(items, lambda x: {weight}) AS weights, "
        f"list_transform({others}, lambda one: CAST(one AS {_COST})) AS other_shares, "
        "list_prepend(cost - COALESCE(list_sum(other_shares), 0), other_shares) AS shares "
        f"FROM ({listed})"
    )


def _focus(plan: RowPlan, unnested: str) -> str:
    given = plan.use_given_cost
    nothing = "CASE WHEN item.quantity IS NULL THEN 0 ELSE item.cost END"
    cost = f"CAST(CASE WHEN u.cost IS NOT NULL THEN shares[i] ELSE {nothing} END AS {_COST})" if given else nothing
    source = f"CASE WHEN item.quantity IS NULL THEN NULL WHEN item.price IS NULL THEN '{UNPRICED}' ELSE item.source END"
    price = "item.price"
    if given:
        source = f"CASE WHEN u.cost IS NOT NULL THEN '{GIVEN}' ELSE {source} END"
        price = "CASE WHEN u.cost IS NULL THEN item.price END"
    requests = "requests"
    if plan.granularity == "instant":
        requests = "COALESCE(requests, CASE WHEN item.kind IS NOT NULL OR item.quantity IS NULL THEN 1 END)"
    account = "BillingAccountId" in plan.kept and plan.source is None
    name = text(plan.source or plan.rule.name)
    values = {
        "x_Source": f"concat_ws(' ', {name}, u.\"BillingAccountId\")" if account else name,
        "x_CostBasis": text(plan.basis),
        "BillingPeriodStart": "date_trunc('month', ts)",
        "BillingPeriodEnd": "date_trunc('month', ts) + INTERVAL 1 MONTH",
        "ChargePeriodStart": "ts",
        "ChargePeriodEnd": f"CASE WHEN te > ts THEN te ELSE ts + {SPANS[plan.granularity]} END",
        "BillingCurrency": f"COALESCE(item.currency, {text(plan.currency)})",
        "ChargeCategory": "'Usage'",
        "ChargeFrequency": "'Usage-Based'",
        "ChargeDescription": "concat_ws(' ', NULLIF(price_model, ''), item.label)",
        "PricingCategory": "'Standard'",
        "ServiceCategory": "'AI and Machine Learning'",
        "ServiceSubcategory": "'Generative AI'",
        "ServiceName": "h.service",
        "ServiceProviderName": "h.name",
        "HostProviderName": "h.name",
        "InvoiceIssuerName": "h.name",
        "SkuMeter": "item.label",
        "ConsumedQuantity": "CAST(item.quantity AS DECIMAL(38,18))",
        "ConsumedUnit": "item.unit",
        "PricingQuantity": "CAST(item.quantity AS DECIMAL(38,18))",
        "PricingUnit": "item.unit",
        "ListUnitPrice": price,
        "ContractedUnitPrice": price,
        "ListCost": cost,
        "ContractedCost": cost,
        "EffectiveCost": cost,
        "x_Model": "NULLIF(u.price_model, '')",
        "x_ModelDeveloper": "d.developer",
        "x_TokenType": "item.kind",
        "x_ServiceTier": "u.service_tier",
        "x_Requests": f"CAST(CASE WHEN i = 1 THEN {requests} END AS DECIMAL(38,18))",
        "x_PriceSource": source,
    }
    if "status" in plan.has:
        values["x_Status"] = "u.status"
    if "latency_seconds" in plan.has:
        values["x_LatencySeconds"] = "u.latency"
    values |= {column: f"u.{identifier(column)}" for column in plan.kept}
    items = ", ".join(f"{value} AS {identifier(column)}" for column, value in values.items())
    return (
        f"SELECT {items} FROM ({unnested}) u LEFT JOIN usage_hosts h ON h.host = u.host "
        "LEFT JOIN usage_developers d ON d.model = u.price_model"
    )


def _name_hosts(writer: Writer, plan: RowPlan) -> None:
    writer.execute("CREATE OR REPLACE TABLE usage_hosts (host VARCHAR, name VARCHAR, service VARCHAR)")
    for host, rule in {"": plan.rule, **plan.hosts}.items():
        writer.execute("INSERT INTO usage_hosts VALUES (?, ?, ?)", (host, rule.name, rule.service))


def _name_developers(writer: Writer) -> None:
    models = [model for (model,) in writer.execute("SELECT DISTINCT price_model FROM usage_timed")]
    writer.execute("CREATE OR REPLACE TABLE usage_developers (model VARCHAR, developer VARCHAR)")
    named = [(model, developer_of(model)) for model in models if model]
    if named:
        columns = [list(column) for column in zip(*named, strict=True)]
        writer.execute(
            "INSERT INTO usage_developers SELECT unnest(CAST(? AS VARCHAR[])), unnest(CAST(? AS VARCHAR[]))", columns
        )
