"""The AWS bill: Bedrock, GPU instances under a savings plan, training, storage, network, and what comes on top."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from tools.demo.calendar import Calendar, Floats, Ints
from tools.demo.cloud import (
    MILLION,
    Account,
    Item,
    daily_level,
    daily_usage,
    dollars,
    flat,
    month_firsts,
    token_lines,
    usage,
)
from tools.demo.disturbances import Incident, moment
from tools.demo.lines import UNITS, Block, day_starts, hour_starts, months_of, table, tag_maps
from tools.demo.metering import Meter
from tools.demo.prices import PriceTable
from tools.demo.savings_plan import covered_fleet
from tools.demo.windows import windows

COLUMNS = (
    "BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodStart BillingPeriodEnd "
    "ChargePeriodStart ChargePeriodEnd ChargeCategory ChargeClass ChargeDescription ChargeFrequency "
    "CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountQuantity "
    "CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit ConsumedQuantity ConsumedUnit "
    "ContractedCost InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingCurrency PricingQuantity "
    "PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName ServiceCategory "
    "ServiceSubcategory ServiceName SkuMeter SubAccountId SubAccountName SubAccountType BilledCost EffectiveCost Tags "
    "x_Model x_ModelDeveloper x_TokenType x_Workload"
)
ACCOUNT = Account({
    "BillingAccountId": "710482936155",
    "BillingAccountName": "fernhill-payer",
    "BillingAccountType": "Payer",
    "BillingCurrency": "USD",
    "PricingCurrency": "USD",
    "InvoiceIssuerName": "AWS",
    "ProviderName": "AWS",
    "PublisherName": "AWS",
    "SubAccountType": "Account",
})  # fmt: skip
PROD = ("284719350416", "fernhill-prod")
DEV = ("903315527840", "fernhill-dev")
ML = ("551907284433", "fernhill-ml")
SHARED = ("118840625597", "fernhill-shared")
COMPUTE = Item("Amazon Elastic Compute Cloud", "Compute", "Virtual Machines", "", "Hours", "us-east-1", PROD,
               contract=95)  # fmt: skip
TRAINING = Item("Amazon SageMaker", "AI and Machine Learning", "Machine Learning", "ml.p5.48xlarge training", "Hours",
                "us-east-1", ML, tags={"team": "ml-research", "project": "foundation", "environment": "production"},
                workload="training", contract=95)  # fmt: skip
TRAINING_PRICE = 63_2960 * UNITS // 10_000
DEV_GPU_PRICE = 21_9576 * UNITS // 10_000


def write_aws(
    folder: Path, meters: Sequence[Meter], prices: PriceTable, calendar: Calendar, noise: np.random.Generator
) -> tuple[list[Path], list[Incident]]:
    """One Parquet file a month, tags as a map, as AWS Data Exports writes FOCUS 1.2."""
    incidents: list[Incident] = []
    hours = hour_starts(calendar)
    blocks = [line for meter in meters for line in token_lines(ACCOUNT, _bedrock(meter), meter, prices, hours,
                                                               hourly=True)]  # fmt: skip
    fleet, lapse = covered_fleet(ACCOUNT, COMPUTE, calendar, noise)
    blocks += fleet
    blocks += _training(calendar, incidents)
    blocks += _dev_cluster(calendar, incidents)
    blocks += _notebooks(calendar, noise, incidents)
    blocks += _storage_and_network(calendar, noise, incidents)
    blocks += _on_top(calendar, blocks)
    blocks = [block for block in blocks if len(block)]
    lines = table(blocks, calendar, tags=tag_maps(blocks), names=COLUMNS.split())
    paths = []
    for first, part in months_of(lines, calendar):
        paths.append(folder / f"BILLING_PERIOD={first:%Y-%m}" / "fernhill-focus-00001.snappy.parquet")
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(part, paths[-1], compression="snappy")
    return paths, [*incidents, lapse]


def _bedrock(meter: Meter) -> Item:
    stream = meter.stream
    tags = {"team": stream.team, "project": stream.project, "environment": stream.environment}
    tags |= {"use_case": stream.use_case} | ({"customer": stream.customer} if stream.customer else {})
    return Item("Amazon Bedrock", "AI and Machine Learning", "Generative AI", "", "", stream.region, PROD, tags=tags,
                workload=stream.workload)  # fmt: skip


def _training(calendar: Calendar, incidents: list[Incident]) -> list[Block]:
    """Runs of three to five days each month on four machines; one is started twice."""
    days, hours = np.arange(calendar.days), hour_starts(calendar)
    running = np.zeros(calendar.days, dtype=np.int64)
    for number in range(14):
        first = calendar.index(calendar.month(number)) + 5 + (number * 5) % 9
        running[(days >= first) & (days < first + 3 + number % 3)] = 4
    first, last = windows(calendar).training
    running[first:last] = 4
    again = np.where((days >= first) & (days < last), 4, 0)
    incidents.append(_incident("duplicate_training_run", calendar, first, last, {
        "ServiceName": TRAINING.service, "x_Project": "foundation",
    }, 4 * 24 * (last - first) * Decimal(TRAINING_PRICE) / UNITS * Decimal("0.95")))  # fmt: skip
    tune = replace(
        TRAINING, description="ml.g6e.12xlarge fine-tuning", workload="fine_tuning", resource="job-tune"
    ).tagged(team="docflow", project="redactor")
    tuning = np.where((calendar.days_to_month_end() % 10 == 4), 6, 0)
    blocks = [
        _hourly(replace(TRAINING, resource=name), hours, np.repeat(count, 24), TRAINING_PRICE)
        for name, count in (("job-f3a81c", running), ("job-90be27", again))
    ]
    return [*blocks, _hourly(tune, hours, np.repeat(tuning, 24), 13_1200 * UNITS // 10_000)]


def _dev_cluster(calendar: Calendar, incidents: list[Incident]) -> list[Block]:
    """Four GPU machines for ten hours of each working day, except over one holiday."""
    first, last = windows(calendar).holiday
    office = (calendar.weekdays() < 5) & ~calendar.is_holiday()
    on = np.zeros((calendar.days, 24), dtype=np.int64)
    on[office, 8:18] = 1
    meant = int(on[first:last].sum())
    on[first:last] = 1
    extra = 4 * (int(on[first:last].sum()) - meant)
    item = replace(COMPUTE, description="p4d.24xlarge on demand", region="us-west-2", sub_account=DEV).tagged(
        team="ml-research", project="foundation", environment="development"
    )
    incidents.append(_incident("left_on_over_holiday", calendar, first, last, {
        "ServiceName": COMPUTE.service, "SubAccountName": DEV[1], "x_Environment": "development",
    }, extra * Decimal(DEV_GPU_PRICE) / UNITS * Decimal("0.95")))  # fmt: skip
    return [
        _hourly(replace(item, resource=f"i-0{code}"), hour_starts(calendar), on.ravel(), DEV_GPU_PRICE)
        for code in ("7be2c41d", "93f0aa16", "a41cc2e8", "d05b7713")
    ]


def _notebooks(calendar: Calendar, noise: np.random.Generator, incidents: list[Incident]) -> list[Block]:
    """Real-time endpoints of the insights team; for three weeks they run in a far, dearer region."""
    first, last = windows(calendar).region
    home, away = 6_4800 * UNITS // 10_000, 8_4240 * UNITS // 10_000
    item = Item("Amazon SageMaker", "AI and Machine Learning", "Machine Learning", "ml.g6.24xlarge endpoint", "Hours",
                "eu-west-1", PROD, workload="inference", contract=95,
                tags={"team": "insights", "project": "slide-maker", "environment": "production"})  # fmt: skip
    hours = np.rint(daily_level(calendar, 70, noise)).astype(np.int64)
    moved = np.zeros(calendar.days, dtype=np.int64)
    moved[first:last] = hours[first:last]
    extra = Decimal(int(moved.sum())) * Decimal(away - home) / UNITS * Decimal("0.95")
    incidents.append(_incident("region_drift", calendar, first, last, {
        "ServiceName": item.service, "x_Project": "slide-maker", "RegionId": "ap-southeast-2",
    }, extra))  # fmt: skip
    starts = day_starts(calendar)
    return [
        usage(ACCOUNT, replace(item, resource="endpoint/slides-a"), starts, 86_400, (hours - moved) * MILLION, home),
        usage(ACCOUNT, replace(item, resource="endpoint/slides-a", region="ap-southeast-2"), starts, 86_400,
              moved * MILLION, away),
    ]  # fmt: skip


def _storage_and_network(calendar: Calendar, noise: np.random.Generator, incidents: list[Incident]) -> list[Block]:
    store = Item("Amazon Simple Storage Service", "Storage", "Object Storage", "Standard storage", "GB-Days",
                 "us-east-1", PROD)  # fmt: skip
    network = Item("AWS Data Transfer", "Networking", "Content Delivery", "Data transfer out", "GB", "us-east-1",
                   SHARED)  # fmt: skip
    shared = {"team": "platform", "project": "shared-network", "environment": "production"}
    egress = daily_level(calendar, 2_600, noise)
    first, last = windows(calendar).egress
    calm = egress[first:last].copy()
    egress[first:last] *= 11.0
    extra = float((egress[first:last] - calm).sum()) * 0.085
    incidents.append(_incident("egress_spike", calendar, first, last, {
        "ServiceName": network.service, "x_Project": "shared-network",
    }, Decimal(str(round(extra, 2)))))  # fmt: skip
    price = {name: round(value * 10_000) * UNITS // 10_000 for name, value in _PRICES.items()}

    def line(item: Item, level: float, kind: str, **tags: str) -> Block:
        return daily_usage(ACCOUNT, item.tagged(**tags), calendar, daily_level(calendar, level, noise), price[kind])

    database = Item("Amazon Relational Database Service", "Databases", "Relational Databases", "db.r7g instances",
                    "Hours", "us-east-1", PROD)  # fmt: skip
    kubernetes = Item("Amazon Elastic Kubernetes Service", "Compute", "Containers", "Cluster hours", "Hours",
                      "us-east-1", SHARED)  # fmt: skip
    logs = Item("Amazon CloudWatch", "Management and Governance", "Monitoring", "Log ingestion", "GB", "us-east-1",
                SHARED)  # fmt: skip
    search = Item("Amazon OpenSearch Service", "Analytics", "Search", "r7g.xlarge.search", "Hours", "eu-west-1",
                  PROD)  # fmt: skip
    return [
        daily_usage(ACCOUNT, network.tagged(**shared), calendar, egress, price["egress"]),
        line(store, 260_000, "storage", team="docflow", project="extractor", environment="production"),
        line(replace(store, sub_account=ML), 410_000, "storage", team="ml-research", project="foundation"),
        line(store, 330_000, "storage"),
        line(database, 190, "database", team="insights", project="report-writer", environment="production"),
        line(database, 140, "database"),
        line(kubernetes, 72, "kubernetes", **shared | {"project": "clusters"}),
        line(logs, 260, "logs", **shared | {"project": "observability"}),
        line(search, 200, "search", team="discovery", project="semantic-search", env="prod"),
        line(replace(COMPUTE, description="c7i.8xlarge on demand"), 150, "compute"),
        line(replace(COMPUTE, description="NAT gateways", service="Amazon Virtual Private Cloud",
                     category="Networking", subcategory="Network Infrastructure"), 300, "nat", **shared),
    ]  # fmt: skip


_PRICES = {"egress": 0.085, "storage": 0.0008, "database": 0.956, "kubernetes": 0.6, "logs": 0.5, "search": 0.335,
           "compute": 1.428, "nat": 0.045}  # fmt: skip


def _on_top(calendar: Calendar, blocks: Sequence[Block]) -> list[Block]:
    """Marketplace, support, tax, credits and a correction."""
    firsts = month_firsts(calendar)
    taken_off: Floats = np.asarray(1_500.0 + 250.0 * (np.arange(len(firsts)) % 4), dtype=np.float64)
    vectors = Item("Pinecone Vector Database", "Databases", "Other (Databases)", "Annual plan, monthly part", "",
                   more={"PublisherName": "Pinecone Systems", "SubAccountId": PROD[0], "SubAccountName": PROD[1]},
                   tags={"team": "discovery", "project": "semantic-search"})  # fmt: skip
    support = Item("AWS Support (Business)", "Management and Governance", "Support", "Monthly support fee", "")
    tax = Item("AWS Tax", "Other", "Other (Other)", "Sales tax", "")
    credit = Item("AWS Credits", "Other", "Other (Other)", "Enterprise programme credit", "")
    refund = replace(COMPUTE, description="Refund for degraded instances, previous invoice")
    billed = _billed_by_month(blocks, firsts)
    settled = firsts[firsts < _seconds(calendar)]
    blocks_on_top = [
        flat(ACCOUNT, vectors, "Purchase", firsts, dollars(np.full(len(firsts), 3_150.0)), PricingCategory="Standard"),
        flat(ACCOUNT, support, "Purchase", firsts, dollars(billed * 0.03), PricingCategory="Standard"),
        flat(ACCOUNT, tax, "Tax", settled, dollars(billed[: len(settled)] * 0.0625)),
        flat(ACCOUNT, credit, "Credit", firsts, -dollars(taken_off), ChargeFrequency="One-Time"),
        flat(ACCOUNT, refund, "Adjustment", firsts[7:8], -dollars(np.array([1_912.44])), ChargeClass="Correction",
             ChargeFrequency="One-Time"),
    ]  # fmt: skip
    return blocks_on_top


def _seconds(calendar: Calendar) -> int:
    return int(day_starts(calendar)[0]) + calendar.closed_days * 86_400


def _billed_by_month(blocks: Sequence[Block], firsts: Ints) -> Floats:
    sums = np.zeros(len(firsts))
    for block in blocks:
        month = np.searchsorted(firsts, block.start, side="right") - 1
        sums += np.bincount(month, weights=block.money["BilledCost"].astype(np.float64), minlength=len(firsts)) / UNITS
    return sums


def _hourly(item: Item, hours: Ints, machines: Ints, price: int) -> Block:
    return usage(ACCOUNT, item, hours, 3600, machines * MILLION, price)


def _incident(kind: str, calendar: Calendar, first: int, last: int, where: dict[str, str], extra: Decimal) -> Incident:
    return Incident(kind, {"HostProviderName": "AWS", **where}, moment(calendar, first * 24),
                    moment(calendar, last * 24), extra.quantize(Decimal("0.01")))  # fmt: skip
