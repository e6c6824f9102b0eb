"""Every action's plans: the fingerprint survives JSON, and covers every field."""

import json
from collections.abc import Iterator
from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from tests.operate.remediation.acting import NOW
from tests.operate.remediation.journey import Journey
from tools.domain.remediation import Change, Estimate, RemediationPlan, Seen, TargetRef

Path = tuple[str | int, ...]
OTHERS: tuple[JsonValue, ...] = (None, True, 7, "other", "high", "1.5", "2027-01-01T00:00:00Z", [], {"x": "y"})
_TEXT = st.text(max_size=6)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)
_STATE = st.dictionaries(_TEXT, _JSON, max_size=3)
_MONEY = st.decimals(-1000, 1000, places=4)
_CHANGE = st.builds(
    Change,
    target=st.builds(TargetRef, id=st.text(min_size=1, max_size=6), place=st.dictionaries(_TEXT, _TEXT, max_size=2)),
    seen=st.builds(
        Seen, state=_STATE, name=_TEXT, environment=st.none() | _TEXT, tags=st.dictionaries(_TEXT, _TEXT, max_size=2)
    ),
    after=_STATE,
    saving=st.builds(Estimate, amount=_MONEY, low=_MONEY, high=_MONEY),
)


def test_a_plan_keeps_its_fingerprint_through_json(run: Journey) -> None:
    assert RemediationPlan.model_validate_json(run.plan.model_dump_json()).fingerprint == run.plan.fingerprint


def test_a_plan_with_any_one_field_changed_has_another_fingerprint(run: Journey) -> None:
    written, changed = json.loads(run.plan.model_dump_json()), 0
    for path in _leaves(written):
        for value in OTHERS:
            other = _plan_of(_replaced(written, path, value))
            if other is not None and other != run.plan:
                assert other.fingerprint != run.plan.fingerprint, path
                changed += 1
    assert changed > 2 * len(list(_leaves(written)))


@given(st.lists(_CHANGE, min_size=1, max_size=2), st.lists(_CHANGE, min_size=1, max_size=2))
def test_plans_have_one_fingerprint_exactly_when_they_say_the_same(one: list[Change], other: list[Change]) -> None:
    first, second = _plan(one), _plan(other)

    assert RemediationPlan.model_validate_json(first.model_dump_json()).fingerprint == first.fingerprint
    assert (first.fingerprint == second.fingerprint) == (first.model_dump_json() == second.model_dump_json())


def _plan(changes: list[Change]) -> RemediationPlan:
    return RemediationPlan(
        action="ec2_stop",
        parameters={},
        changes=tuple(changes),
        permissions=(),
        reversible=True,
        rollback="",
        risk="low",
        currency="USD",
        proposed_by="ada",
        made_at=NOW,
        expires_at=NOW,
        nonce="n",
    )


def _leaves(value: JsonValue, path: Path = ()) -> Iterator[Path]:
    parts: list[tuple[str | int, JsonValue]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    if not parts:
        yield path
    for name, one in parts:
        yield from _leaves(one, (*path, name))


def _replaced(whole: JsonValue, path: Path, value: JsonValue) -> JsonValue:
    copy = deepcopy(whole)
    at = copy
    for name in path[:-1]:
        at = at[name]  # type: ignore[index,call-overload]
    at[path[-1]] = value  # type: ignore[index,call-overload]
    return copy


def _plan_of(written: JsonValue) -> RemediationPlan | None:
    try:
        return RemediationPlan.model_validate(written)
    except ValidationError:
        return None
