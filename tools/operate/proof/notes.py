"""What has to be said beside realised savings."""

from collections.abc import Iterator, Sequence

from tools.operate.proof.realised import LEVEL, Realised

_MOST_NAMED = 3


def notes_of(found: Sequence[Realised], currency: str) -> tuple[str, ...]:
    """The caveats, each once."""
    measured = [one for one in found if one.measured is not None]
    notes: list[str] = []
    if measured:
        notes.append(
            "what would have been paid is foreseen from the days before each change: what somebody would have changed "
            "anyway can't be told from it"
        )
        last = max(one.measured.days.last_day for one in measured if one.measured is not None)
        notes.append(f"only whole days whose bills are usually complete count: through {last}")
        notes.append(f"at least and at most hold what was saved in {LEVEL} of 100 cases like it")
    if len(measured) > 1:
        notes.append("the range of the total adds up as if all of them came out low, or all high")
    for one in found:
        notes += _of(one, currency)
    return tuple(dict.fromkeys(notes))


def _of(one: Realised, currency: str) -> Iterator[str]:
    name = one.of.proposal
    if one.is_short and one.status != "no charges":
        yield f"{name}: only {one.history_days} days of cost before it, so its interval is wide"
    if one.is_cut:
        yield f"{name}: later days are left out, as the days before can't tell of them, or another change took over"
    if one.unseen:
        yield f"{name}: no charge before it names {_listed([change.target.id for change in one.unseen])}"
    if one.status == "too early":
        yield f"{name}: no whole day of it is known yet"
    left = len(one.of.plan.changes) - len(one.of.changed)
    if left:
        yield f"{name}: {left} of {len(one.of.plan.changes)} targets were not changed, and are not counted"
    if one.of.plan.currency != currency:
        yield f"{name}: its estimate is in {one.of.plan.currency}, the charges in {currency}"
    yield from _cash(one)


def _cash(one: Realised) -> Iterator[str]:
    name = one.of.proposal
    covered = [each.change.target.id for each in one.measured.targets if each.committed] if one.measured else []
    if covered:
        yield (
            f"{name}: a commitment paid for {_listed(covered)}: what they no longer use moves to other resources or "
            "stays unused, and the bill falls only when the commitment ends or is smaller"
        )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
