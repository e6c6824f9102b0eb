"""Kubernetes quantities ("500m", "16Gi") in the one way in which the API writes each.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/: no fraction is written, and the suffix
is the largest that allows it, of the family in which the quantity was given.
"""

import re
from decimal import ROUND_CEILING, Decimal
from typing import Annotated

from pydantic import AfterValidator

GPU = "nvidia.com/gpu"
GPU_PATTERN = r"^[a-z0-9.-]+/[A-Za-z0-9._-]+$"
"""An extended resource: nvidia.com/gpu, nvidia.com/mig-1g.10gb, amd.com/gpu."""
_WRITTEN = re.compile(r"((?:\d+\.?\d*|\.\d+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")
_SMALLEST = Decimal("0.001")
"""Of a container's resources: the API rounds what is finer up to it."""


def canonical(written: str) -> str:
    """The quantity as the API writes it: canonical("0.5") is "500m", canonical("1024Mi") is "1Gi".

    Raises:
        ValueError: it is none.
    """
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"{written!r} is no quantity; write one such as 500m, 2, 16Gi")
    number, suffix = Decimal(match[1]), match[2] or ""
    if suffix[1:] == "i":
        return _binary(number * 1024 ** _BINARY.index(suffix))
    if suffix[:1] in ("e", "E") and suffix != "E":
        return _exponent(number.scaleb(int(suffix[1:])))
    return _decimal(number.scaleb(3 * (_DECIMAL.index(suffix) - 3)))


Quantity = Annotated[str, AfterValidator(canonical)]


def _binary(value: Decimal) -> str:
    """What takes no binary suffix is read as decimal from then on, so it is written as such at once."""
    if value < 1024 or value % 1024:
        return _decimal(value)
    whole, power = int(value), 0
    while whole % 1024 == 0 and power < len(_BINARY) - 1:
        whole, power = whole // 1024, power + 1
    return f"{whole}{_BINARY[power]}"


def _decimal(value: Decimal) -> str:
    whole, power = _thousands(value)
    return f"{whole}{_DECIMAL[power + 3]}"


def _exponent(value: Decimal) -> str:
    whole, power = _thousands(value)
    return f"{whole}e{3 * power}" if power else str(whole)


def _thousands(value: Decimal) -> tuple[int, int]:
    """A whole number and the power of 1,000 that it counts, -1 for thousandths."""
    whole, power = int((value / _SMALLEST).to_integral_value(ROUND_CEILING)), -1
    while whole and whole % 1000 == 0 and power < len(_DECIMAL) - 4:
        whole, power = whole // 1000, power + 1
    return (whole, power) if whole else (0, 0)
