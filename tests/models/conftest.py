"""A small home, and a scripted endpoint on loopback that its model is configured to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.app import build_agent
from agent.graph.agent import Agent
from agent.settings import Settings, load_settings
from evals.hostile.server import ScriptedServer, serving
from tools.ingest.usage import load_usage
from tools.store import Store

USAGE = """time,model,team,requests,input_tokens,output_tokens
2026-10-01,m-large,search,10,1000000,500000
2026-10-02,m-mid,ads,20,4000000,1000000
2026-10-03,m-large,ads,5,250000,125000
"""
PRICES = """currency: USD
prices:
  - {model: m-large, input: 2, output: 8, from: 2026-01-01}
  - {model: m-mid, input: 0.5, output: 1.5, from: 2026-01-01}
  - {model: scripted, input: 2, cached_input: 0.2, output: 10, from: 2020-01-01}
"""
Configure = Callable[..., Settings]


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OUTLAY_API_KEY", "OPENAI_API_KEY", "OUTLAY_MODEL", "OUTLAY_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "usage.csv").write_text(USAGE)
    (tmp_path / "prices.yaml").write_text(PRICES)
    store = Store(load_settings(tmp_path).store_path)
    columns = {"team": "x_Team"}
    load_usage(store, [tmp_path / "usage.csv"], provider="acme", columns=columns, prices=tmp_path / "prices.yaml")
    return tmp_path


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as one:
        yield one


@pytest.fixture
def configure(home: Path, server: ScriptedServer) -> Configure:
    """Settings of the home with a model behind the scripted server."""

    def settings(**changed: Any) -> Settings:
        given: dict[str, Any] = {
            "home": home,
            "model": "scripted",
            "base_url": server.url,
            "endpoint": {"timeout_seconds": 2, "retries": 0},
            "model_caps": {"seconds": 20},
            "prices": {"file": home / "prices.yaml"},
        }
        return Settings.model_validate(given | changed)

    return settings


@pytest.fixture
def agent(configure: Configure) -> Agent:
    return build_agent(configure())
