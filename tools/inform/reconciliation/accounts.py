"""Which accounts of which provider are set side by side."""

from tools.domain.errors import BadRequest, NoData, UnknownName
from tools.domain.period import Period
from tools.inform.reconciliation.request import ACCOUNTS, FIRMNESS, ReconcileRequest
from tools.registry import ToolContext

_FOUND = """
SELECT COALESCE("HostProviderName", "ServiceProviderName") AS provider, "x_CostBasis" AS basis,
    SUM(abs(COALESCE("EffectiveCost", "BilledCost", 0))) AS amount
FROM daily WHERE "ChargeDay" >= ? AND "ChargeDay" < ?
    AND COALESCE("HostProviderName", "ServiceProviderName") IS NOT NULL
GROUP BY ALL ORDER BY amount DESC, 1, 2
""".strip()


def provider_of(ctx: ToolContext, request: ReconcileRequest, period: Period) -> str:
    """The provider as the data spell it."""
    found = ctx.store.query(_FOUND, (period.start, period.end)).rows
    bases: dict[str, set[str]] = {}
    for name, basis, _ in found:
        bases.setdefault(name, set()).add(basis)
    several = [name for name in bases if len(bases[name]) > 1]
    if request.provider is None:
        if not several:
            raise NoData(
                "no provider has two accounts of this period: load its usage records beside its invoice", "not_loaded"
            )
        return next((name for name in several if "provider_usage" in bases[name]), several[0])
    spelled = {name.lower(): name for name in bases}
    known = spelled.get(request.provider.lower())
    if known is None and request.provider.lower() in {name.lower() for name in ctx.store.values("HostProviderName")}:
        raise NoData(f"nothing of {request.provider} is loaded for this period", "not_loaded")
    if known is None:
        raise UnknownName("provider", request.provider, tuple(several or bases))
    if known not in several:
        has = ACCOUNTS.get(next(iter(bases[known])), "one account")
        raise NoData(
            f"of {known} only the {has} is loaded for this period; two accounts are needed",
            "not_loaded",
            available=tuple(several),
        )
    return known


def accounts_of(ctx: ToolContext, request: ReconcileRequest, provider: str, period: Period) -> tuple[str, str]:
    """The reference and the records: as asked, else the two firmest that are loaded."""
    rows = ctx.store.query(_FOUND, (period.start, period.end)).rows
    loaded = [basis for basis in FIRMNESS if any(name == provider and b == basis for name, b, _ in rows)]
    for wanted in (request.reference, request.records):
        if wanted is not None and wanted not in loaded:
            has = " and ".join(ACCOUNTS[basis] for basis in loaded)
            raise NoData(
                f"no {ACCOUNTS.get(wanted, wanted)} of {provider} is loaded for this period, only its {has}",
                "not_loaded",
            )
    reference: str = request.reference or next(basis for basis in loaded if basis != request.records)
    looser = [*loaded[loaded.index(reference) + 1 :], *loaded[: loaded.index(reference)]]
    records: str | None = request.records or next(iter(looser), None)
    if records is None or records == reference:
        raise BadRequest("reference and records must be two accounts, such as invoice and provider_usage")
    return reference, records


def currency_of(ctx: ToolContext, provider: str, period: Period) -> str:
    sql = (
        'SELECT DISTINCT "BillingCurrency" FROM daily WHERE COALESCE("HostProviderName", "ServiceProviderName") = ? '
        'AND "ChargeDay" >= ? AND "ChargeDay" < ? ORDER BY 1'
    )
    found = [row[0] for row in ctx.store.query(sql, (provider, period.start, period.end)).rows]
    if len(found) > 1:
        raise NoData(
            f"{provider} has amounts in {' and '.join(found)}: accounts in several currencies don't add up", "absent"
        )
    return str(found[0])
