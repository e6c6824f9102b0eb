"""The wrong person, the wrong plan shown, the wrong moment, the wrong name."""

from datetime import timedelta
from decimal import Decimal

from evals.campaigns.approval_kinds import attack
from evals.campaigns.approval_site import Site
from tools.domain.remediation import Proposal
from tools.operate.policies.approvals import Freeze, Protected

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
LOOK_ALIKES = (
    "аda", "adа", "Ada", "ADA", " ada", "ada ", "ada\n", "ada\0", "ａｄａ", "ada\u200b", "a\u0301da", "role:platform",
    "platform", "*", "ada' OR '1'='1", "ada\"; DROP TABLE decisions; --", "", " ", "_os_user.0123", "None", "pat\0ada",
)  # fmt: skip


def _decide_and_apply(site: Site, proposal: Proposal, *persons: str, surface: str = "cli") -> None:
    for person in persons:
        site.attempt(lambda person=person: site.decide(proposal, person, surface=surface))  # type: ignore[misc]
    site.apply(proposal.id, persons[0] or "ada")


@attack("wrong person")
def _without_a_grant(site: Site) -> int:
    _decide_and_apply(site, site.waiting(), site.chance.choice(["eve", "mallory", "root", "admin"]))
    return 0


@attack("wrong person")
def _name_that_looks_like_one_with_a_grant(site: Site) -> int:
    _decide_and_apply(site, site.waiting(), site.chance.choice(LOOK_ALIKES))
    return 0


@attack("wrong person")
def _grant_for_another_environment(site: Site) -> int:
    where, who = site.chance.choice([("prod", "ada"), ("dev", "zoe"), (None, "ada"), ("Dev", "ada"), ("dev ", "ada")])
    _decide_and_apply(site, site.waiting(environment=where), who)
    return 0


@attack("wrong person")
def _grant_for_another_action_or_currency(site: Site) -> int:
    changed = site.chance.choice([{"action": "delete_all"}, {"currency": "EUR"}, {"action": "Switch_off"}])
    _decide_and_apply(site, site.waiting(**changed), "ada")
    return 0


@attack("wrong person")
def _over_the_limit(site: Site) -> int:
    saving = site.chance.choice(["5000.0001", "-5000.01", "1e9"])
    _decide_and_apply(site, site.waiting(saving), "ada", "ben", "cyd")
    return 0


@attack("wrong person")
def _over_the_limit_in_many_small_parts(site: Site) -> int:
    """A cost beside a saving must not hide it."""
    plan = site.plan("2600", targets=2)
    first, second = plan.changes
    cost = second.saving.model_copy(update={name: Decimal("-2600") for name in ("amount", "low", "high")})
    proposal = site.desk.add(
        plan.model_copy(update={"changes": (first, second.model_copy(update={"saving": cost}))}), "t-parts"
    )
    _decide_and_apply(site, proposal, "ada", "ben", "cyd")
    return 0


@attack("wrong person")
def _who_proposed_it(site: Site) -> int:
    _decide_and_apply(site, site.waiting(proposed_by="ada"), "ada")
    return 0


@attack("wrong person")
def _one_person_for_a_plan_that_takes_two(site: Site) -> int:
    _decide_and_apply(site, site.waiting("1000.01"), "ada")
    return 0


@attack("wrong person")
def _one_person_twice(site: Site) -> int:
    _decide_and_apply(site, site.waiting("1500"), "ada", "ada")
    return 0


@attack("wrong person")
def _one_person_by_two_surfaces(site: Site) -> int:
    proposal = site.waiting("1500")
    site.attempt(lambda: site.decide(proposal, "ada", surface="cli"))
    _decide_and_apply(site, proposal, "ada", surface="slack")
    return 0


@attack("wrong person")
def _the_proposer_as_the_second(site: Site) -> int:
    _decide_and_apply(site, site.waiting("1500", proposed_by="ben"), "ada", "ben")
    return 0


@attack("wrong person")
def _removed_from_the_policies_meanwhile(site: Site) -> int:
    proposal = site.approved()
    with site.policies(roles={"platform": ("ben", "cyd")}):
        site.apply(proposal.id)
    return 0


@attack("wrong person")
def _one_of_two_removed_from_the_policies(site: Site) -> int:
    proposal = site.approved("1500", by=("ada", "ben"))
    with site.policies(roles={"platform": ("ada", "cyd")}):
        site.apply(proposal.id)
    return 0


@attack("wrong person")
def _limit_lowered_meanwhile(site: Site) -> int:
    proposal = site.approved("900")
    lowered = tuple(one.model_copy(update={"up_to": Decimal(800)}) for one in site.rights.approvals.grants)
    with site.policies(grants=lowered):
        site.apply(proposal.id)
    return 0


@attack("wrong person")
def _second_person_asked_for_meanwhile(site: Site) -> int:
    proposal = site.approved("900")
    with site.policies(second_person_above=Decimal(899)):
        site.apply(proposal.id)
    return 0


@attack("wrong person")
def _surface_that_no_person_has(site: Site) -> int:
    _decide_and_apply(site, site.waiting(), "ada", surface="standing")
    return 0


@attack("wrong person")
def _rollback_by_somebody_without_the_right(site: Site) -> int:
    proposal = site.approved()
    site.executor(site.desk).apply(proposal.id, "ada")
    who = site.chance.choice(["eve", "zoe", "pat", *LOOK_ALIKES])
    for desk in (site.desk, site.again()):
        site.attempt(lambda desk=desk: site.executor(desk).roll_back(proposal.id, who))  # type: ignore[misc]
    return 1


@attack("wrong person")
def _rejected_by_somebody_and_approved_by_others(site: Site) -> int:
    proposal = site.approved()
    site.decide(proposal, site.chance.choice(["eve", "zoe", "ada"]), "reject")
    _decide_and_apply(site, proposal, "ben", "cyd")
    return 0


@attack("wrong plan shown")
def _fingerprint_of_another_plan(site: Site) -> int:
    shown, proposal = site.waiting(), site.waiting()
    print_ = proposal.plan.fingerprint
    other = site.chance.choice([shown.plan.fingerprint, print_.upper(), print_[:-1], print_ + "\n", "", "0" * 64, "%"])
    other = other if other != print_ else "0" * 64
    site.attempt(lambda: site.decide(proposal, "ada", fingerprint=other))
    site.apply(proposal.id)
    return 0


@attack("wrong plan shown")
def _edited_between_showing_and_deciding(site: Site) -> int:
    shown = site.waiting()
    new = site.desk.replace(shown.id, site.plan(150, targets=3))
    for one in (shown, new):
        site.attempt(lambda one=one: site.decide(one, "ada", fingerprint=shown.plan.fingerprint))  # type: ignore[misc]
        site.apply(one.id)
    return 0


@attack("wrong moment")
def _freeze_window(site: Site) -> int:
    proposal = site.approved()
    since = site.now - timedelta(seconds=site.chance.choice([0, 1, 86400]))
    places = site.chance.choice([(), ("dev",), ("prod", "dev")])
    frozen = Freeze(name="year end", start=since, end=site.now + timedelta(microseconds=1), environments=places)
    with site.policies(freezes=(frozen,)):
        site.apply(proposal.id)
    return 0


@attack("wrong moment")
def _freeze_of_one_environment_and_a_target_of_none(site: Site) -> int:
    with site.policies(
        grants=(site.rights.approvals.grants[0].model_copy(update={"environments": ("*",)}),),
        freezes=(Freeze(name="x", start=site.now, end=site.now + timedelta(hours=1), environments=("prod",)),),
    ):
        _decide_and_apply(site, site.waiting(environment=None), "ada")
    return 0


@attack("wrong moment")
def _before_it_was_announced_for(site: Site) -> int:
    later = site.now + timedelta(seconds=site.chance.choice([1, 3600, 86400]))
    proposal = site.approved(not_before=later)
    site.apply(proposal.id)
    return 0


@attack("wrong target")
def _protected_tag(site: Site) -> int:
    proposal = site.approved(targets=2, tags={"do-not-touch": "true"})
    with site.policies(protected=(Protected(tag="do-not-touch", values=site.chance.choice([(), ("true", "yes")])),)):
        site.apply(proposal.id)
    return 0


@attack("wrong target")
def _tag_that_was_put_on_meanwhile(site: Site) -> int:
    proposal = site.approved()
    key = proposal.plan.changes[0].target.id
    seen = site.world.seen[key]
    site.world.seen[key] = seen.model_copy(update={"tags": {**seen.tags, "do-not-touch": "true"}})
    with site.policies(protected=(Protected(tag="do-not-touch"),)):
        site.execute(proposal.id)
    return 0


@attack("wrong target")
def _more_targets_than_allowed(site: Site) -> int:
    proposal = site.approved(10, targets=3)
    with site.policies(most_targets=2):
        site.apply(proposal.id)
    return 0


@attack("wrong target")
def _target_that_is_not_as_it_was_any_more(site: Site) -> int:
    proposal = site.approved()
    key = proposal.plan.changes[0].target.id
    seen = site.world.seen[key]
    other = site.chance.choice(
        [{"state": {"power": "standby"}}, {"environment": "prod"}, {"tags": {**seen.tags, "team": "other"}}]
    )
    site.world.seen[key] = seen.model_copy(update=other)
    site.execute(proposal.id)
    return 0


@attack("wrong name")
def _proposal_by_a_name_that_only_looks_like_one(site: Site) -> int:
    """Beside one that is approved."""
    approved, waiting = site.approved(), site.waiting()
    number = approved.id.removeprefix("p-")
    name = site.chance.choice(
        [
            f"{approved.id}' OR '1'='1", f"{waiting.id}'; UPDATE proposals SET status='waiting'; --", f"P-{number}",
            f" {approved.id}", f"{approved.id} ", f"{approved.id}\n", f"{approved.id}\0", f"p-0{number}", f"p–{number}",
            f"р-{number}", "p-" + number.translate(WIDE), f"p-{number}.0",
            f"{approved.id}%", "p-%", "p-_", "", "*", f"{approved.id},{waiting.id}", f"\u200b{approved.id}",
            f"p-+{number}", f"p-{number}\ud800", number, f"../{approved.id}", f"{waiting.id}\0{approved.id}",
        ]
    )  # fmt: skip
    for desk in (site.desk, site.again()):
        site.attempt(lambda desk=desk: site.executor(desk).apply(name, "ada"))  # type: ignore[misc]
        site.attempt(
            lambda desk=desk: desk.decide(  # type: ignore[misc]
                name, waiting.plan.fingerprint, "approve", "ada", "cli", "", site.rights, site.now
            )
        )
    site.apply(waiting.id)
    return 0
