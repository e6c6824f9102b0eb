"""Settings of a model: where the key comes from, which endpoint it makes, whose prices count."""

from pathlib import Path

import pytest

from agent.doctor import examine
from agent.models.provider import provider_of
from agent.settings import Settings, load_settings
from evals.hostile.server import ScriptedServer
from tests.models.conftest import Configure
from tools.domain.errors import BadSetting


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "second")
    key = load_settings(tmp_path).api_key
    assert key is not None
    assert key.get_secret_value() == "second"
    monkeypatch.setenv("OUTLAY_API_KEY", "first")
    key = load_settings(tmp_path).api_key
    assert key is not None
    assert key.get_secret_value() == "first"


def test_a_key_in_the_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "outlay.toml").write_text('api_key = "sk-1"\n')
    with pytest.raises(BadSetting, match="OUTLAY_API_KEY in the environment") as refused:
        load_settings(tmp_path)
    assert "sk-1" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('base_url = "localhost:11434"', "http"),
        ("[model_caps]\nmoney = 0.5", "as text"),
        ("[model_caps]\nrequests = 0", "greater than 0"),
        ("[endpoint]\ntimeout = 3", "endpoint.timeout is not a setting"),
    ],
)
def test_a_setting_that_can_not_be_used_says_why(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "outlay.toml").write_text(f"{text}\n")
    with pytest.raises(BadSetting, match=reason):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        (None, "OpenAI"),
        ("https://team.openai.azure.com/openai/v1", "Microsoft"),
        ("http://localhost:11434/v1", "Self-hosted"),
        ("http://10.0.0.8:8000/v1", "Self-hosted"),
        ("http://vllm.models.svc/v1", "Self-hosted"),
        ("https://openrouter.ai/api/v1", "OpenRouter"),
        ("https://llm.example.com/v1", "llm.example.com"),
    ],
)
def test_the_endpoints_host_tells_whose_prices_count(url: str | None, provider: str) -> None:
    assert provider_of(Settings(base_url=url)).name == provider


def test_azures_dated_api_gets_its_deployment_and_version() -> None:
    from langchain_openai import AzureChatOpenAI

    from agent.models.openai_endpoint import open_model

    model = open_model(
        Settings.model_validate(
            {
                "model": "gpt-deployment",
                "base_url": "https://team.openai.azure.com",
                "endpoint": {"api_version": "2024-10-21"},
            }
        )
    )
    assert isinstance(model, AzureChatOpenAI)
    assert str(model.root_client.base_url) == "https://team.openai.azure.com/openai/deployments/gpt-deployment/"


def model_check(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, str]:
    monkeypatch.setenv("OUTLAY_MODEL", settings.model)
    monkeypatch.setenv("OUTLAY_BASE_URL", settings.base_url or "")
    check = next(one for one in examine(settings.home) if one.name == "model")
    return check.status, check.finding, check.remedy


def test_doctor_says_that_the_model_is_there_and_whether_it_has_a_price(
    configure: Configure, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, finding, _ = model_check(configure(), monkeypatch)
    assert (status, server.requests) == ("warning", [])
    assert "no known price" in finding
    (configure().home / "outlay.toml").write_text(f'[prices]\nfile = "{configure().home}/prices.yaml"\n')
    assert model_check(configure(), monkeypatch)[0] == "ok"


def test_doctor_says_what_to_do_about_an_endpoint_that_fails(
    configure: Configure, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, finding, remedy = model_check(configure(model="another"), monkeypatch)
    assert (status, "scripted" in remedy) == ("fault", True)
    assert "another" in finding
    server.key = "needed"
    status, finding, remedy = model_check(configure(), monkeypatch)
    assert status == "fault"
    assert "HTTP 401" in finding
    assert "OUTLAY_API_KEY" in remedy
    status, finding, remedy = model_check(configure(base_url="http://127.0.0.1:9/v1"), monkeypatch)
    assert (status, "can't be reached" in finding, "OUTLAY_BASE_URL" in remedy) == ("fault", True, True)
