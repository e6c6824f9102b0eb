"""One thing has one place: a field that no action reads would give it a second key, and so a second lock."""

import pytest

from tools.domain.remediation import TargetRef
from tools.operate.remediation.action import NotApplicable
from tools.operate.remediation.actions.aws.instances import region_of
from tools.operate.remediation.actions.git.config_file import place_of
from tools.operate.remediation.actions.kubernetes.kinds import Kind, located
from tools.operate.remediation.actions.litellm.access import proxy_of


def test_a_region_alone_is_a_place() -> None:
    assert region_of(TargetRef(id="i-1", place={"region": "us-gov-west-1"})) == "us-gov-west-1"


@pytest.mark.parametrize("more", [{"approved": "ben"}, {"endpoint_url": "http://127.0.0.1:9"}, {"Region": "x"}])
def test_a_place_with_a_field_that_is_not_read_is_refused(more: dict[str, str]) -> None:
    with pytest.raises(NotApplicable, match="no others"):
        region_of(TargetRef(id="i-1", place={"region": "us-west-2", **more}))
    with pytest.raises(NotApplicable, match="no others"):
        proxy_of(TargetRef(id="k", place={"proxy": "https://llm.example.com", **more}))
    with pytest.raises(NotApplicable, match="no others"):
        place_of(TargetRef(id="a.yaml", place={"api": "x", "repository": "y", "branch": "main", **more}))


@pytest.mark.parametrize("region", ["us-west-2/../x", "US-WEST-2", "x@127.0.0.1:9", "", "us-west-2\n", "evil.example"])
def test_what_can_be_no_region_is_refused_before_anything_is_called(region: str) -> None:
    with pytest.raises(NotApplicable, match="us-west-2"):
        region_of(TargetRef(id="i-1", place={"region": region}))


def test_a_thing_of_the_whole_cluster_has_no_namespace() -> None:
    nodes = Kind("Node", "nodes", group="", version="v1", namespaced=False)
    with pytest.raises(NotApplicable, match="no others"):
        located(TargetRef(id="nodes/a", place={"cluster": "c", "namespace": "x"}), "c", nodes)
