"""The only reader of environment and config file: settings come in here once and are handed down."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from tools.domain.errors import BadSetting
from tools.domain.query import CostBasis

CONFIG_FILE = "outlay.toml"
SECTIONS = (
    "endpoint", "model_caps", "cost_basis", "currency", "prices", "sql", "freshness", "aws", "kubernetes", "litellm",
    "github", "gitlab", "jira", "webhook",
)  # fmt: skip
BUILTIN = "builtin"
"""The model that is the built-in planner: no key, no network."""
KEY_VARIABLES = ("OUTLAY_API_KEY", "OPENAI_API_KEY")
SECRETS = (
    "api_key",
    "database_url",
    "approval_key",
    "litellm_key",
    "github_token",
    "gitlab_token",
    "jira_token",
    "webhook_secret",
)
"""Settings that a file may not hold."""
OPENAI_URL = "https://api.openai.com/v1"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CostBasisSettings(_Section):
    """Which basis counts where several cover one provider and day."""

    order: tuple[CostBasis, ...] = ("invoice", "provider_usage", "estimate", "allocated")
    providers: dict[str, tuple[CostBasis, ...]] = Field(default_factory=dict)
    """Per provider, an order of its own: {"OpenAI": ["provider_usage", "invoice"]}."""


class CurrencySettings(_Section):
    """Exchange rates that a person states; nothing is ever converted without one."""

    rates: dict[str, Decimal] = Field(default_factory=dict)
    """"EUR/USD" = "1.08": one EUR is 1.08 USD."""

    @field_validator("rates", mode="before")
    @classmethod
    def _exact(cls, rates: dict[str, Any]) -> dict[str, Any]:
        for pair, rate in rates.items():
            if isinstance(rate, float):
                raise ValueError(f'write the rate as text to keep it exact: "{pair}" = "{rate}"')
        return rates


class PriceSettings(_Section):
    """A price list of your own, asked before the built-in catalogue."""

    file: Path | None = None


class FreshnessSettings(_Section):
    """By how many days bills and usage usually trail; answers say which providers are later than that."""

    expected_lag_days: int = Field(default=2, ge=0)
    providers: dict[str, int] = Field(default_factory=dict)
    """Per provider, days of its own: {"OpenAI" = 35} for one that is loaded by the monthly invoice."""


class SqlSettings(_Section):
    """Ad hoc SQL, by a model or a person; without it the tool is not there."""

    enabled: bool = True


class EndpointSettings(_Section):
    """How the model's endpoint is spoken to."""

    provider: str | None = None
    """Whose price list values the tokens, such as openai or litellm; none: told by the endpoint's host."""
    timeout_seconds: PositiveInt = 30
    """Of one request: how long the endpoint may be silent."""
    retries: int = Field(default=2, ge=0, le=10)
    """After a time-out, a lost connection, 408, 409, 429 or 5xx, with back-off; `Retry-After` is honoured."""
    api_version: str | None = None
    """Azure OpenAI's dated API: `base_url` is the resource's, `model` the deployment. Its v1 API needs none."""


class AwsSettings(_Section):
    """Where actions on Amazon Web Services are carried out; credentials come as boto3 finds them."""

    profile: str | None = None
    """A profile of ~/.aws; none: the environment's."""
    endpoint_url: str | None = None
    """Another endpoint than Amazon's own, such as an emulator's."""


class KubernetesSettings(_Section):
    """A cluster that actions change; credentials come from the kubeconfig or the pod's service account."""

    context: str | None = None
    """A context of the kubeconfig; none: the current one."""
    kubeconfig: Path | None = None
    cluster: str | None = None
    """What targets call it; none: the context's name."""


class LitellmSettings(_Section):
    """A LiteLLM proxy that actions change; its admin key is OUTLAY_LITELLM_KEY."""

    base_url: str


class GithubSettings(_Section):
    """GitHub, or an Enterprise Server of one's own; the token is OUTLAY_GITHUB_TOKEN."""

    api_url: str = "https://api.github.com"
    git_url: str = "https://github.com"


class GitlabSettings(_Section):
    """gitlab.com, or a GitLab of one's own; the token is OUTLAY_GITLAB_TOKEN."""

    api_url: str = "https://gitlab.com/api/v4"
    git_url: str = "https://gitlab.com"


class JiraSettings(_Section):
    """Jira Cloud, by an account; its API token is OUTLAY_JIRA_TOKEN."""

    base_url: str
    user: str
    """The account's e-mail address."""


class WebhookSettings(_Section):
    """A receiver of tickets; what it is signed with is OUTLAY_WEBHOOK_SECRET."""

    url: str


class ModelCapSettings(_Section):
    """What one answer may use at most; past that the model is stopped and the built-in planner answers."""

    requests: PositiveInt = 10
    tokens: PositiveInt = 200_000
    """In and out, over all requests of an answer."""
    money: Decimal = Field(default=Decimal("0.50"), gt=0)
    """In the price list's currency; it can bind only where the model has a price."""
    seconds: PositiveInt = 120
    context_characters: int = Field(default=48_000, ge=32_000)
    """What the model is shown of a conversation and its results; about four characters make a token."""

    @field_validator("money", mode="before")
    @classmethod
    def _exact(cls, money: Any) -> Any:
        if isinstance(money, float):
            raise ValueError(f'write the amount as text to keep it exact: money = "{money}"')
        return money


class Settings(BaseSettings):
    """What a run needs to know. Sources: `OUTLAY_*` variables, then outlay.toml in the home, then defaults."""

    model_config = SettingsConfigDict(env_prefix="OUTLAY_", frozen=True, extra="forbid", populate_by_name=True)

    home: Path = Path("~/.outlay")
    model: str = Field(default=BUILTIN, min_length=1, max_length=200)
    base_url: str | None = None
    """The OpenAI-compatible endpoint, such as http://localhost:11434/v1; none: OpenAI's."""
    api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("api_key", *KEY_VARIABLES))
    """From the environment only; local servers need none."""
    endpoint: EndpointSettings = EndpointSettings()
    model_caps: ModelCapSettings = ModelCapSettings()
    cost_basis: CostBasisSettings = CostBasisSettings()
    currency: CurrencySettings = CurrencySettings()
    prices: PriceSettings = PriceSettings()
    sql: SqlSettings = SqlSettings()
    freshness: FreshnessSettings = FreshnessSettings()
    database_url: SecretStr | None = None
    """PostgreSQL that several machines keep proposals, approvals and the audit trail in: from the environment only."""
    approval_key: SecretStr | None = None
    """What approvals are sealed with where a database is shared; from the environment only."""
    litellm_key: SecretStr | None = None
    github_token: SecretStr | None = None
    gitlab_token: SecretStr | None = None
    jira_token: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    """Secrets of the systems that actions change: from the environment only."""
    aws: AwsSettings | None = None
    kubernetes: KubernetesSettings | None = None
    litellm: LitellmSettings | None = None
    github: GithubSettings | None = None
    gitlab: GitlabSettings | None = None
    jira: JiraSettings | None = None
    webhook: WebhookSettings | None = None

    @model_validator(mode="after")
    def _usable_url(self) -> Self:
        if self.base_url is not None:
            url = urlsplit(self.base_url)
            if url.scheme not in ("http", "https") or not url.hostname:
                raise ValueError("base_url is an http(s) address such as http://localhost:11434/v1")
        if self.endpoint.api_version and self.base_url is None:
            raise ValueError("endpoint.api_version is Azure's and needs base_url, https://RESOURCE.openai.azure.com")
        return self

    @property
    def uses_builtin(self) -> bool:
        return self.model == BUILTIN

    @property
    def store_path(self) -> Path:
        return self.home / "store"

    @property
    def state_path(self) -> Path:
        return self.home / "state"

    @property
    def allocation_path(self) -> Path:
        """Who pays for what; see tools.inform.allocation.read for the form."""
        return self.home / "allocation.yaml"

    @property
    def policies_path(self) -> Path:
        """What spend and plans are held to; see tools.operate.policies.policy_file for the form."""
        return self.home / "policies.yaml"

    @property
    def knowledge_path(self) -> Path:
        return self.home / "knowledge"


def load_settings(home: Path | None = None, model: str | None = None) -> Settings:
    """Read the settings of a home. Arguments win over the environment, the environment over the file.

    Raises:
        BadSetting: a key that is not known, or a value that can't be used; names the key.
    """
    try:
        chosen = (home or Settings().home).expanduser()
        given = _read_config(chosen / CONFIG_FILE)
        _refuse_keys(given)
        from_environment = Settings().model_dump(exclude_unset=True)
        overrides = {"model": model} if model else {}
        return Settings.model_validate(given | from_environment | overrides | {"home": chosen})
    except ValidationError as fault:
        raise BadSetting(_explain(fault)) from None


def _read_config(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadSetting(f"{path} can't be read as TOML: {fault}") from None


def _refuse_keys(given: dict[str, Any]) -> None:
    for name in SECRETS:
        if name in given:
            raise BadSetting(
                f"{CONFIG_FILE} holds {name}; take it out, and set OUTLAY_{name.upper()} in the environment"
            )


def _explain(fault: ValidationError) -> str:
    lines = []
    for error in fault.errors():
        key = ".".join(str(part) for part in error["loc"])
        if error["type"] == "extra_forbidden":
            sections = ", ".join(f"[{name}]" for name in SECTIONS)
            lines.append(f"{key} is not a setting; known are home, model, base_url, {sections}")
        elif not key:
            lines.append(error["msg"].removeprefix("Value error, "))
        else:
            lines.append(f"{key}={error['input']!r}: {error['msg']}")
    return "; ".join(lines)
