"""A check as JSON: amounts as decimal text, at full precision."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tools.domain.result import Evidence
from tools.operate.check.finding import PlanFinding
from tools.operate.check.pricing import Priced
from tools.operate.check.report import CheckReport
from tools.operate.check.sentences import remarks, verdict
from tools.operate.check.span import Span

STATUS = {True: "blocked", False: "within_policy"}


def as_json(report: CheckReport) -> dict[str, Any]:
    return {
        "status": STATUS[report.is_blocked],
        "verdict": verdict(report),
        "certain": report.is_certain,
        "files": [{"file": name, "format": form} for name, form in report.files],
        "totals": _amounts(report.totals),
        "added": _amounts(report.added),
        "resources": [_resource(one) for one in report.priced],
        "findings": [_finding(one) for one in report.findings],
        "rules": list(report.rules),
        "notes": remarks(report),
        "evidence": [_evidence(one) for one in report.evidence],
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "sql": one.sql,
        "parameters": [str(value) for value in one.parameters],
        "generation": one.generation,
        "loaded_through": one.loaded_through.isoformat() if one.loaded_through else None,
        "sources": list(one.sources),
    }


def _amounts(amounts: Mapping[str, Span]) -> list[dict[str, Any]]:
    return [{"currency": currency, **_ends(span)} for currency, span in sorted(amounts.items())]


def _resource(one: Priced) -> dict[str, Any]:
    resource, machines, rate = one.resource, one.resource.machines, one.rate
    return {
        "address": resource.address,
        "format": resource.format,
        "kind": resource.kind,
        "change": resource.change,
        "owner": resource.owner,
        "file": resource.file,
        "line": resource.line,
        "instances": list(machines.instances),
        "cards": list(machines.cards),
        "region": machines.region,
        "provider": machines.provider,
        "market": machines.market,
        "count": _span(machines.count),
        "gpus": _span(one.gpus),
        "hours": _span(resource.hours),
        "runs": _text(resource.runs),
        "gpu_hours": _span(one.gpu_hours),
        "cost": _span(one.cost),
        "cost_before": _span(one.cost_before),
        "currency": one.currency,
        "priced_by": rate.basis if rate and one.lacks is None else None,
        "price": _span(rate.price) if rate else None,
        "price_of": ("GPU-hour" if machines.is_share else "machine-hour") if rate else None,
        "told": rate.told if rate else None,
        "unpriced": one.lacks,
    }


def _finding(one: PlanFinding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "level": one.level,
        "severity": one.severity,
        "message": one.message,
        "file": one.file,
        "line": one.line,
        "resources": list(one.addresses),
        "observed": _span(one.observed),
        "used": _text(one.used),
        "limit": _text(one.limit),
        "unit": one.unit,
    }


def _span(span: Span | None) -> dict[str, str] | None:
    return None if span is None else _ends(span)


def _ends(span: Span) -> dict[str, str]:
    return {"low": f"{span.low:f}", "high": f"{span.high:f}"}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
