"""An amount in parts that sum to it exactly, at the scale that the store keeps money at."""

from collections.abc import Mapping
from decimal import Decimal

from tools.semantic.numbers import EXACT, plain

SCALE = 24
"""Decimals of DECIMAL(38,24)."""


def split(amount: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Parts of `amount` in proportion to `weights`, which are not negative and not all zero; sum(parts) == amount.

    Largest remainder (Hamilton's method) over units of 10^-24: every part is rounded towards zero, and the units left
    over go, one each, to the parts that lost most; ties go by name. A credit is split like the charge it takes back.

    Raises:
        ValueError: no weight is more than 0, or the amount has more decimals than the store keeps.
    """
    units = _units(amount)
    shares = _whole_numbers(weights)
    whole = sum(shares.values())
    if whole <= 0:
        raise ValueError("an amount can't be split over no weight")
    parts = {name: divmod(abs(units) * share, whole) for name, share in shares.items()}
    left = abs(units) - sum(quotient for quotient, _ in parts.values())
    by_loss = sorted(parts, key=lambda name: (-parts[name][1], name))
    sign = -1 if units < 0 else 1
    more = set(by_loss[:left])
    return {name: _amount(sign * (parts[name][0] + (name in more))) for name in weights}


def _units(amount: Decimal) -> int:
    scaled = amount.scaleb(SCALE, context=EXACT)
    units = int(scaled)
    if scaled != units:
        raise ValueError(f"{amount} has more than {SCALE} decimals")
    return units


def _amount(units: int) -> Decimal:
    return plain(Decimal(units).scaleb(-SCALE, context=EXACT))


def _whole_numbers(weights: Mapping[str, Decimal]) -> dict[str, int]:
    """Weights in whole units of their smallest decimal; a negative one counts as zero."""
    places = [-exponent for weight in weights.values() if isinstance(exponent := weight.as_tuple().exponent, int)]
    shift = max([0, *places])
    return {name: max(0, int(weight.scaleb(shift, context=EXACT))) for name, weight in weights.items()}
