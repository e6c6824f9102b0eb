"""Approvals past their time, and clocks that were turned."""

import json
from datetime import timedelta

from evals.campaigns.approval_kinds import attack
from evals.campaigns.approval_site import Site
from tools.domain.remediation import canonical


@attack("expired")
def _plan_past_its_time(site: Site) -> int:
    proposal = site.waiting()
    site.now += timedelta(hours=60)
    site.decide(proposal, "ada")
    site.now += timedelta(hours=12, seconds=site.chance.choice([0, 1, 3600, 10**6]))
    site.apply(proposal.id)
    return 0


@attack("expired")
def _approval_past_its_time(site: Site) -> int:
    proposal = site.approved()
    site.now += timedelta(hours=24, seconds=site.chance.choice([0, 1, 3600, 86400]))
    site.apply(proposal.id)
    return 0


@attack("expired", spoils=True)
def _approval_with_its_time_moved(site: Site) -> int:
    proposal = site.approved()
    (content,) = site.sql("SELECT content FROM decisions ORDER BY rowid")[-1]
    moved = {**json.loads(content), "expires_at": "2030-01-01T00:00:00Z"}
    site.sql("UPDATE decisions SET content = ?", canonical(moved))
    site.now += timedelta(hours=25)
    site.apply(proposal.id)
    return 0


@attack("expired")
def _clock_turned_back(site: Site) -> int:
    proposal = site.approved()
    began = site.now
    site.now += timedelta(hours=24)
    site.waiting()  # somebody proposes something else: the trail goes on
    late, site.now = site.now, began + timedelta(minutes=site.chance.randrange(0, 24 * 60))
    site.apply(proposal.id)
    site.now = late
    return 0


@attack("expired")
def _clock_turned_back_a_little(site: Site) -> int:
    """By less than clocks may differ: what is over stays over."""
    proposal = site.approved()
    site.now += timedelta(hours=24)
    site.waiting()
    site.now -= timedelta(seconds=site.chance.randrange(1, 300))
    site.apply(proposal.id)
    site.now += timedelta(seconds=300)
    return 0


@attack("expired")
def _approval_given_too_late(site: Site) -> int:
    proposal = site.waiting()
    site.now += timedelta(hours=72, seconds=site.chance.choice([0, 1, 5000]))
    site.attempt(lambda: site.decide(proposal, "ada"))
    site.apply(proposal.id)
    return 0
