"""Forged, replayed, expired and mutated approvals."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from agent.state.remediation.seal import Seal
from evals.campaigns.approval_kinds import attack
from evals.campaigns.approval_site import Site
from tools.domain.remediation import Proposal, canonical

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


@attack("mutated", spoils=True)
def _one_byte_of_the_decision(site: Site) -> int:
    proposal = site.approved()
    _bend(site, "decisions", site.chance.choice(["content", "seal", "id", "proposal"]))
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _one_byte_of_the_plan(site: Site) -> int:
    proposal = site.approved()
    _bend(site, "proposals", site.chance.choice(["content", "seal", "id"]))
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _one_byte_of_the_trail(site: Site) -> int:
    proposal = site.approved()
    _bend(site, "trail", site.chance.choice(["event", "hash"]))
    site.attempt(lambda: site.executor(site.again()).apply(proposal.id, "ada"))
    return 0


@attack("mutated", spoils=True)
def _one_byte_of_the_head(site: Site) -> int:
    proposal = site.approved()
    _bend(site, "trail_head", site.chance.choice(["hash", "seal"]))
    site.apply(proposal.id)
    return 0


@attack("mutated", spoils=True)
def _one_field_of_the_plan(site: Site) -> int:
    """Another target, parameter, amount, environment …, and often the fingerprint to go with it in the decision."""
    proposal = site.approved(parameters={"deep": {"size": 1, "names": ["a", "b"]}})
    (content,) = site.sql("SELECT content FROM proposals WHERE id = ?", proposal.id)[0]
    kept = json.loads(content)
    _bend_a_leaf(site, kept["plan"])
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
    _bend_a_leaf(site, kept)
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


def _applied(site: Site, *, put_back: bool = True) -> Proposal:
    """One call by right."""
    proposal = site.approved()
    site.executor(site.desk).apply(proposal.id, "ada")
    if put_back:
        site.world.put_back(proposal.plan)
    return proposal


def _some(site: Site, *statements: str) -> list[str]:
    return [one for one in statements if site.chance.random() < 0.7]


def _bend(site: Site, table: str, column: str) -> None:
    """Change, insert or drop one character of one row: the last one's, but anyone's of the trail."""
    rows = site.sql(f"SELECT rowid, {column} FROM {table} ORDER BY rowid")
    row, text = site.chance.choice(rows) if table == "trail" else rows[-1]
    at = site.chance.randrange(len(text))
    other = site.chance.choice([one for one in '0123456789abcdef",}Z -' if one != text[at]])
    bent = site.chance.choice(
        [text[:at] + other + text[at + 1 :], text[:at] + other + text[at:], text[:at] + text[at + 1 :]]
    )
    site.sql(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?", bent, row)


def _bend_a_leaf(site: Site, value: Any) -> None:
    """Another value for one of the leaves of a JSON object, in place."""
    places: list[tuple[Any, Any]] = []

    def walk(inside: Any) -> None:
        for key in inside if isinstance(inside, dict) else range(len(inside)):
            if isinstance(inside[key], (dict, list)) and inside[key]:
                walk(inside[key])
            else:
                places.append((inside, key))

    walk(value)
    inside, key = site.chance.choice(places)
    old = inside[key]
    choices = [True, False, None, "x", "w-000000", "zoe", "prod", "1", 10**6, ["x"], {"x": "y"}, "2030-01-01T00:00:00Z"]
    inside[key] = site.chance.choice([one for one in choices if one != old or type(one) is not type(old)])
