"""Valid approvals, each of which has to be accepted: a desk that refuses everything fails the campaign."""

from datetime import timedelta
from decimal import Decimal

from evals.campaigns.approval_kinds import valid
from evals.campaigns.approval_site import Site
from evals.campaigns.approval_standing import _next_month
from tools.domain.remediation import Proposal
from tools.operate.policies.approvals import Freeze, Protected


def _applied(site: Site, proposal: Proposal, by: str = "ada") -> int:
    """As many calls as it has targets."""
    site.attempt(lambda: site.executor(site.chance.choice([site.desk, site.again()])).apply(proposal.id, by))
    return len(proposal.plan.changes)


@valid
def _one_person(site: Site) -> int:
    return _applied(site, site.approved(by=(site.chance.choice(["ada", "ben", "cyd"]),)))


@valid
def _two_persons_by_two_surfaces(site: Site) -> int:
    proposal = site.approved("1500")
    site.desk = site.again()
    site.decide(proposal, "ben", surface="slack")
    return _applied(site, proposal, "pat")


@valid
def _grant_of_another(site: Site) -> int:
    return _applied(site, site.approved(by=("zoe",), environment="prod", targets=3))


@valid
def _at_the_limit_to_the_cent(site: Site) -> int:
    return _applied(site, site.approved("1000", by=("ada",))) + _applied(site, site.approved("5000", by=("ada", "cyd")))


@valid
def _last_moment(site: Site) -> int:
    proposal = site.approved()
    site.now += timedelta(hours=24) - timedelta(microseconds=1)
    return _applied(site, proposal)


@valid
def _clock_a_little_behind(site: Site) -> int:
    proposal = site.approved()
    site.now -= timedelta(minutes=4)
    done = _applied(site, proposal)
    site.now += timedelta(minutes=4)
    return done


@valid
def _announced_and_awaited(site: Site) -> int:
    later = site.now + timedelta(days=14)
    proposal = site.approved(not_before=later, expires_at=later + timedelta(hours=72))
    site.now = later
    return _applied(site, proposal)


@valid
def _edited_and_approved_anew(site: Site) -> int:
    new = site.desk.replace(site.approved().id, site.plan(90))
    site.decide(new, "ada")
    return _applied(site, new)


@valid
def _approved_again_after_the_first_ran_out(site: Site) -> int:
    proposal = site.approved()
    site.now += timedelta(hours=25)
    site.decide(proposal, "ada")
    return _applied(site, proposal)


@valid
def _approved_by_one_without_the_right_too(site: Site) -> int:
    proposal = site.waiting()
    site.attempt(lambda: site.decide(proposal, "eve"))
    site.decide(proposal, "ben")
    return _applied(site, proposal)


@valid
def _outside_the_freeze_and_untouched_by_the_tag(site: Site) -> int:
    proposal = site.approved()
    over = Freeze(name="over", start=site.now - timedelta(days=2), end=site.now)
    elsewhere = Freeze(name="prod", start=site.now, end=site.now + timedelta(days=1), environments=("prod",))
    with site.policies(freezes=(over, elsewhere), protected=(Protected(tag="case", values=("no",)),)):
        return _applied(site, proposal)


@valid
def _rolled_back_by_who_proposed_it(site: Site) -> int:
    proposal = site.approved(by=("ben",), proposed_by="ada")
    done = _applied(site, proposal)
    site.attempt(lambda: site.executor(site.again()).roll_back(proposal.id, "ada"))
    return 2 * done


@valid
def _standing(site: Site) -> int:
    site.grant()
    return _applied(site, site.used(), "scheduler")


@valid
def _standing_to_the_last_cent(site: Site) -> int:
    site.grant("300.50")
    return sum(_applied(site, site.used(one), "scheduler") for one in ("100", "-100.25", "100.25"))


@valid
def _standing_in_the_next_month(site: Site) -> int:
    site.grant(100, until=site.now + timedelta(days=400))
    first = _applied(site, site.used(), "scheduler")
    site.now = _next_month(site.now)
    return first + _applied(site, site.used(), "scheduler")


@valid
def _standing_and_a_second_person(site: Site) -> int:
    site.grant(5000)
    proposal = site.used("1500")
    site.decide(proposal, "ben")
    return _applied(site, proposal, "scheduler")


@valid
def _another_standing_one_after_the_first_is_withdrawn(site: Site) -> int:
    site.desk.withdraw(site.grant().id, "ada", site.now)
    site.grant(by="cyd", monthly_amount=Decimal(400))
    return _applied(site, site.used(), "scheduler")
