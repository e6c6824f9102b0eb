"""What every tool of the catalogue keeps to."""

import pytest

from tools.catalog import CATALOG
from tools.registry import Tool

MOST_CHARACTERS = 1500
MOST_TOOLS = 26
"""About twenty: a model reads the schema of each before it chooses, and chooses worse among more."""


def test_there_are_few_tools_with_distinct_names() -> None:
    assert len({tool.name for tool in CATALOG}) == len(CATALOG) <= MOST_TOOLS


@pytest.mark.parametrize("tool", CATALOG, ids=lambda tool: tool.name)
def test_a_description_is_short_and_names_another_tool(tool: Tool) -> None:
    assert 100 < len(tool.description) <= MOST_CHARACTERS
    assert any(other.name in tool.description for other in CATALOG if other.name != tool.name)


@pytest.mark.parametrize("tool", CATALOG, ids=lambda tool: tool.name)
def test_a_request_is_closed_and_has_few_fields(tool: Tool) -> None:
    schema = tool.request.model_json_schema()
    assert schema["additionalProperties"] is False
    assert len(schema["properties"]) <= 14
