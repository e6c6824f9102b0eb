"""A check as SARIF 2.1.0, for code scanning: a rule each, and a result with the line that it is about.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, sections 3.13, 3.14, 3.19, 3.27, 3.49.
"""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote

from tools.operate.check.finding import PlanFinding
from tools.operate.check.judge import UNPRICED
from tools.operate.check.pricing import Priced
from tools.operate.check.report import CheckReport
from tools.operate.check.sentences import costs, priced_by, what
from tools.operate.policies.explain import sentence
from tools.operate.policies.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
COST = "planned-cost"
_OWN = {
    UNPRICED: "A planned resource whose cost can't be told, and why.",
    COST: "What a planned resource will cost.",
}
_SCORES = {"low": "2.0", "medium": "5.0", "high": "8.0", "critical": "9.5"}


def as_sarif(report: CheckReport, rules: Sequence[Rule]) -> dict[str, Any]:
    """One run; every finding a result, and a note with the cost of each resource that has one."""
    results = [_of_finding(one) for one in report.findings]
    results += [_of_cost(one) for one in report.priced if one.lacks is None and one.resource.change != "delete"]
    used = list(dict.fromkeys(str(one["ruleId"]) for one in results))
    known = {one.name: one for one in rules}
    for one in results:
        one["ruleIndex"] = used.index(str(one["ruleId"]))
    driver = {
        "name": "Outlay",
        "semanticVersion": _version(),
        "rules": [_rule(name, known.get(name)) for name in used],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str, rule: Rule | None) -> Mapping[str, Any]:
    text = _OWN.get(name) if rule is None else sentence(rule)
    level = "note" if name == COST else "error" if rule is not None and rule.action.kind == "block" else "warning"
    described: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": (rule.message if rule and rule.message else text) or name},
        "fullDescription": {"text": text or name},
        "defaultConfiguration": {"level": level},
    }
    if rule is not None:
        described["properties"] = {"security-severity": _SCORES[rule.severity], "tags": ["finops", rule.severity]}
    return described


def _of_finding(one: PlanFinding) -> dict[str, Any]:
    return _result(one.rule, one.level, one.message, one.file, one.line, one.addresses)


def _of_cost(one: Priced) -> dict[str, Any]:
    resource = one.resource
    text = f"{resource.address} will cost {costs(one)}: {what(one)} ({priced_by(one)})"
    return _result(COST, "note", text, resource.file, resource.line, (resource.address,))


def _result(rule: str, level: str, text: str, file: str, line: int, addresses: tuple[str, ...]) -> dict[str, Any]:
    identity = hashlib.sha256("\n".join((rule, file, *addresses)).encode()).hexdigest()[:32]
    location = {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": max(line, 1)}}
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": location,
                "logicalLocations": [{"fullyQualifiedName": one, "kind": "resource"} for one in addresses[:20]],
            }
        ],
        "partialFingerprints": {"outlay/v1": identity},
    }


def _version() -> str:
    try:
        return version("outlay")
    except PackageNotFoundError:
        return "0.0.0"
