"""Replayed approvals: what counted once, or for another plan, is used again."""

import json

from evals.campaigns.approval_kinds import attack
from evals.campaigns.approval_site import Site
from tools.domain.remediation import Proposal


@attack("replayed", spoils=True)
def _applied_plan_set_back_to_waiting(site: Site) -> int:
    proposal = _applied(site)
    for statement in _some(site, "DELETE FROM spent", "DELETE FROM executions", "DELETE FROM steps"):
        site.sql(statement)
    site.sql("UPDATE proposals SET status = 'waiting'")
    site.apply(proposal.id)
    site.settle_all()
    return 1


@attack("replayed")
def _applied_plan_again(site: Site) -> int:
    proposal = _applied(site)
    site.apply(proposal.id, site.chance.choice(["ada", "ben", "pat"]))
    return 1


@attack("replayed")
def _rolled_back_plan_again(site: Site) -> int:
    proposal = _applied(site, put_back=False)
    site.executor(site.desk).roll_back(proposal.id, "ada")
    site.apply(proposal.id)
    return 2


@attack("replayed")
def _rolled_back_twice(site: Site) -> int:
    proposal = _applied(site, put_back=False)
    site.executor(site.desk).roll_back(proposal.id, "ada")
    site.world.seen[proposal.plan.changes[0].target.id] = proposal.plan.changes[0].seen.model_copy(
        update={"state": {"power": "off"}}
    )
    for desk in (site.desk, site.again()):
        site.attempt(lambda desk=desk: site.executor(desk).roll_back(proposal.id, "ada"))  # type: ignore[misc]
    return 2


@attack("replayed", spoils=True)
def _spent_decision_for_a_plan_that_says_the_same(site: Site) -> int:
    """The plan made anew for the same targets: another nonce."""
    old = _applied(site)
    new = site.desk.add(old.plan.model_copy(update={"nonce": f"{site.chance.getrandbits(128):032x}"}), "t-again")
    site.sql("UPDATE decisions SET proposal = ?", new.id)
    site.sql("DELETE FROM spent")
    site.apply(new.id)
    return 1


@attack("replayed", spoils=True)
def _spent_decision_under_a_new_id(site: Site) -> int:
    proposal = _applied(site)
    content, seal = site.sql("SELECT content, seal FROM decisions ORDER BY rowid")[-1]
    site.put_decision({**json.loads(content), "id": f"d-{site.chance.getrandbits(128):032x}"}, seal)
    site.sql("UPDATE proposals SET status = 'waiting'")
    site.sql("DELETE FROM executions")
    site.apply(proposal.id)
    return 1


@attack("replayed")
def _approval_of_a_plan_that_was_edited(site: Site) -> int:
    old = site.approved()
    new = site.desk.replace(old.id, site.plan(90))
    for one in (old, new):
        site.apply(one.id)
    return 0


@attack("replayed", spoils=True)
def _replaced_plan_set_back_to_waiting(site: Site) -> int:
    old = site.approved()
    site.desk.replace(old.id, site.plan(90))
    site.sql("UPDATE proposals SET status = 'waiting', replaced_by = NULL WHERE id = ?", old.id)
    site.apply(old.id)
    return 0


@attack("replayed", spoils=True)
def _rejection_taken_out(site: Site) -> int:
    """It was approved, then rejected; the rejection's row goes and the approval stays."""
    proposal = site.approved()
    rejection = site.decide(proposal, "ben", "reject")
    site.sql("DELETE FROM decisions WHERE id = ?", rejection)
    site.sql("UPDATE proposals SET status = 'waiting'")
    site.apply(proposal.id)
    return 0


@attack("replayed", spoils=True)
def _rejection_taken_out_of_the_trail_too(site: Site) -> int:
    proposal = site.approved()
    rejection = site.decide(proposal, "ben", "reject")
    site.sql("DELETE FROM decisions WHERE id = ?", rejection)
    site.sql("DELETE FROM trail WHERE sequence = (SELECT max(sequence) FROM trail)")
    sequence, hash_ = site.sql("SELECT sequence, hash FROM trail ORDER BY sequence DESC LIMIT 1")[0]
    if site.chance.random() < 0.5:
        site.sql("UPDATE trail_head SET sequence = ?, hash = ?", sequence, hash_)
    site.apply(proposal.id)
    return 0


@attack("replayed", spoils=True)
def _database_set_back_to_before(site: Site) -> int:
    """The whole file, every seal in it genuine."""
    proposal = site.approved()
    kept = site.copy()
    site.executor(site.desk).apply(proposal.id, "ada")
    site.world.put_back(proposal.plan)
    site.set_back(kept)
    site.apply(proposal.id)
    return 1


@attack("replayed", spoils=True)
def _genuine_rows_of_another_home(site: Site) -> int:
    """Plan, decision and seals under the same name, written by a desk with another key."""
    other_folder = site.folder / "other"
    other = Site(other_folder, site.chance, site.world, site.opened, cases=site.cases, now=site.now)
    theirs = other.approved()
    ours = site.waiting()
    for table in ("proposals", "decisions"):
        for row in other.sql(f"SELECT * FROM {table}"):
            marks = ", ".join("?" * len(row))
            renamed = [ours.id if value == theirs.id else value for value in row]
            site.sql(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", *renamed)
    site.apply(ours.id)
    return 0


def _applied(site: Site, *, put_back: bool = True) -> Proposal:
    """One call by right."""
    proposal = site.approved()
    site.executor(site.desk).apply(proposal.id, "ada")
    if put_back:
        site.world.put_back(proposal.plan)
    return proposal


def _some(site: Site, *statements: str) -> list[str]:
    return [one for one in statements if site.chance.random() < 0.7]
