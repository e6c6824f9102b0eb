"""Forged approvals: seals, rows and events that Outlay did not write."""

import hashlib
import secrets

from agent.state.remediation.seal import Seal
from evals.campaigns.approval_kinds import attack
from evals.campaigns.approval_site import Site
from tools.domain.remediation import canonical

PUBLIC_KINDS = ("proposal", "standing approval", "trail head", "trail witness")


@attack("forged", spoils=True)
def _invented_seal(site: Site) -> int:
    proposal = site.waiting()
    site.put_decision(site.forged(proposal), site.chance.choice(["", "0" * 64, f"{site.chance.getrandbits(256):064x}"]))
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _seal_by_a_key_of_their_own(site: Site) -> int:
    proposal = site.waiting()
    forged = site.forged(proposal)
    site.put_decision(forged, Seal(secrets.token_bytes(32)).of("decision", canonical(forged)))
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _seal_copied_from_another_decision(site: Site) -> int:
    site.approved()
    proposal = site.waiting()
    (seal,) = site.sql("SELECT seal FROM decisions ORDER BY rowid")[-1]
    site.put_decision(site.forged(proposal), seal)
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _seal_copied_from_the_plan(site: Site) -> int:
    proposal = site.waiting()
    (seal,) = site.sql("SELECT seal FROM proposals WHERE id = ?", proposal.id)[0]
    site.put_decision(site.forged(proposal), seal)
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _seal_of_another_kind_by_the_right_key(site: Site) -> int:
    """As if some other part of the product could be made to seal the text of a decision."""
    proposal = site.waiting()
    forged = site.forged(proposal)
    key = bytes.fromhex((site.folder / "approval.key").read_text("ascii"))
    site.put_decision(forged, Seal(key).of(site.chance.choice(PUBLIC_KINDS), canonical(forged)))  # type: ignore[arg-type]
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _right_seal_that_the_trail_does_not_know(site: Site) -> int:
    """As from another home that has the same key, such as a test's beside production."""
    proposal = site.waiting()
    forged = site.forged(proposal)
    key = bytes.fromhex((site.folder / "approval.key").read_text("ascii"))
    site.put_decision(forged, Seal(key).of("decision", canonical(forged)))
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _decision_pointed_at_another_proposal(site: Site) -> int:
    site.approved()
    proposal = site.waiting()
    site.sql("UPDATE decisions SET proposal = ?", proposal.id)
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _decision_and_plan_swapped_between_proposals(site: Site) -> int:
    """The approved small plan's row and decision under the large one's name."""
    small, large = site.approved(), site.waiting(900, targets=3)
    site.sql(
        "UPDATE proposals SET content = (SELECT content FROM proposals WHERE id = ?), "
        "seal = (SELECT seal FROM proposals WHERE id = ?) WHERE id = ?",
        *(small.id, small.id, large.id),
    )
    site.sql("UPDATE decisions SET proposal = ?", large.id)
    site.apply(large.id)
    return 0


@attack("forged", spoils=True)
def _event_added_to_the_trail(site: Site) -> int:
    """The chain is made anew, which takes no key; the head's seal is the old one."""
    proposal = site.waiting()
    forged = site.forged(proposal)
    site.put_decision(forged, "0" * 64)
    sequence, hash_ = site.sql("SELECT sequence, hash FROM trail_head")[0]
    facts = {"decision": forged["id"], "digest": hashlib.sha256(canonical(forged).encode()).hexdigest()}
    facts |= {"fingerprint": proposal.plan.fingerprint, "surface": "cli", "reason": "", "standing": None}
    text = canonical(
        {
            "sequence": sequence + 1,
            "at": forged["decided_at"],
            "kind": "approved",
            "subject": proposal.id,
            "by": "ada",
            "facts": facts,
        }
    )
    chained = hashlib.sha256(f"{hash_}{text}".encode()).hexdigest()
    site.sql("INSERT INTO trail VALUES (?, ?, ?)", sequence + 1, text, chained)
    if site.chance.random() < 0.5:
        site.sql("UPDATE trail_head SET sequence = ?, hash = ?", sequence + 1, chained)
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _execution_that_nobody_began(site: Site) -> int:
    """Rows of an execution that seems to have died, for the settling of it to carry on with."""
    proposal = site.waiting()
    number = 1 + site.sql("SELECT coalesce(max(id), 0) FROM executions")[0][0]
    site.sql("INSERT INTO executions VALUES (?, ?, 'apply', NULL)", number, proposal.id)
    if site.chance.random() < 0.5:
        site.sql("INSERT INTO steps VALUES (?, ?, 0, 'intended')", number, proposal.plan.changes[0].target.key)
    site.sql("UPDATE proposals SET status = 'applying' WHERE id = ?", proposal.id)
    site.settle_all()
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _rejection_turned_into_approval(site: Site) -> int:
    proposal = site.waiting()
    site.decide(proposal, "ada", "reject")
    site.sql("UPDATE decisions SET content = replace(content, '\"reject\"', '\"approve\"')")
    site.sql("UPDATE proposals SET status = 'waiting'")
    site.apply(proposal.id)
    return 0


@attack("forged", spoils=True)
def _key_exchanged(site: Site) -> int:
    """Whoever can write to the state puts in a key of their own, and seals by it."""
    proposal = site.waiting()
    key = secrets.token_bytes(32)
    (site.folder / "approval.key").write_text(key.hex(), "ascii")
    forged = site.forged(proposal)
    site.put_decision(forged, Seal(key).of("decision", canonical(forged)))
    site.apply(proposal.id)
    return 0
