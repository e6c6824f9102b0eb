"""Invoices as they were issued beside the charges that bear their number: FOCUS's InvoiceDetail and CostAndUsage."""

from tools.domain.errors import NoData
from tools.domain.period import Period
from tools.domain.result import Cell, Column
from tools.registry import ToolContext
from tools.semantic.numbers import plain

DOCUMENTS = "invoice_detail"
_SQL = """
WITH given AS (SELECT ? AS provider, CAST(? AS DATE) AS first, CAST(? AS DATE) AS after),
issued AS (
    SELECT "InvoiceId" AS invoice, "Category" AS category, "Currency" AS currency, SUM("BilledCost") AS amount
    FROM invoices, given WHERE lower("Issuer") = lower(provider) AND "Start" >= first AND "Start" < after GROUP BY ALL
),
charged AS (
    SELECT "InvoiceId" AS invoice, "ChargeCategory" AS category, "BillingCurrency" AS currency,
        SUM("BilledCost") AS amount
    FROM charges, given
    WHERE lower(COALESCE("InvoiceIssuerName", "HostProviderName")) = lower(provider) AND "x_CostBasis" = 'invoice'
        AND CAST("BillingPeriodStart" AS DATE) >= first AND CAST("BillingPeriodStart" AS DATE) < after GROUP BY ALL
)
SELECT COALESCE(i.invoice, c.invoice) AS invoice, COALESCE(i.category, c.category) AS category,
    COALESCE(i.currency, c.currency) AS currency, COALESCE(i.amount, 0) AS issued, COALESCE(c.amount, 0) AS charged
FROM issued i FULL JOIN charged c ON i.invoice IS NOT DISTINCT FROM c.invoice AND i.category = c.category
    AND i.currency = c.currency
ORDER BY abs(COALESCE(i.amount, 0) - COALESCE(c.amount, 0)) DESC, 1, 2, 3
""".strip()

Documents = tuple[str, str, tuple[Column, ...], tuple[tuple[Cell, ...], ...]]
"""The issuer as it is spelled, the query, and its table."""


def documents(ctx: ToolContext, provider: str | None, period: Period) -> Documents:
    """One row an invoice and kind of charge, the widest difference first.

    Raises:
        NoData: no invoice details of the provider are loaded for these billing periods.
    """
    issuers = sorted({line.issuer for line in ctx.store.records("invoices") if period.contains(line.start)})
    issuer = next((one for one in issuers if provider and one.lower() == provider.lower()), None)
    if issuer is None and (provider or not issuers):
        raise NoData(
            f"no invoice details{f' of {provider}' if provider else ''} are loaded for this period: "
            "load FOCUS InvoiceDetail files with `outlay ingest focus`",
            "not_loaded",
            available=tuple(issuers),
        )
    issuer = issuer or issuers[0]
    rows = ctx.store.query(_SQL, (issuer, period.start, period.end)).rows
    currencies = sorted({str(row[2]) for row in rows})
    if len(currencies) > 1:
        raise NoData(f"these invoices are in {' and '.join(currencies)}, which don't add up", "absent")
    columns = (
        Column(name="InvoiceId", kind="dimension", label="invoice", plural="invoices"),
        Column(name="ChargeCategory", kind="dimension", label="charge category", plural="charge categories"),
        *(
            Column(name=key, kind="metric", label=label, unit=currencies[0], metric=key)
            for key, label in (("Issued", "as issued"), ("Charged", "in the charges"), ("Difference", "difference"))
        ),
    )
    cells = tuple(
        (invoice, category, plain(issued), plain(charged), plain(issued - charged))
        for invoice, category, _, issued, charged in rows
    )
    return issuer, _SQL, columns, cells
