"""The Google Cloud bill: Gemini, analytics, GPU nodes and storage by the day, as FOCUS 1.0 in gzipped CSV."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from tools.demo.calendar import Calendar, Floats
from tools.demo.cloud import Account, Item, daily_level, daily_usage, dollars, flat, month_firsts, token_lines
from tools.demo.disturbances import Incident, moment
from tools.demo.lines import UNITS, Block, as_text, day_starts, table, tag_texts
from tools.demo.metering import Meter
from tools.demo.prices import PriceTable
from tools.demo.windows import windows

COLUMNS = (
    "BillingAccountId BillingAccountName BillingCurrency BillingPeriodStart BillingPeriodEnd ChargePeriodStart "
    "ChargePeriodEnd ChargeCategory ChargeClass ChargeDescription ChargeFrequency ConsumedQuantity ConsumedUnit "
    "ContractedCost InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity PricingUnit ProviderName "
    "PublisherName RegionId RegionName ResourceId ResourceName ServiceCategory ServiceName SubAccountId "
    "SubAccountName BilledCost EffectiveCost Tags x_Model x_ModelDeveloper x_TokenType x_Workload"
)
ACCOUNT = Account({
    "BillingAccountId": "01A7F3-88C2D1-5E90B4",
    "BillingAccountName": "Fernhill Billing",
    "BillingCurrency": "USD",
    "InvoiceIssuerName": "Google Cloud",
    "ProviderName": "Google Cloud",
    "PublisherName": "Google Cloud",
})  # fmt: skip
APPS = ("fernhill-apps-4471", "fernhill-apps")
DATA = ("fernhill-data-9032", "fernhill-data")
LAB = ("fernhill-lab-2280", "fernhill-lab")


def write_google(
    folder: Path, meters: Sequence[Meter], prices: PriceTable, calendar: Calendar, noise: np.random.Generator
) -> tuple[Path, list[Incident]]:
    """One gzipped CSV export; the launch without labels starts in its window."""
    first = windows(calendar).unlabelled[0]
    blocks, incidents = [], []
    for meter in meters:
        started = first if not meter.stream.tagged else 0
        lines = token_lines(ACCOUNT, _vertex(meter), meter, prices, day_starts(calendar), hourly=False)
        kept = [line.where(line.start >= day_starts(calendar)[started]) for line in lines]
        blocks += kept
        if not meter.stream.tagged:
            cost = sum(int(line.money["EffectiveCost"].sum()) for line in kept)
            incidents.append(_launch(meter, calendar, first, Decimal(cost) / UNITS))
    blocks += _cloud(calendar, noise)
    blocks = [block for block in [*blocks, *_on_top(calendar, blocks)] if len(block)]
    lines_table = table(blocks, calendar, tags=tag_texts(blocks), names=COLUMNS.split())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "fernhill_billing_focus_1_0.csv.gz"
    with pa.CompressedOutputStream(str(path), "gzip") as stream:
        pacsv.write_csv(as_text(lines_table), stream)
    return path, incidents


def _vertex(meter: Meter) -> Item:
    stream = meter.stream
    tags = {"team": stream.team, "project": stream.project, "environment": stream.environment}
    return Item("Vertex AI", "AI and Machine Learning", "Generative AI", "", "", stream.region, APPS,
                tags={**tags, "use_case": stream.use_case} if stream.tagged else {}, workload=stream.workload,
                contract=97)  # fmt: skip


def _launch(meter: Meter, calendar: Calendar, first: int, cost: Decimal) -> Incident:
    where = {"HostProviderName": "Google Cloud", "ServiceName": "Vertex AI", "x_Model": meter.stream.model}
    return Incident("untagged_launch", where, moment(calendar, first * 24), moment(calendar, calendar.days * 24),
                    cost.quantize(Decimal("0.01")))  # fmt: skip


def _cloud(calendar: Calendar, noise: np.random.Generator) -> list[Block]:
    def line(item: Item, level: float, price: float) -> Block:
        units = round(price * 10_000) * UNITS // 10_000
        return daily_usage(ACCOUNT, item, calendar, daily_level(calendar, level, noise), units)

    query = Item("BigQuery", "Analytics", "Data Warehouses", "Analysis", "TiB", "us-central1", DATA)
    nodes = Item("Compute Engine", "Compute", "Virtual Machines", "A2 high-GPU 1g node", "Hours", "us-central1", LAB,
                 workload="inference")  # fmt: skip
    store = Item("Cloud Storage", "Storage", "Object Storage", "Standard storage", "GiB-Days", "us-central1", DATA)
    network = Item("Networking", "Networking", "Network Infrastructure", "Inter-region egress", "GiB", "us-central1",
                   APPS)  # fmt: skip
    return [
        line(query.tagged(team="insights", project="report-writer", environment="production"), 34, 6.25),
        line(query, 11, 6.25),
        line(nodes.tagged(team="assist", project="voice-desk", environment="production"), 96, 3.6734),
        line(nodes.tagged(team="ml-research", project="evals-lab", environment="development"), 30, 3.6734),
        line(store.tagged(team="platform", project="data-lake", environment="production"), 120_000, 0.0007),
        line(network.tagged(team="platform", project="shared-network", environment="production"), 900, 0.08),
    ]


def _on_top(calendar: Calendar, blocks: Sequence[Block]) -> list[Block]:
    firsts = month_firsts(calendar)
    other: dict[str, str | None] = {"PublisherName": "Google Cloud"}
    credit = Item("Invoice credits", "Other", "Other (Other)", "Spending based discount", "", more=other)
    support = Item("Support", "Management and Governance", "Support", "Standard support fee", "", more=other)
    fix = Item("BigQuery", "Analytics", "Data Warehouses", "Billing correction, previous month", "", more=other)
    taken_off: Floats = np.asarray(640.0 + 37.5 * (np.arange(len(firsts)) % 5), dtype=np.float64)
    return [
        flat(ACCOUNT, credit, "Credit", firsts, -dollars(taken_off), ChargeFrequency="One-Time"),
        flat(ACCOUNT, support, "Purchase", firsts, dollars(np.full(len(firsts), 500.0)), PricingCategory="Standard"),
        flat(ACCOUNT, fix, "Adjustment", firsts[10:11], -dollars(np.array([386.17])), ChargeClass="Correction",
             ChargeFrequency="One-Time"),
    ]  # fmt: skip
