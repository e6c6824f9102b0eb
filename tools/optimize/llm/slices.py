"""Slices of token spend: one caller's work on one model at one provider, with its lines of cost."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from tools.domain.recommendation import Edit
from tools.inform.scenario.attribution import decimal_of
from tools.inform.scenario.levers import BATCH
from tools.inform.scenario.usage import TOKEN_TYPES, TokenType
from tools.optimize.ledger import Ledger, Line, remaining
from tools.registry import ToolContext

SLICE = ("HostProviderName", "x_Model", "x_Workload", "x_UseCase", "x_Team", "x_Environment")
"""What a slice is told apart by."""
ALL = Fraction(1)


@dataclass(frozen=True)
class Slice:
    """All token lines of one caller's work; costs are of the ledger's period."""

    where: Mapping[str, str | None]
    lines: tuple[Line, ...]

    @property
    def key(self) -> tuple[str | None, ...]:
        return tuple(self.where[name] for name in SLICE)

    @property
    def id(self) -> str:
        """As `slice_id` spells it in SQL."""
        return "\x1f".join(value or "" for value in self.key)

    @property
    def target(self) -> str:
        return "/".join(value or "" for value in self.key)

    @property
    def model(self) -> str:
        return self.where["x_Model"] or ""

    @property
    def provider(self) -> str:
        return self.where["HostProviderName"] or ""

    @property
    def owner(self) -> str | None:
        return self.where["x_Team"]

    @property
    def work(self) -> str:
        """What it is for, in words: `extraction`, `model evaluation`, or the workload."""
        return (self.where["x_UseCase"] or self.where["x_Workload"] or "requests").replace("_", " ")

    @property
    def place(self) -> str:
        """Its environment, in words: ` in staging`; nothing where none is told."""
        return f" in {self.where['x_Environment']}" if self.where["x_Environment"] else ""

    @property
    def what(self) -> str:
        """The work on its model: `chat on gpt-5.5 in staging`."""
        return f"{self.work} on {self.model}{self.place}"

    @cached_property
    def cost(self) -> Fraction:
        return sum((line.cost for line in self.lines), Fraction(0))

    @cached_property
    def requests(self) -> Fraction:
        return sum((line.requests for line in self.lines), Fraction(0))

    def tokens(self, kinds: Sequence[TokenType]) -> Fraction:
        return sum((line.quantity for line in self.lines if line["x_TokenType"] in kinds), Fraction(0))

    def cost_of(self, kinds: Sequence[TokenType]) -> Fraction:
        return sum((line.cost for line in self.lines if line["x_TokenType"] in kinds), Fraction(0))

    def parts(self) -> Mapping[tuple[str | None, TokenType], tuple[Fraction, Fraction]]:
        """(Service tier, token type) → tokens and cost."""
        found: dict[tuple[str | None, TokenType], tuple[Fraction, Fraction]] = {}
        for line in self.lines:
            key = (line["x_ServiceTier"], typed(line["x_TokenType"] or ""))
            tokens, cost = found.get(key, (Fraction(0), Fraction(0)))
            found[key] = (tokens + line.quantity, cost + line.cost)
        return found

    def left(self, edits: Sequence[Edit]) -> Fraction:
        """The part of its cost that edits leave."""
        parts = zip(self.lines, remaining(self.lines, edits), strict=True)
        return sum((line.cost * part for line, part in parts), Fraction(0)) / self.cost

    def edit(self, part: Fraction, kinds: Sequence[TokenType] = (), tier: Sequence[str | None] = ()) -> Edit:
        """What is left of all its lines, or of those with some token types and service tiers."""
        where: dict[str, tuple[str | None, ...]] = {name: (value,) for name, value in self.where.items()}
        if kinds:
            where["x_TokenType"] = tuple(kinds)
        if tier:
            where["x_ServiceTier"] = tuple(tier)
        return Edit(where=where, remaining=part)

    def tiers(self) -> tuple[str | None, ...]:
        """The service tiers that it uses."""
        return tuple(dict.fromkeys(line["x_ServiceTier"] for line in self.lines))

    def at(self, tiers: Sequence[str | None]) -> "Slice":
        """The part of it at some service tiers."""
        return Slice(self.where, tuple(line for line in self.lines if line["x_ServiceTier"] in tiers))


def slices(ledger: Ledger, *, batch: bool = True) -> tuple[Slice, ...]:
    """All slices of the ledger's tokens that cost something; without those of batch tiers on demand."""
    found: dict[tuple[str | None, ...], list[Line]] = defaultdict(list)
    for line in ledger.tokens:
        if batch or line["x_ServiceTier"] != BATCH:
            found[tuple(line[name] for name in SLICE)].append(line)
    made = (Slice(dict(zip(SLICE, values, strict=True)), tuple(lines)) for values, lines in found.items())
    return tuple(one for one in made if one.cost > 0)


def by_id(ledger: Ledger) -> Mapping[str, Slice]:
    """Slices by what SQL calls them."""
    return {one.id: one for one in slices(ledger)}


def slice_id(ctx: ToolContext) -> str:
    """An SQL expression over `charges`: the id of a row's slice."""
    items = (f"COALESCE(\"{name}\", '')" if name in ctx.store.columns else "''" for name in SLICE)
    return f"concat_ws(chr(31), {', '.join(items)})"


def saving_of(ledger: Ledger, one: Slice, edits: Sequence[Edit]) -> Decimal:
    """A month's saving of edits on a slice by itself; what ranges are told with."""
    return monthly(ledger, one.cost * (1 - one.left(edits)))


def edits_at(
    one: Slice, price: Callable[[str | None, TokenType], Fraction | None], share: Fraction = ALL
) -> tuple[Edit, ...] | None:
    """What is left of each tier and token type when a share of its tokens costs another price a token.

    None where some of it has no price there.
    """
    edits = []
    for (tier, kind), (tokens, cost) in one.parts().items():
        offered = price(tier, kind)
        if offered is None:
            return None
        if cost:
            edits.append(one.edit(1 - share + share * offered * tokens / cost, (kind,), (tier,)))
    return tuple(edits)


def tier_edits(one: Slice, avoided: Mapping[tuple[str | None, str], Fraction]) -> tuple[Edit, ...]:
    """Edits that take an amount of the period off each (service tier, token type) of a slice, no more than it costs."""
    edits = []
    for (tier, kind), (_, cost) in one.parts().items():
        amount = avoided.get((tier, kind), Fraction(0))
        if cost > 0 and amount > 0:
            edits.append(one.edit(1 - min(amount / cost, Fraction(1)), (kind,), (tier,)))
    return tuple(edits)


def typed(kind: str) -> TokenType:
    return next(one for one in TOKEN_TYPES if one == kind)


def monthly(ledger: Ledger, amount: Fraction) -> Decimal:
    """A month's amount of the period's, as money is told."""
    return decimal_of(ledger.month * amount)


def percent(part: Fraction) -> str:
    """A share in words: `12 %`; `0.4 %` below one."""
    value = float(part) * 100
    return f"{value:.1f} %" if abs(value) < 1 and value else f"{value:.0f} %"


def tier_claim(one: Slice) -> frozenset[str]:
    """Claims a slice's service tier: of two that move the same requests to another tier, one is done."""
    return frozenset({f"tier of {one.target}"})


def model_claim(one: Slice) -> frozenset[str]:
    """Claims which model answers a slice: of two that move the same requests to another model, one is done."""
    return frozenset({f"model of {one.target}"})
