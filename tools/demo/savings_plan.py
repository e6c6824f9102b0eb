"""The GPU serving fleet under a savings plan: covered hours, unused commitment, the lapse between two plans."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from tools.demo.calendar import Calendar, Flags, Ints
from tools.demo.cloud import MILLION, Account, Item, flat, month_firsts, usage
from tools.demo.disturbances import Incident, moment
from tools.demo.lines import UNITS, Block, hour_starts
from tools.demo.rhythm import shape
from tools.demo.windows import windows

LIST_PRICE = 10_4926 * UNITS // 10_000
PLAN_PRICE = 6_5054 * UNITS // 10_000
"""What an hour of g6e.12xlarge costs under the plan."""
COVERED = 5
PLAN = {
    "CommitmentDiscountCategory": "Spend",
    "CommitmentDiscountId": "arn:aws:savingsplans::710482936155:savingsplan/2c9e41",
    "CommitmentDiscountName": "Compute Savings Plan, 1 year, no upfront",
    "CommitmentDiscountType": "Savings Plan",
}
MACHINES = ("4d1f8e02", "58a7c3b9", "6ec01d74", "81b92fe5", "9a3d60c7", "b7f4512e", "c82e09da")


def covered_fleet(
    account: Account, base: Item, calendar: Calendar, noise: np.random.Generator
) -> tuple[list[Block], Incident]:
    """Three to seven machines serve by the load; the plan pays for five of them in each hour."""
    item = replace(base, description="g6e.12xlarge on demand", workload="inference").tagged(
        team="discovery", project="semantic-search", environment="production"
    )
    wobble = np.exp(0.08 * noise.standard_normal((calendar.days, 24)))
    load = np.rint(4.6 * shape("consumer", calendar) * wobble).astype(np.int64)
    running = np.clip(load, 3, len(MACHINES)).ravel()
    first, last = windows(calendar).uncovered
    hours = np.arange(calendar.hours)
    planned = ~((hours >= first * 24) & (hours < last * 24))
    blocks = []
    for number, name in enumerate(MACHINES):
        on = running > number
        machine = replace(item, resource=f"i-0{name}")
        covered = on & planned & (number < COVERED)
        blocks.append(_demand(account, machine, calendar, on & ~covered))
        blocks.append(_used(account, machine, calendar, covered))
    blocks.append(_unused(account, item, calendar, np.where(planned, np.maximum(COVERED - running, 0), 0)))
    blocks.append(_purchases(account, item, calendar))
    agreed = Decimal(LIST_PRICE) * item.contract / 100
    lost = int(np.minimum(running, COVERED)[~planned].sum()) * (agreed - PLAN_PRICE) / UNITS
    where = {"HostProviderName": "AWS", "ServiceName": item.service, "x_Project": "semantic-search"}
    lapse = Incident("commitment_expiry", where, moment(calendar, first * 24), moment(calendar, last * 24),
                     lost.quantize(Decimal("0.01")))  # fmt: skip
    return blocks, lapse


def _demand(account: Account, item: Item, calendar: Calendar, on: Flags) -> Block:
    return usage(account, item, hour_starts(calendar), 3600, on.astype(np.int64) * MILLION, LIST_PRICE)


def _used(account: Account, item: Item, calendar: Calendar, covered: Flags) -> Block:
    """Covered hours are billed by the plan's purchase; their effective cost is the plan's rate."""
    block = usage(account, item, hour_starts(calendar), 3600, covered.astype(np.int64) * MILLION, LIST_PRICE)
    text = {**block.text, **PLAN, "PricingCategory": "Committed", "CommitmentDiscountStatus": "Used"}
    text["ChargeDescription"] = "g6e.12xlarge covered by Compute Savings Plan"
    return _committed(block, text, np.full(len(block), PLAN_PRICE))


def _unused(account: Account, item: Item, calendar: Calendar, machines: Ints) -> Block:
    block = usage(account, replace(item, tags={}), hour_starts(calendar), 3600, machines * MILLION, LIST_PRICE)
    text = {**block.text, **PLAN, "PricingCategory": "Committed", "CommitmentDiscountStatus": "Unused"}
    text |= {"ChargeDescription": "Unused Compute Savings Plan commitment", "ConsumedUnit": None, "PricingUnit": None}
    cost = block.quantity["ConsumedQuantity"] // MILLION * PLAN_PRICE
    unused = _committed(block, text, cost)
    return replace(
        unused,
        money={**unused.money, "ListCost": cost * 0, "ContractedCost": cost * 0},
        quantity={"CommitmentDiscountQuantity": unused.quantity["CommitmentDiscountQuantity"]},
    )


def _committed(block: Block, text: dict[str, str | None], cost: Ints) -> Block:
    money = {**block.money, "BilledCost": cost * 0, "EffectiveCost": cost}
    quantity = {**block.quantity, "CommitmentDiscountQuantity": cost // 10_000}
    return replace(block, text={**text, "CommitmentDiscountUnit": "USD"}, money=money, quantity=quantity)


def _purchases(account: Account, item: Item, calendar: Calendar) -> Block:
    """The plan's fee of each month, for its hours in that month, on the month's first day."""
    first, last = windows(calendar).uncovered
    hours = np.arange(calendar.hours)
    planned = ~((hours >= first * 24) & (hours < last * 24))
    number = np.searchsorted(month_firsts(calendar), hour_starts(calendar), side="right") - 1
    fees = np.bincount(number, weights=planned).astype(np.int64) * COVERED * PLAN_PRICE
    plan = replace(item, tags={}, description="Compute Savings Plan, monthly fee", workload=None)
    more: dict[str, str | None] = {**PLAN, "PricingCategory": "Standard", "RegionId": None, "RegionName": None}
    block = flat(account, plan, "Purchase", month_firsts(calendar), fees, **more)
    return replace(block, money={**block.money, "EffectiveCost": fees * 0})
