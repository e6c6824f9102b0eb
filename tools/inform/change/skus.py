"""What a line of a cloud bill is about: its instance type where it names one, else its SKU."""

import json
import re
from collections.abc import Mapping

_INSTANCE = re.compile(
    r"\b(?:(?:ml|db|cache)\.)?[a-z]{1,4}[0-9]+[a-z0-9-]*\."
    r"(?:nano|micro|small|medium|large|[0-9]*xlarge|metal[0-9a-z-]*)\b"
)
"""AWS writes family, generation and size, as in `p5.48xlarge` (docs.aws.amazon.com, instance type names)."""


def instance_type(row: Mapping[str, str | None]) -> str | None:
    """The instance type that a row's SkuPriceDetails, meter or description names; None for what has none."""
    details = _details(row.get("SkuPriceDetails"))
    if details.get("InstanceType"):
        return str(details["InstanceType"])
    for name in ("SkuMeter", "ChargeDescription"):
        if (found := _INSTANCE.search(row.get(name) or "")) is not None:
            return found.group()
    return None


def sku(row: Mapping[str, str | None]) -> str | None:
    """What tells apart lines of a service that have no instance type."""
    return row.get("SkuMeter") or row.get("SkuId") or row.get("ChargeDescription")


def _details(text: str | None) -> Mapping[str, object]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
