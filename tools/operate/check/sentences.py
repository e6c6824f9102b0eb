"""What a check says of each resource and of the whole, in sentences."""

from decimal import Decimal

from tools.operate.check.planned import Machines
from tools.operate.check.pricing import Priced
from tools.operate.check.report import CheckReport
from tools.operate.check.span import Span
from tools.operate.check.words import number_words, plural, signed_words, span_words


def verdict(report: CheckReport) -> str:
    """`blocked by 2 policies`, `within policy`, `within policy as far as can be told`."""
    blocked = len({one.rule for one in report.findings if one.level == "error"})
    warned = len({one.rule for one in report.findings if one.level == "warning"})
    parts = []
    if blocked:
        parts.append(f"blocked by {blocked} {'policy' if blocked == 1 else 'policies'}")
    elif report.rules:
        parts.append("within policy" if report.is_certain else "within policy as far as can be told")
    else:
        parts.append("no policy applies")
    if warned:
        parts.append(f"{warned} {'kind of warning' if warned == 1 else 'kinds of warnings'}")
    return ", ".join(parts)


def total(report: CheckReport) -> str:
    """`1,613–2,159 USD`, `1,613–2,159 USD, 1 of 3 resources unpriced`, `nothing that costs`."""
    amounts = [span_words(span, currency) for currency, span in sorted(report.totals.items())]
    unpriced = len(report.unpriced)
    parts = [" and ".join(amounts)] if amounts else []
    if unpriced:
        parts.append(f"{unpriced} of {plural(len(report.priced), 'resource')} unpriced")
    if not report.priced:
        return "nothing that is priced here"
    return ", ".join(parts) or "unpriced"


def change(report: CheckReport) -> str | None:
    """What more or less than now, where a plan changes what is there."""
    if not any(one.resource.before is not None for one in report.priced):
        return None
    parts = []
    for currency, span in sorted(report.added.items()):
        parts.append(f"no more {currency} than now" if span == Span.of(0) else signed_words(span, currency))
    return f"{' and '.join(parts)} compared with what runs now" if parts else None


def what(one: Priced) -> str:
    """`16 × H100 for 48 hours`, `2 × p5.48xlarge, a month`, `deleted`."""
    resource = one.resource
    if resource.change == "delete":
        return f"deleted: {_size(resource.before or resource.machines)}"
    size = _size(resource.machines)
    if resource.change in ("update", "replace") and resource.before is not None:
        size = f"{_size(resource.before)} → {size}"
    if resource.runs != 1:
        size = f"{number_words(resource.runs)} × ({size})"
    return f"{size}, {_time(one)}"


def _size(machines: Machines) -> str:
    if machines.is_share:
        name = " or ".join(machines.cards) or "GPU of an unknown card"
        gpus = None if machines.gpus is None or machines.count is None else machines.gpus.times(machines.count)
        return f"{span_words(gpus, '') if gpus else 'an unknown number of'} × {name}"
    name = " or ".join(machines.instances) or "a machine of an unknown type"
    count = "an unknown number of" if machines.count is None else span_words(machines.count, "")
    return f"{count} × {name}"


def _time(one: Priced) -> str:
    hours = one.resource.hours
    if hours is None:
        return "for an unknown time"
    if one.resource.is_open and hours == Span.of(730):
        return "a month"
    return f"for {span_words(hours, 'hour' if hours == Span.of(1) else 'hours')}"


def costs(one: Priced) -> str:
    """`1,613–2,159 USD`, `4,749 USD (−10,478 USD)`, `−15,227 USD` of what goes, `unpriced`."""
    if one.cost is None or one.currency is None:
        return "0" if one.cost == Span.of(0) else "unpriced"
    if one.resource.before is None or one.added is None:
        return span_words(one.cost, one.currency)
    added = signed_words(one.added, one.currency)
    return added if one.resource.change == "delete" else f"{span_words(one.cost, one.currency)} ({added})"


def priced_by(one: Priced) -> str:
    """Where the price is from, or what it lacks."""
    if one.lacks is not None:
        return one.lacks
    rate = one.rate
    if rate is None:
        return ""
    each = "a GPU-hour" if one.resource.machines.is_share else "an hour"
    whose = "own rates" if rate.basis == "own" else "list prices"
    return f"{whose}, {span_words(rate.price, rate.currency)} {each}: {rate.told}"


def _is_wide(one: Priced) -> bool:
    """Whether a list price is open because nothing says where it is to run."""
    machines, rate = one.resource.machines, one.rate
    is_open = one.resource.format != "terraform" and machines.provider is None and not machines.instances
    return is_open and rate is not None and rate.basis == "list" and rate.price.high > 2 * rate.price.low


def remarks(report: CheckReport) -> list[str]:
    """What else has to be known, each once."""
    found: list[str] = []
    for one in report.priced:
        remarks_of = (*one.resource.notes, *one.resource.machines.notes)
        found += [f"{one.resource.address}: {note}" for note in remarks_of]
        if one.lacks_before is not None:
            found.append(f"{one.resource.address}: what it costs now is not known ({one.lacks_before})")
    if any(_is_wide(one) for one in report.priced):
        found.append("prices differ by provider and region: --provider and --region narrow them")
    if any(one.resource.format == "slurm" and one.cost is not None for one in report.priced):
        found.append("jobs are priced at their time limit; one that ends sooner costs less")
    if any(one.resource.is_open and one.resource.hours == Span.of(Decimal(730)) for one in report.priced):
        found.append("what runs on until it is stopped is priced for a month of 730 hours")
    return list(dict.fromkeys([*found, *report.notes]))
