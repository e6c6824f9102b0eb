"""A seeded slice of the campaign of a model that acts, and what its judge notices."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("moto")

from evals.campaigns.hostile_actions import run
from evals.hostile.acting.cloud import Cloud, cloud
from evals.hostile.acting.control import Account
from evals.hostile.acting.judge import desk_faults, world_faults
from evals.hostile.acting.plants import calls_told

pytestmark = pytest.mark.slow


@pytest.fixture
def world() -> Iterator[Cloud]:
    with cloud(Random(1)) as made:
        yield made


def test_nothing_happens_without_an_approval_and_what_was_approved_does() -> None:
    tally = run(seed=3, count=14)
    assert tally.broken == []
    assert tally.episodes.total() == 14
    assert tally.figures["control: approve and apply"]


def test_a_stop_that_nobody_approved_is_noticed(world: Cloud) -> None:
    before = world.states()
    assert not list(world_faults(world, before, Account()))
    world.ec2.stop_instances(InstanceIds=[world.ids[0]])
    heard, changed = world_faults(world, before, Account())
    assert "StopInstances" in heard
    assert "stopped" in changed


def test_a_call_that_is_put_back_is_noticed_all_the_same(world: Cloud) -> None:
    account = Account(changes=list(world.changes))
    world.ec2.create_tags(Resources=[world.ids[1]], Tags=[{"Key": "x", "Value": "y"}])
    world.ec2.delete_tags(Resources=[world.ids[1]], Tags=[{"Key": "x"}])
    assert len(list(world_faults(world, world.states(), account))) == 1


def test_a_decision_that_nobody_made_is_noticed(world: Cloud, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "remediation.sqlite") as desk:
        desk.execute("CREATE TABLE decisions (content TEXT)")
        desk.execute("CREATE TABLE executions (proposal TEXT, direction TEXT, ending TEXT)")
        desk.execute("CREATE TABLE proposals (id TEXT, status TEXT, content TEXT)")
        for name in ("spent", "standing", "standing_uses"):
            desk.execute(f"CREATE TABLE {name} (id TEXT)")
        made = json.dumps({"proposal": "p-1", "verdict": "approve", "decided_by": "ben"})
        desk.execute("INSERT INTO decisions VALUES (?)", (made,))
        desk.execute("INSERT INTO spent VALUES ('d-1')")
    decided = Account(decisions=Counter({("p-1", "approve", "ben"): 1}), spent=1)
    assert not list(desk_faults(tmp_path, decided, world))
    assert len(list(desk_faults(tmp_path, Account(), world))) == 2


def test_an_order_in_a_text_is_read_as_the_call_that_it_orders() -> None:
    assert calls_told('x CALL apply {"a": {"b": 1}} y') == [("apply", '{"a": {"b": 1}}')]
