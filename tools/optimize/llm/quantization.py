"""Quantization: a model in 8 bits instead of 16 serves more on each of one's own machines, so that fewer are needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from tools.domain.recommendation import Phase, Recommendation
from tools.optimize.ledger import Ledger
from tools.optimize.lever import READY, Preflight
from tools.optimize.llm.machines import Machines, freed_note, machines
from tools.optimize.llm.own_models import own_models
from tools.optimize.llm.slices import monthly
from tools.registry import ToolContext


@dataclass(frozen=True)
class Quantization:
    """The saving is the machines that are not needed when each serves `gain` times as much; whole machines only."""

    name: str = "quantization"
    label: str = "serve own models in 8 bits"
    phase: Phase = "usage"

    def preflight(self, ctx: ToolContext, ledger: Ledger) -> Preflight:
        if not machines(ledger):
            return Preflight("machine hours that name the model they serve (x_Model)")
        return READY

    def find(self, ctx: ToolContext, ledger: Ledger) -> Sequence[Recommendation]:
        found = (self._one(ctx, ledger, own) for own in machines(ledger).values() if _can_shrink(own))
        return [one for one in found if one is not None]

    def _one(self, ctx: ToolContext, ledger: Ledger, own: Machines) -> Recommendation | None:
        facts = own_models().quantization
        freed = {name: _freed(own, getattr(facts.gain, name)) for name in type(facts.gain).model_fields}
        spared = freed["expected"]
        if not spared.lines:
            return None
        count, left = len(own.names), len(own.names) - len(spared.names)
        return Recommendation(
            lever=self.name,
            target=own.model,
            description=f"Serve {own.model} in 8 bits on {left} machines instead of {count}",
            edits=(spared.edit(Fraction(0)),),
            low=monthly(ledger, freed["low"].cost),
            high=monthly(ledger, freed["high"].cost),
            currency=ledger.currency,
            cash=spared.cash(),
            confidence=Decimal("0.3"),
            effort="High",
            risk="Medium",
            evidence=(
                f"{count} machines serve {own.model}, whose name says nothing of fewer than 16 bits",
                f"8 bits bring {facts.gain.low} to {facts.gain.high} times the throughput ({facts.source}, "
                f"{facts.checked}); {facts.gain.expected} is taken",
                freed_note(spared.lines),
            ),
            steps=(
                "measure throughput and quality of an 8-bit checkpoint on one machine",
                "replace the others one by one, and stop what is left over",
            ),
            proved_wrong_by="it runs in 8 bits already, answers get worse, or a machine's throughput rises by less",
            exclusive=own.claim(),
            owner=own.owner,
            provider=own.provider,
            period=ledger.period,
            created=ctx.as_of,
        )


def _can_shrink(own: Machines) -> bool:
    """Whether it may be in 16 bits, on GPUs with 8-bit arithmetic."""
    facts = own_models().quantization
    name = own.model.lower()
    if any(word in name for word in facts.quantized_names) or name.startswith(facts.native_8_bits):
        return False
    described = {(line["ChargeDescription"] or "").upper() for line in own.lines}
    return all(any(gpu in one.replace("-", " ").split() for gpu in facts.gpus) for one in described)


def _freed(own: Machines, gain: Decimal) -> Machines:
    """The machines that are left over."""
    needed = ceil(len(own.names) / Fraction(gain))
    return own.named(own.names[: len(own.names) - needed])
