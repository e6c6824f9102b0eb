"""Small bills of two months, as rows of text: tokens with requests, machines under a commitment, what comes on top."""

from datetime import date
from decimal import Decimal

from tests.semantic.bill import Row, charge
from tools.domain.period import Period

SEPTEMBER = Period(start=date(2026, 9, 1), end=date(2026, 10, 1))
OCTOBER = Period(start=date(2026, 10, 1), end=date(2026, 11, 1))
BEFORE, NOW = date(2026, 9, 10), date(2026, 10, 10)


def tokens(day: date, model: str, kind: str, count: int, price: str, requests: int = 0, **more: str) -> Row:
    """One kind of token of a model, at a price per token."""
    return charge(day, str(Decimal(price) * count), **{
        "ServiceName": "Models", "ServiceCategory": "AI and Machine Learning", "x_Model": model, "x_TokenType": kind,
        "ConsumedQuantity": str(count), "ConsumedUnit": "Tokens", "x_Requests": str(requests) if requests else "",
        "x_ServiceTier": "standard", "x_Project": "assistant", **more,
    })  # fmt: skip


def machine(day: date, instance: str, hours: str, price: str, **more: str) -> Row:
    """Hours of an instance type, at a price per hour."""
    return charge(day, str(Decimal(price) * Decimal(hours)), **{
        "ServiceName": "Machines", "ConsumedQuantity": hours, "ConsumedUnit": "Hours", "RegionId": "north",
        "ChargeDescription": f"{instance} on demand", "x_Project": "training", **more,
    })  # fmt: skip


COVERED = {"CommitmentDiscountId": "plan", "CommitmentDiscountStatus": "Used", "PricingCategory": "Committed"}
UNUSED = {**COVERED, "CommitmentDiscountStatus": "Unused", "ConsumedQuantity": "", "ConsumedUnit": ""}
