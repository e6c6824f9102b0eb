"""Attacks on standing approvals."""

import json
from datetime import UTC, datetime, timedelta

from evals.campaigns.approval_kinds import attack
from evals.campaigns.approval_site import Site
from evals.campaigns.bending import bend, bend_a_leaf
from tools.domain.remediation import Proposal, canonical


def _use_and_apply(site: Site, proposal: Proposal) -> None:
    for desk in (site.desk, site.again()):
        site.attempt(lambda desk=desk: desk.use_standing(proposal.id, site.now, site.rights))  # type: ignore[misc]
    site.apply(proposal.id, "scheduler")


@attack("standing")
def _outside_its_terms(site: Site) -> int:
    site.grant(parameters={"size": "small"})
    fits = {"parameters": {"size": "small"}}
    changed = site.chance.choice(
        [
            {"environment": "staging"}, {"environment": None}, {"environment": "DEV"}, {"tags": {"case": "other"}},
            {"tags": {"case": ""}}, {"parameters": {"size": "large"}}, {"parameters": {}},
            {"parameters": {"size": ["small"]}}, {"parameters": {"Size": "small"}}, {"currency": "EUR"},
            {"action": "switch_on"}, {"targets": 4, "saving": 1}, {"reversible": False}, {"proposed_by": "ada"},
        ]
    )  # fmt: skip
    _use_and_apply(site, site.waiting(**{**fits, **changed}))  # type: ignore[arg-type]
    return 0


@attack("standing")
def _one_of_its_targets_outside_its_terms(site: Site) -> int:
    site.grant()
    inside, outside = (
        site.plan(10),
        site.plan(10, **site.chance.choice([{"environment": "staging"}, {"tags": {"case": "x"}}])),
    )
    both = inside.model_copy(update={"changes": (*inside.changes, *outside.changes)})
    _use_and_apply(site, site.desk.add(both, f"t-both-{site.cases}"))
    return 0


@attack("standing")
def _more_than_its_amount_at_once(site: Site) -> int:
    site.grant(500)
    _use_and_apply(site, site.waiting(site.chance.choice(["500.000001", "-501", "4999"])))
    return 0


@attack("standing")
def _more_than_its_amount_in_parts(site: Site) -> int:
    """All approved while there was enough left; only as many as it pays for are begun."""
    site.grant(250)
    plans = [site.used(site.chance.choice([100, -100])) for _ in range(4)]
    for one in plans:
        site.apply(one.id, "scheduler")
    return 2


@attack("standing")
def _a_saving_and_a_cost_do_not_cancel_out(site: Site) -> int:
    site.grant(150)
    for one in (site.used(100), site.used(-100)):
        site.apply(one.id, "scheduler")
    return 1


@attack("standing")
def _last_moment_of_the_month(site: Site) -> int:
    """Its amount is gone until the month is over by UTC, wherever the clock stands."""
    site.grant(100, until=site.now + timedelta(days=400))
    _use_and_apply(site, site.waiting())
    last = _next_month(site.now) - timedelta(microseconds=site.chance.choice([1, 10**6]))
    site.now = max(site.now, last)
    _use_and_apply(site, site.waiting())
    return 1


@attack("standing")
def _withdrawn_before_its_use(site: Site) -> int:
    approval = site.grant()
    site.desk.withdraw(approval.id, "eve", site.now)
    _use_and_apply(site, site.waiting())
    return 0


@attack("standing")
def _withdrawn_between_approval_and_beginning(site: Site) -> int:
    approval, proposal = site.grant(), site.used()
    site.desk.withdraw(approval.id, "eve", site.now)
    site.apply(proposal.id, "scheduler")
    return 0


@attack("standing", spoils=True)
def _withdrawal_taken_back_by_hand(site: Site) -> int:
    approval, proposal = site.grant(), site.used()
    site.desk.withdraw(approval.id, "eve", site.now)
    site.sql("UPDATE standing SET withdrawn_at = NULL")
    site.apply(proposal.id, "scheduler")
    _use_and_apply(site, site.waiting())
    return 0


@attack("standing", spoils=True)
def _uses_taken_back_by_hand(site: Site) -> int:
    site.grant(100)
    _use_and_apply(site, site.waiting())
    change = site.chance.choice(
        [
            "DELETE FROM standing_uses",
            "UPDATE standing_uses SET month = '2020-01'",
            "UPDATE standing_uses SET amount = '0'",
        ]
    )
    site.sql(change)
    _use_and_apply(site, site.waiting())
    return 1


@attack("standing")
def _past_its_last_day(site: Site) -> int:
    site.grant(until=site.now + timedelta(hours=2))
    proposal = site.used()
    site.now += timedelta(hours=2, seconds=site.chance.choice([0, 1, 60]))
    site.apply(proposal.id, "scheduler")
    _use_and_apply(site, site.waiting())
    return 0


@attack("standing")
def _grantor_lost_the_right(site: Site) -> int:
    site.grant()
    proposal = site.used()
    with site.policies(roles={"platform": ("ben", "cyd")}):
        site.apply(proposal.id, "scheduler")
        _use_and_apply(site, site.waiting())
    return 0


@attack("standing")
def _granted_by_somebody_without_the_right(site: Site) -> int:
    by, changed = site.chance.choice(
        [("eve", {}), ("zoe", {}), ("ada", {"environments": ("dev", "prod")}), ("_os_user.1", {}), ("", {}),
         ("ada", {"action": "delete_all"}), ("ada", {"currency": "EUR"}), ("role:platform", {})]
    )  # fmt: skip
    site.attempt(lambda: site.grant(5000, by, **changed))
    _use_and_apply(site, site.waiting(**{"currency": "EUR"} if "currency" in changed else {}))
    return 0


@attack("standing")
def _grantor_counts_once(site: Site) -> int:
    site.grant(5000)
    proposal = site.used("1500")
    site.attempt(lambda: site.decide(proposal, "ada"))
    site.apply(proposal.id, "scheduler")
    return 0


@attack("standing")
def _two_of_one_grantor_count_once(site: Site) -> int:
    for _ in range(2):
        site.grant(5000)
    _use_and_apply(site, site.waiting("1500"))
    return 0


@attack("standing", spoils=True)
def _one_byte_of_it(site: Site) -> int:
    site.grant()
    proposal = site.used()
    bend(site, "standing", site.chance.choice(["content", "seal", "id"]))
    site.apply(proposal.id, "scheduler")
    _use_and_apply(site, site.waiting())
    return 0


@attack("standing", spoils=True)
def _one_field_of_it(site: Site) -> int:
    site.grant()
    (content,) = site.sql("SELECT content FROM standing ORDER BY rowid")[-1]
    kept = json.loads(content)
    if site.chance.random() < 0.5:
        kept |= site.chance.choice(
            [
                {"monthly_amount": "99999"},
                {"environments": ["dev", "staging"]},
                {"tags": {}},
                {"until": "2031-01-01T00:00:00Z"},
            ]
        )
    else:
        bend_a_leaf(site, kept)
    site.sql("UPDATE standing SET content = ?", canonical(kept))
    _use_and_apply(site, site.waiting())
    return 0


@attack("standing", spoils=True)
def _invented(site: Site) -> int:
    proposal = site.waiting()
    site.grant(tags={"case": "another"})
    content, seal = site.sql("SELECT content, seal FROM standing ORDER BY rowid")[-1]
    forged = {**json.loads(content), "id": "s-9", "tags": {}, "monthly_amount": "99999"}
    seal = site.chance.choice([seal, "0" * 64])
    site.sql("INSERT INTO standing VALUES ('s-9', ?, ?, NULL)", canonical(forged), seal)
    if site.chance.random() < 0.5:
        site.put_decision(site.forged(proposal, surface="standing", standing=site.chance.choice(["s-9", "s-1"])), seal)
    _use_and_apply(site, proposal)
    return 0


@attack("standing", spoils=True)
def _its_decision_for_another_plan(site: Site) -> int:
    site.grant(150)
    site.used()
    other = site.waiting(10)
    site.sql("UPDATE decisions SET proposal = ?", other.id)
    site.apply(other.id, "scheduler")
    return 0


@attack("standing")
def _plan_that_was_applied_by_it_again(site: Site) -> int:
    site.grant(5000)
    proposal = site.waiting()
    _use_and_apply(site, proposal)
    site.world.put_back(proposal.plan)
    _use_and_apply(site, proposal)
    return 1


def _next_month(now: datetime) -> datetime:
    return datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
