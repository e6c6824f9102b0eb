"""Quantities are written as the API writes them, and mean what they meant."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernetes.utils.quantity import parse_quantity

from tests.operate.remediation.clusters import programs, running_cluster
from tests.operate.remediation.clusters.kinds import path_of
from tests.operate.remediation.kubernetes.conftest import Bare
from tests.operate.remediation.worlds.kubernetes import SPACE
from tests.operate.remediation.worlds.kubernetes_pods import deployment
from tools.operate.remediation.actions.kubernetes.kinds import DEPLOYMENT
from tools.operate.remediation.actions.kubernetes.quantity import canonical

_SUFFIXES = ("", "m", "k", "M", "G", "Ki", "Mi", "Gi", "Ti")
_WRITTEN = st.builds(
    lambda whole, part, suffix: f"{whole}{part}{suffix}",
    st.integers(0, 10**6),
    st.sampled_from(["", ".5", ".25", ".125", ".100"]),
    st.sampled_from(_SUFFIXES),
)
needs_api_server = pytest.mark.skipif(
    programs() is None, reason="kmock keeps quantities as written; OUTLAY_TEST_KUBERNETES is not set"
)
_EXAMPLES = {
    "1u": "1m", "0.0015": "2m", "31.25Ki": "32k",
    "0.5": "500m", "1.5": "1500m", "2000m": "2", "1024Mi": "1Gi", "1.5Gi": "1536Mi", "1000": "1k", "1024": "1024",
    "0.5Gi": "512Mi", "100Ki": "100Ki", "1000Ki": "1000Ki", "0": "0", "0Gi": "0", "1e3": "1e3", "12e2": "1200",
    "16Gi": "16Gi", "1.1Ki": "1126400m", "500Mi": "500Mi", "8": "8", "0.1": "100m", "1E": "1E", "1000Gi": "1000Gi",
}  # fmt: skip


@pytest.mark.parametrize(("written", "as_api"), _EXAMPLES.items())
def test_a_quantity_is_written_in_the_apis_way(written: str, as_api: str) -> None:
    assert canonical(written) == as_api


@given(_WRITTEN)
def test_writing_it_keeps_its_value_to_a_thousandth_and_writing_it_again_changes_nothing(written: str) -> None:
    once = canonical(written)
    assert 0 <= parse_quantity(once) - parse_quantity(written) < Decimal("0.001")
    assert canonical(once) == once


@pytest.mark.parametrize("written", ["", "x", "1 Gi", "-1", "1GiB", "1,5", "NaN", "1e", "--1"])
def test_what_is_no_quantity_is_refused_with_what_would_be(written: str) -> None:
    with pytest.raises(ValueError, match="write one such as 500m"):
        canonical(written)


@needs_api_server
def test_a_real_api_server_keeps_each_as_it_is_written_here(world: Bare) -> None:
    numbers = [f"{whole}{part}" for whole in (0, 1, 7, 512, 1000, 1024, 1536, 123456) for part in ("", ".5", ".125")]
    many = [f"{number}{suffix}" for number in numbers for suffix in (*_SUFFIXES, "e3", "e2")]
    written = list(dict.fromkeys((*many, *_EXAMPLES)))
    for sent in (written, [canonical(one) for one in written]):
        world.emptied()
        world.make(DEPLOYMENT, "a", deployment(1, **{f"c{at}": _limited(one) for at, one in enumerate(sent)}))
        made = running_cluster().ask("GET", path_of(DEPLOYMENT, SPACE, "a"))["spec"]["template"]["spec"]["containers"]
        kept = [one["resources"]["limits"]["memory"] for one in made]
        assert [parse_quantity(one) for one in kept] == [parse_quantity(canonical(one)) for one in written]
    assert kept == [canonical(one) for one in written]


def _limited(quantity: str) -> dict[str, dict[str, str]]:
    return {"limits": {"memory": quantity}}
