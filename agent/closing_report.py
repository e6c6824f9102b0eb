"""A closing as people read it; amounts come summed from tools.inform.allocation.issued."""

from typing import Any

from agent.answer.display import money_text
from tools.domain.closing import Closing, Statement
from tools.inform.allocation.issued import PayerTotal, accrued, adjusted, payer_totals

_BASES = {"provider_usage": "the provider's usage records", "estimate": "an estimate", "allocated": "an allocation"}


def statement_rows(statement: Statement) -> list[dict[str, Any]]:
    """A row per payer, the costliest first and what is unallocated last, with the parts of its total."""
    return [_row(one) for one in payer_totals(statement)]


def accrual_sentences(closing: Closing) -> list[str]:
    """What is in the month before its invoice; () where every charge is invoiced."""
    if not closing.accruals:
        return ["Everything in it is invoiced: nothing is accrued."]
    totals = [money_text(cost, currency) for currency, cost in accrued(closing.accruals)]
    lines = [f"Accrued before an invoice: {' and '.join(totals)}."]
    for one in closing.accruals:
        basis = _BASES.get(one.basis, one.basis)
        amount = money_text(one.cost, one.currency)
        lines.append(f"  {one.provider or 'no provider'}, {one.first_day} to {one.last_day}: {amount} by {basis}")
    return lines


def adjustment_sentences(closing: Closing) -> list[str]:
    """What earlier months were charged too little or too much, posted in this one."""
    lines = []
    for statement in closing.statements:
        for month, currency, cost in adjusted(statement):
            by = statement.dimension.removeprefix("x_").lower()
            lines.append(f"Restated {month:%B %Y}, posted here by {by}: {money_text(cost, currency)} in total.")
    return lines


def _row(one: PayerTotal) -> dict[str, Any]:
    return {
        "payer": one.payer,
        "currency": one.currency,
        "total": one.total,
        "direct": one.direct,
        "shared": one.shared,
        "fallback": one.fallback,
        "adjustments": one.adjustments,
        "unallocated": one.unallocated,
    }
