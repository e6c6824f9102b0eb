"""A raw relation → the store's rows, the rows to keep out, and what to count as defects: three pieces of SQL."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from tools.domain.focus import BY_NAME, RENAMED
from tools.domain.money import UNKNOWN_CURRENCY
from tools.domain.query import CostBasis
from tools.ingest.focus_raw import Raw
from tools.ingest.focus_tags import TEXT as TAGS_TEXT
from tools.ingest.focus_types import Parsed
from tools.store import ColumnFacts

_STARTS = ("BillingPeriodStart", "ChargePeriodStart")


@dataclass(frozen=True)
class Count:
    """A defect to count: the rows of the raw relation where `condition` holds."""

    column: str
    defect: str
    condition: str
    detail: str
    example: str | None = None


@dataclass
class RowsSql:
    """How to read one raw relation. `reason` is NULL for the rows to accept; None when every row is acceptable."""

    raw: Raw
    items: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    money: str = "NULL"
    counts: list[Count] = field(default_factory=list)
    tags: str | None = None

    def select(self, from_tags: Sequence[str]) -> str:
        """The accepted rows; `from_tags` are columns of the table `tag_columns` that fill what the file lacks."""
        wanted = [name for name in from_tags if self.tags and name not in self.items]
        items = [f'{expression} AS "{_escape(name)}"' for name, expression in self.items.items()]
        items += [f'tag_columns."{name}" AS "{name}"' for name in wanted]
        join = f" LEFT JOIN tag_columns ON {self.tags} = {TAGS_TEXT}" if wanted else ""
        where = f" WHERE ({self.reason}) IS NULL" if self.reason else ""
        return f"SELECT {', '.join(items)} FROM {self.raw.relation}{join}{where}"

    def quarantine(self) -> str | None:
        """The rows kept out: file, reason, money, row."""
        if self.reason is None:
            return None
        pairs = ", ".join(
            f'{_literal(column.file or column.store)}: "{_escape(name)}"' for name, column in self.raw.columns.items()
        )
        return (
            f"SELECT {_literal(self.raw.file.path.name)} AS file, {self.reason} AS reason, {self.money} AS money, "
            f"CAST(to_json({{{pairs}}}) AS VARCHAR) AS row FROM {self.raw.relation} WHERE ({self.reason}) IS NOT NULL"
        )


def build_rows(
    raw: Raw, parsed: Mapping[str, Parsed], facts: Mapping[str, ColumnFacts], *, source: str | None, basis: CostBasis
) -> RowsSql:
    """Decide what becomes of each column and row.

    `facts` are a Parquet file's footers; what they prove is not checked row by row. {} for text.
    """
    constants = {
        column.store: fact.constant
        for name, column in raw.columns.items()
        if (fact := facts.get(name)) and fact.constant is not None and raw.types[name] == "VARCHAR"
    }
    full = {column.store for name, column in raw.columns.items() if name in facts and facts[name].nulls == 0}
    rows, reasons = RowsSql(raw), list[tuple[str, str]]()
    for name, one in parsed.items():
        rows.items[name] = one.value
        kind = BY_NAME[name].kind if name in BY_NAME else "text"
        if one.unreadable and (kind == "cost" or name in _STARTS):
            reasons.append((one.unreadable, f"{name} can't be read"))
        elif one.unreadable:
            rows.counts.append(Count(name, "unreadable_value", one.unreadable, "loaded without a value", one.present))
        if one.rounded:
            rows.counts.append(Count(name, "rounded", one.rounded, "more decimals than the store keeps", one.present))
    _periods(rows, parsed, reasons, full)
    _currency(rows, parsed, reasons, constants)
    _providers(rows, parsed)
    _source(rows, source, basis, constants)
    _basis(rows, basis)
    rows.tags = parsed["Tags"].value if "Tags" in parsed else None
    rows.money = (
        f"COALESCE({', '.join([*(parsed[n].value for n in ('EffectiveCost', 'BilledCost') if n in parsed), 'NULL'])})"
    )
    if reasons:
        rows.reason = f"CASE {' '.join(f'WHEN {when} THEN {_literal(why)}' for when, why in reasons)} END"
    return rows


def _periods(rows: RowsSql, parsed: Mapping[str, Parsed], reasons: list[tuple[str, str]], full: Set[str]) -> None:
    if set(_STARTS) <= full:
        return
    billing = parsed["BillingPeriodStart"].value if "BillingPeriodStart" in parsed else None
    charge = parsed["ChargePeriodStart"].value if "ChargePeriodStart" in parsed else None
    either = " AND ".join(f"{parsed[name].present} IS NULL" for name in _STARTS if name in parsed)
    reasons.append((f"({either})", "the row has no period"))
    if billing is None:
        rows.items["BillingPeriodStart"] = f"date_trunc('month', {charge})"
        rows.counts.append(Count("BillingPeriodStart", "derived", "true", "taken from ChargePeriodStart's month"))
    elif charge is None:
        rows.items["ChargePeriodStart"] = billing
        rows.counts.append(Count("ChargePeriodStart", "derived", "true", "taken from BillingPeriodStart"))
    else:
        rows.items["BillingPeriodStart"] = f"COALESCE({billing}, date_trunc('month', {charge}))"
        rows.items["ChargePeriodStart"] = f"COALESCE({charge}, {billing})"
        for name, other in (_STARTS, _STARTS[::-1]):
            missing = f"({parsed[name].present} IS NULL)"
            rows.counts.append(Count(name, "derived", missing, f"taken from {other}"))


def _currency(
    rows: RowsSql, parsed: Mapping[str, Parsed], reasons: list[tuple[str, str]], constants: Mapping[str, str]
) -> None:
    if "BillingCurrency" not in parsed:
        rows.items["BillingCurrency"] = _literal(UNKNOWN_CURRENCY)
        return
    constant = constants.get("BillingCurrency", "")
    if len(constant) == 3 and constant.isascii() and constant.isalpha() and constant.isupper():
        return
    code = f"NULLIF(upper(trim({parsed['BillingCurrency'].value})), '')"
    rows.items["BillingCurrency"] = f"COALESCE({code}, '{UNKNOWN_CURRENCY}')"
    reasons.append((f"NOT regexp_full_match({code}, '[A-Z]{{3}}')", "BillingCurrency can't be read"))


def _providers(rows: RowsSql, parsed: Mapping[str, Parsed]) -> None:
    for old, new in RENAMED.items():
        if old in parsed:
            del rows.items[old]
            rows.items[new] = (
                f"COALESCE({parsed[new].value}, {parsed[old].value})" if new in parsed else parsed[old].value
            )


def _source(rows: RowsSql, source: str | None, basis: CostBasis, constants: Mapping[str, str]) -> None:
    given = rows.items.pop("x_Source", None)
    if source is not None:
        rows.items["x_Source"] = _literal(source)
        return
    suffix = "" if basis == "invoice" else f" [{basis}]"
    issuer, account = constants.get("InvoiceIssuerName"), constants.get("BillingAccountId")
    if issuer and account and given is None:
        rows.items["x_Source"] = _literal(f"{issuer}/{account}{suffix}")
        return
    names = [rows.items[name] for name in ("InvoiceIssuerName", "ServiceProviderName") if name in rows.items]
    known = [f"NULLIF({name}, '')" for name in names]
    who = f"COALESCE({', '.join([*known, 'NULL'])})"
    where = f"COALESCE('/' || {rows.items['BillingAccountId']}, '')" if "BillingAccountId" in rows.items else "''"
    default = f"COALESCE({who} || {where}, {_literal(rows.raw.stem)}) || {_literal(suffix)}"
    rows.items["x_Source"] = f"COALESCE({given}, {default})" if given else default


def _basis(rows: RowsSql, basis: CostBasis) -> None:
    """An estimate never fills BilledCost: what stands there is taken as its EffectiveCost."""
    given = rows.items.get("x_CostBasis")
    known = f"CASE WHEN {given} IN ('invoice', 'provider_usage', 'estimate', 'allocated') THEN {given} END"
    rows.items["x_CostBasis"] = f"COALESCE({known}, {_literal(basis)})" if given else _literal(basis)
    if "BilledCost" not in rows.items or (given is None and basis != "estimate"):
        return
    billed, estimate = rows.items["BilledCost"], f"({rows.items['x_CostBasis']} = 'estimate')"
    effective = rows.items.get("EffectiveCost", "NULL")
    rows.items["EffectiveCost"] = f"CASE WHEN {estimate} THEN COALESCE({effective}, {billed}) ELSE {effective} END"
    rows.items["BilledCost"] = f"CASE WHEN {estimate} THEN NULL ELSE {billed} END"
    note = "an estimate fills EffectiveCost, never BilledCost"
    rows.counts.append(Count("BilledCost", "note", f"({estimate} AND {billed} IS NOT NULL)", note))


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _escape(name: str) -> str:
    return name.replace('"', '""')
