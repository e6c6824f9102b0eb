"""The cases of a suite, read from its YAML files, and the agent they are put to."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import TypeVar

import yaml
from pydantic import BaseModel

from agent.app import build_agent
from agent.graph.agent import Agent
from agent.settings import Settings

Case = TypeVar("Case", bound=BaseModel)


def read_cases(package: str, folder: str, kind: type[Case], only: Sequence[str] = ()) -> Iterator[tuple[str, Case]]:
    """Every case with its category: the name of the file it stands in. `only`: these categories; none are all."""
    for file in sorted(files(package).joinpath(folder).iterdir(), key=lambda one: one.name):
        category = file.name.removesuffix(".yaml")
        if file.name.endswith(".yaml") and (not only or category in only):
            for entry in yaml.safe_load(file.read_text("utf-8")):
                yield category, kind.model_validate(entry)


def asked_agent(settings: Settings) -> Agent:
    """The agent of a home whose figures have to stay what they are: what a model uses does not become charges of it."""
    return build_agent(settings, tells_own_usage=False)
