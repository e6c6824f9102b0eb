"""Distillation: narrow work of a large model goes to a small one that is trained on its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tools.domain.recommendation import Edit, Phase, Recommendation
from tools.inform.scenario.attribution import decimal_of
from tools.inform.scenario.usage import TOKEN_TYPES
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.own_models import Student, own_models
from tools.optimize.llm.slices import Slice, edits_at, model_claim, monthly, percent, slices
from tools.pricing.providers import developer_of
from tools.registry import ToolContext

MILLION = 1_000_000


@dataclass(frozen=True)
class Distillation:
    """The saving is the tokens at what they cost now, less the same tokens on the trained model and a month's part of
    the training. Training tokens are those of `examples` average requests, `epochs` times over."""

    name: str = "distillation"
    label: str = "train a small model on a large one's answers"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not any(line.requests for line in ledger.tokens):
            return Preflight("token usage that counts requests (--map COLUMN=requests)")
        if not any(line["x_UseCase"] for line in ledger.tokens):
            return Preflight("token usage that says what it is for (x_UseCase)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        facts = own_models().distillation
        found = []
        for one in slices(ledger, batch=False):
            if one.where["x_UseCase"] not in facts.work or not one.requests or one.model.startswith("ft:"):
                continue
            plans = [_plan(ledger, one, student) for student in facts.students if _can_teach(ledger, one, student)]
            best = max(plans, key=lambda plan: plan.saving, default=None)
            if best is not None and best.saving > 0:
                found.append(self._one(ctx, ledger, one, best))
        return found

    def _one(self, ctx: ToolContext, ledger: Ledger, one: Slice, plan: "Plan") -> Recommendation:
        facts, student = own_models().distillation, plan.student
        return Recommendation(
            lever=self.name,
            target=one.target,
            description=f"Train {student.model} on {one.model}'s answers for {one.work}{one.place}",
            edits=plan.edits,
            added_cost=decimal_of(plan.monthly_training),
            low=Decimal(0),
            high=monthly(ledger, one.cost * (1 - one.left(plan.edits))),
            currency=ledger.currency,
            confidence=Decimal("0.25"),
            effort="High",
            risk="High",
            evidence=(
                f"on a trained {student.model} these tokens cost {percent(one.left(plan.edits))} of what they do now "
                f"({student.source}, {student.checked})",
                f"training on {facts.examples:,} requests {facts.epochs} times takes "
                f"{float(plan.training_tokens):,.0f} tokens and {float(plan.training):,.2f} {student.currency}, every "
                f"{facts.months} months",
                f"it pays from {float(plan.break_even):,.0f} requests a month on; there are "
                f"{float(ledger.month * one.requests):,.0f}",
                f"no evaluation of a trained {student.model} on {one.work} is loaded",
            ),
            steps=(
                "keep requests and answers of some days, with their owners' consent",
                "train, score the trained model beside the large one, and move a tenth of the traffic",
            ),
            proved_wrong_by="the trained model scores worse on this work, or the work changes faster than that",
            exclusive=model_claim(one),
            owner=one.owner,
            provider=one.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


@dataclass(frozen=True)
class Plan:
    """A student for a slice; money of a month, but `training`, which is for `months`."""

    student: Student
    edits: tuple[Edit, ...]
    training_tokens: Fraction
    training: Fraction
    monthly_training: Fraction
    saving: Fraction
    break_even: Fraction
    """Requests a month whose saving pays for the training."""


def _can_teach(ledger: Ledger, one: Slice, student: Student) -> bool:
    """At the same provider, and priced in the ledger's currency."""
    sells = one.provider == student.developer == developer_of(one.model)
    return sells and ledger.currency == student.currency and one.model != student.model


def _plan(ledger: Ledger, one: Slice, student: Student) -> Plan:
    facts = own_models().distillation
    edits = edits_at(one, lambda _, kind: Fraction(student.price(kind)) / MILLION) or ()
    tokens = one.tokens(TOKEN_TYPES) / one.requests * facts.examples * facts.epochs
    training = tokens * Fraction(student.training) / MILLION
    each_month = training / facts.months
    gross = ledger.month * one.cost * (1 - one.left(edits))
    return Plan(
        student=student,
        edits=edits,
        training_tokens=tokens,
        training=training,
        monthly_training=each_month,
        saving=gross - each_month,
        break_even=each_month / (gross / (ledger.month * one.requests)) if gross > 0 else Fraction(0),
    )
