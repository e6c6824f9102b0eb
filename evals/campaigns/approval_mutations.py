"""Mutated approvals: one byte, one field, one kind of value is another."""

import hashlib
import json

from evals.campaigns.approval_kinds import attack
from evals.campaigns.approval_site import Site
from evals.campaigns.bending import bend, bend_a_leaf
from tools.domain.remediation import canonical


@attack("mutated", spoils=True)
def _one_byte_of_the_decision(site: Site) -> int:
    proposal = site.approved()
    bend(site, "decisions", site.chance.choice(["content", "seal", "id", "proposal"]))
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _one_byte_of_the_plan(site: Site) -> int:
    proposal = site.approved()
    bend(site, "proposals", site.chance.choice(["content", "seal", "id"]))
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _one_byte_of_the_trail(site: Site) -> int:
    proposal = site.approved()
    bend(site, "trail", site.chance.choice(["event", "hash"]))
    site.attempt(lambda: site.executor(site.again()).apply(proposal.id, "ada"))
    return 0


@attack("mutated", spoils=True)
def _one_byte_of_the_head(site: Site) -> int:
    proposal = site.approved()
    bend(site, "trail_head", site.chance.choice(["hash", "seal"]))
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _one_field_of_the_plan(site: Site) -> int:
    """Another target, parameter, amount, environment …, and often the fingerprint to go with it in the decision."""
    proposal = site.approved(parameters={"deep": {"size": 1, "names": ["a", "b"]}})
    (content,) = site.sql("SELECT content FROM proposals WHERE id = ?", proposal.id)[0]
    kept = json.loads(content)
    bend_a_leaf(site, kept["plan"])
    site.sql("UPDATE proposals SET content = ? WHERE id = ?", canonical(kept), proposal.id)
    if site.chance.random() < 0.5:
        other = hashlib.sha256(canonical(kept["plan"]).encode()).hexdigest()
        site.sql("UPDATE decisions SET content = replace(content, ?, ?)", proposal.plan.fingerprint, other)
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _one_field_of_the_decision(site: Site) -> int:
    proposal = site.approved()
    (content,) = site.sql("SELECT content FROM decisions ORDER BY rowid")[-1]
    kept = json.loads(content)
    bend_a_leaf(site, kept)
    site.sql("UPDATE decisions SET content = ? WHERE proposal = ?", canonical(kept), proposal.id)
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _another_kind_of_value_in_a_column(site: Site) -> int:
    """SQLite keeps whatever it is given."""
    proposal = site.approved()
    table, column = site.chance.choice(
        [("decisions", "content"), ("decisions", "seal"), ("proposals", "content"), ("proposals", "seal")]
    )
    value = site.chance.choice([b"\0\1", 7, 2.5, "", "é", "[]", "null"])
    site.sql(f"UPDATE {table} SET {column} = ?", value)
    site.apply(proposal.id)
    return 0
