"""LiteLLM: what the contract does not ask of every action."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from tests.operate.remediation.acting import WorldDoors
from tests.operate.remediation.servers.litellm import KEY_FIELDS, hashed
from tests.operate.remediation.worlds.litellm import KEYS, LitellmWorld
from tests.operate.remediation.worlds.litellm_key_budget import TheWorld
from tools.domain.errors import BadRequest
from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import Action, CallRefused, Surprise, mark_of, typed_parameters
from tools.operate.remediation.actions.litellm.access import amount, number
from tools.operate.remediation.actions.litellm.cache import LitellmCache
from tools.operate.remediation.actions.litellm.key_alias import LitellmKeyAlias
from tools.operate.remediation.actions.litellm.key_budget import LitellmKeyBudget
from tools.operate.remediation.actions.litellm.model_alias import LitellmModelAlias
from tools.operate.remediation.plan import Planned, Wish, make_plan


@pytest.fixture
def world() -> Iterator[LitellmWorld]:
    with TheWorld() as entered:
        entered.seeded()
        yield entered


def plan(world: LitellmWorld, action: type[Action], target: TargetRef, **parameters: JsonValue) -> Planned:
    from tests.operate.remediation.acting import NOW

    wish = Wish(action.name, (target,), proposed_by="ada", currency="USD", parameters=parameters)
    return make_plan(WorldDoors(action, world), wish, NOW)


def test_a_key_that_is_given_instead_of_its_hash_is_refused_and_not_repeated(world: LitellmWorld) -> None:
    target = TargetRef(id=KEYS[0], place=world.place())
    with pytest.raises(BadRequest, match="64 hex digits") as told:
        plan(world, LitellmKeyBudget, target, max_budget="5", budget_duration="30d")
    assert KEYS[0] not in str(told.value)
    assert world.sent() == []


@pytest.mark.parametrize("wrong", [-1, "much", 0.1, "NaN", "1e400", True, "0.12345678901234567890"])
def test_an_amount_that_is_none_or_can_not_be_kept_exactly_is_refused(wrong: JsonValue) -> None:
    with pytest.raises(BadRequest, match="max_budget"):
        typed_parameters(LitellmKeyBudget, {"max_budget": wrong})


@given(st.decimals(0, 10**9, places=4))
def test_amounts_go_to_litellm_and_come_back_the_same(exact: Decimal) -> None:
    text = amount(exact)
    assert text is not None
    assert amount(number(text)) == text
    assert Decimal(text) == exact


def test_only_the_budget_is_sent_so_that_nothing_else_of_the_key_can_change(world: LitellmWorld) -> None:
    row = world.server.proxies["/staging"].keys[hashed(KEYS[1])]
    before = {name: value for name, value in row.items() if name != "max_budget"}
    change = plan(world, LitellmKeyBudget, world.key(1), max_budget="5", budget_duration="30d").plan.changes[0]
    action = LitellmKeyBudget(world.connect(LitellmKeyBudget.writes))  # type: ignore[arg-type]
    action.perform(change.target, action.steps(change.before, change.after)[0], "0" * 32)
    assert row["max_budget"] == 5
    assert {name: value for name, value in row.items() if name != "max_budget"} == before


def test_secrets_in_a_keys_metadata_are_not_in_the_plan(world: LitellmWorld) -> None:
    made = plan(world, LitellmKeyBudget, world.key(1), max_budget="5", budget_duration="30d").plan
    assert "pa55" not in made.model_dump_json()
    assert made.changes[0].seen.environment == "staging"


@pytest.mark.parametrize("action", [LitellmModelAlias, LitellmKeyAlias])
def test_a_model_that_the_proxy_does_not_serve_is_refused_when_planning(
    world: LitellmWorld, action: type[Action]
) -> None:
    target = TargetRef(id="large-1", place=world.place()) if action is LitellmModelAlias else world.key(0)
    parameters: dict[str, JsonValue] = {"model": "small-99"}
    if action is LitellmKeyAlias:
        parameters["alias"] = "large-1"
    with pytest.raises(BadRequest, match="serves no model small-99; it serves large-1"):
        plan(world, action, target, **parameters)


def test_aliases_that_others_set_meanwhile_stay(world: LitellmWorld) -> None:
    made = plan(world, LitellmModelAlias, TargetRef(id="large-1", place=world.place()), model="small-1").plan
    aliases = world.server.proxies["/staging"].router["model_group_alias"]
    aliases["new"] = "large-2"
    change = made.changes[0]
    action = LitellmModelAlias(world.connect(LitellmModelAlias.reads | LitellmModelAlias.writes))  # type: ignore[arg-type]
    there, back = action.steps(change.before, change.after)[0], action.steps(change.after, change.before)[0]
    mark = mark_of(made.nonce, change.target)
    action.perform(change.target, there, mark)
    now = world.server.proxies["/staging"].router["model_group_alias"]
    assert now == {**aliases, "large-1": "small-1"}
    action.perform(change.target, back, mark)
    assert world.server.proxies["/staging"].router["model_group_alias"] == aliases


def test_a_cache_whose_password_would_be_lost_is_left_alone(world: LitellmWorld) -> None:
    world.server.proxies["/staging"].cache["sentinel_password"] = None
    world.server.proxies["/staging"].cache["service_token"] = "ab****yz"
    with pytest.raises(BadRequest, match="would lose service_token"):
        plan(world, LitellmCache, TargetRef(id="cache", place=world.place()), ttl=10)


def test_a_cache_keeps_its_password_and_the_plan_does_not_know_it(world: LitellmWorld) -> None:
    made = plan(world, LitellmCache, TargetRef(id="cache", place=world.place()), ttl=10).plan
    assert "r3dis-pw" not in made.model_dump_json()
    change = made.changes[0]
    action = LitellmCache(world.connect(LitellmCache.reads | LitellmCache.writes))  # type: ignore[arg-type]
    action.perform(change.target, action.steps(change.before, change.after)[0], "0" * 32)
    assert world.server.proxies["/staging"].cache["password"] == "r3dis-pw"


def test_cache_settings_that_changed_meanwhile_are_not_overwritten(world: LitellmWorld) -> None:
    change = plan(world, LitellmCache, TargetRef(id="cache", place=world.place()), ttl=10).plan.changes[0]
    world.server.proxies["/staging"].cache["ttl"] = 77
    action = LitellmCache(world.connect(LitellmCache.reads | LitellmCache.writes))  # type: ignore[arg-type]
    with pytest.raises(CallRefused, match="changed meanwhile"):
        action.perform(change.target, action.steps(change.before, change.after)[0], "0" * 32)
    assert "POST /cache/settings" not in world.sent()


def test_a_proxy_that_cannot_be_read_before_the_change_is_a_refusal_as_nothing_was_sent(world: LitellmWorld) -> None:
    change = plan(world, LitellmCache, TargetRef(id="cache", place=world.place()), ttl=10).plan.changes[0]
    action = LitellmCache(world.connect(LitellmCache.reads | LitellmCache.writes))  # type: ignore[arg-type]
    world.meddle("GET /cache/settings", "broken")
    with pytest.raises(Surprise) as told:
        action.perform(change.target, action.steps(change.before, change.after)[0], "0" * 32)
    assert isinstance(told.value, CallRefused)


def test_the_server_of_these_tests_takes_no_field_that_litellm_does_not_document(world: LitellmWorld) -> None:
    assert "colour" not in KEY_FIELDS
    access = world.connect(frozenset({"POST /key/update"}))
    from tools.operate.remediation.actions.litellm.keys import update_key

    with pytest.raises(CallRefused, match="422"):
        update_key(access, world.key(0), {"colour": "red"})  # type: ignore[arg-type]
