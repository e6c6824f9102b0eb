"""One value is changed where it stands, and every other byte of the file stays."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.git.value_edit import Scalar, with_value

YAML = """# top
spec:   # a deployment
  replicas:    3  # keep me
  "quoted key": 'it''s'
  image: registry/llm:1.2
  env: [ {name: A, value: "x"}, {name: B, value: y} ]
  note: |
    more
    lines
---
spec: {replicas: 9}
"""
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.text(max_size=12), st.floats(-1e6, 1e6, width=32)
)


@pytest.mark.parametrize(
    ("pointer", "value", "old", "new"),
    [
        ("/spec/replicas", 1, "replicas:    3  # keep", "replicas:    1  # keep"),
        ("/spec/quoted key", "no", "'it''s'", '"no"'),
        ("/spec/image", "registry/llm", "registry/llm:1.2", "registry/llm"),
        ("/spec/image", "off", "registry/llm:1.2", '"off"'),
        ("/spec/image", "a: b", "registry/llm:1.2", '"a: b"'),
        ("/spec/env/1/value", "z", "value: y}", "value: z}"),
        ("/spec/env/0/value", None, '"x"', "null"),
        ("/spec/replicas", "3", "3  #", '"3"  #'),
    ],
)
def test_a_yaml_value_is_replaced_and_nothing_else(pointer: str, value: Scalar, old: str, new: str) -> None:
    assert with_value("f.yaml", YAML, pointer, value) == YAML.replace(old, new, 1)


def test_a_document_is_chosen_by_its_number() -> None:
    assert with_value("f.yml", YAML, "/spec/replicas", 1, 1) == YAML.replace("replicas: 9", "replicas: 1")


@given(SCALARS)
def test_what_was_written_reads_back_as_the_value_and_the_rest_as_before(value: Any) -> None:
    try:
        text = with_value("f.yaml", YAML, "/spec/image", value)
    except NotApplicable:
        assert isinstance(value, str | float)
        return
    documents, before = list(yaml.safe_load_all(text)), list(yaml.safe_load_all(YAML))
    assert documents[0]["spec"]["image"] == value
    assert type(documents[0]["spec"]["image"]) is type(value)
    before[0]["spec"]["image"] = value
    assert documents == before


JSONS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=9,
)


@given(JSONS, SCALARS, st.sampled_from([None, 1, "\t"]), st.data())
def test_a_json_value_is_replaced_and_nothing_else(whole: Any, value: Any, indent: Any, data: st.DataObject) -> None:
    text = json.dumps({"a": [whole, 1.50]}, indent=indent).replace("1.5", "1.50")
    path: tuple[Any, ...] = data.draw(st.sampled_from(list(_leaves({"a": [whole, 1.5]}))))
    pointer = "".join(f"/{str(one).replace('~', '~0').replace('/', '~1')}" for one in path)
    new = with_value("f.json", text, pointer, value)
    expected = json.loads(text)
    at = expected
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    assert json.loads(new) == expected
    assert path == ("a", 1) or "1.50" in new


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Any:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        yield path
        return
    for name, one in parts:
        yield from _leaves(one, (*path, name))


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("path", "text", "pointer", "told"),
    [
        ("f.yaml", YAML, "/spec/none", "not there"),
        ("f.yaml", YAML, "/spec/env/7/value", "not there"),
        ("f.yaml", YAML, "/spec", "more than one value"),
        ("f.yaml", YAML, "/spec/note", "is not edited here"),
        ("f.yaml", YAML, "spec.replicas", "one looks like /spec/replicas"),
        ("f.yaml", "a: &n 3\nb: *n\n", "/a", "is not edited here"),
        ("f.yaml", "a: &n {x: 3}\nb: *n\n", "/a/x", "by an anchor"),
        ("f.yaml", "a: !!str 3\n", "/a", "is not edited here"),
        ("f.yaml", "a: 1\na: 2\n", "/a", "more than once"),
        ("f.yaml", "a:\n", "/a", "is not edited here"),
        ("f.yaml", "a: [", "/a", "can't be read as YAML"),
        ("f.yaml", "[" * 5000, "/0", "can't be read as YAML"),
        ("f.yaml", BOMB + "z: 1\n", "/z", "unfold to too many values"),
        ("f.json", '{"a": 1, "a": 2}', "/a", "more than once"),
        ("f.json", '{"a": 1', "/a", "can't be read as JSON"),
        ("f.json", '{"a": {}}', "/a", "more than one value"),
        ("f.json", "[" * 100_000, "/0", "can't be read as JSON"),
        ("f.json", "", "/a", "can't be read as JSON"),
        ("f.toml", "a = 1", "/a", "give a patch"),
    ],
)
def test_what_can_not_be_edited_so_is_refused(path: str, text: str, pointer: str, told: str) -> None:
    with pytest.raises(NotApplicable, match=told):
        with_value(path, text, pointer, 5)
