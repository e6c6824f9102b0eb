"""Plans that are broken, huge or made to harm: refused in a sentence, or read; never a crash or a made-up figure."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operate.check.plans import check, read, sbatch, terraform
from tools.domain.errors import BadInput
from tools.operate.check.as_json import as_json
from tools.operate.check.as_markdown import as_markdown
from tools.operate.check.as_sarif import as_sarif
from tools.operate.check.as_text import as_text

POD = (
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, labels: {team: lab}}\nspec:\n  parallelism: 2\n"
    "  activeDeadlineSeconds: 3600\n  template:\n    spec:\n      nodeSelector: {nvidia.com/gpu.product: NVIDIA-L4}\n"
    "      containers:\n      - {name: m, resources: {limits: {nvidia.com/gpu: 2}}}\n"
)
TEXTS = (
    sbatch("--gres=gpu:h100:8", "--nodes=2-3", "--time=1-0", "--array=0-9%2"),
    POD,
    terraform(
        {"type": "aws_instance", "after": {"instance_type": "p5.48xlarge", "tags": {"team": "x"}}},
        {"type": "aws_autoscaling_group", "after": {"desired_capacity": 1, "launch_template": [{"name": "t"}]}},
        {"type": "aws_launch_template", "after": {"name": "t", "instance_type": "p4d.24xlarge"}},
        {"type": "google_container_node_pool", "after": {"location": "x", "node_count": 1, "node_config": [{}]}},
    ),
    "training: {gpus: 8, card: H100, parameters: 7e9, tokens: 1e9, mfu: [0.3, 0.4]}\n",
)
JUNK = st.sampled_from(
    [
        *("null", "[]", "{}", "-1", "1e999", "nan", '""', "true", "9" * 40, "\x00"),
        *("{{ x }}", "é", "- ", ": ", "\n", "|", "&a *a"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(text=st.sampled_from(TEXTS), start=st.integers(0, 900), length=st.integers(0, 40), junk=JUNK)
def test_a_broken_plan_is_refused_or_read_and_every_format_tells_it(
    text: str, start: int, length: int, junk: str
) -> None:
    broken = text[:start] + junk + text[start + length :]
    try:
        report = check(broken)
    except BadInput:
        return
    json.dumps(as_json(report))
    assert as_sarif(report, ())["version"] == "2.1.0"
    assert as_text(report)
    assert as_markdown(report)
    for one in report.priced:
        assert one.cost is None or 0 <= one.cost.low <= one.cost.high
        assert (one.cost is None) == (one.lacks is not None)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_refused_or_read(text: str) -> None:
    try:
        report = check(text)
    except BadInput:
        return
    assert as_text(report)
    assert all(one.cost is None or 0 <= one.cost.low <= one.cost.high for one in report.priced)


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    with pytest.raises(BadInput, match="nested too deep"):
        read("apiVersion: v1\nkind: X\n" + "\n".join(lines))


def test_a_mapping_that_holds_itself_is_refused() -> None:
    with pytest.raises(BadInput, match="nested too deep"):
        read("apiVersion: v1\nkind: X\nspec: &a\n  b: *a\n")


def test_an_array_of_billions_is_refused() -> None:
    with pytest.raises(BadInput, match="array"):
        read(sbatch("--gres=gpu:h100:1", "--time=60", "--array=0-99999999999"))
