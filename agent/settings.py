"""The only reader of environment and config file: settings come in here once and are handed down."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tools.domain.errors import BadSetting
from tools.domain.query import CostBasis

CONFIG_FILE = "outlay.toml"


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


class SqlSettings(_Section):
    """Ad hoc SQL, by a model or a person; without it the tool is not there."""

    enabled: bool = True


class Settings(BaseSettings):
    """What a run needs to know. Sources: `OUTLAY_*` variables, then outlay.toml in the home, then defaults."""

    model_config = SettingsConfigDict(env_prefix="OUTLAY_", frozen=True, extra="forbid")

    home: Path = Path("~/.outlay")
    model: Literal["builtin"] = "builtin"
    cost_basis: CostBasisSettings = CostBasisSettings()
    currency: CurrencySettings = CurrencySettings()
    prices: PriceSettings = PriceSettings()
    sql: SqlSettings = SqlSettings()

    @property
    def store_path(self) -> Path:
        return self.home / "store"

    @property
    def state_path(self) -> Path:
        return self.home / "state"

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


def _explain(fault: ValidationError) -> str:
    lines = []
    for error in fault.errors():
        key = ".".join(str(part) for part in error["loc"])
        if key == "model":
            lines.append(
                f"model={error['input']!r} can't be used: this version answers with its own planner; use 'builtin'"
            )
        elif error["type"] == "extra_forbidden":
            lines.append(f"{key} is not a setting; known are home, model, [cost_basis], [currency], [prices], [sql]")
        else:
            lines.append(f"{key}={error['input']!r}: {error['msg']}")
    return "; ".join(lines)
