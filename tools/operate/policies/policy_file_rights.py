"""placeholder until rules are merged"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from tools.domain.errors import BadSetting
from tools.operate.policies.approvals import Approvals, Freeze, Protected
from tools.operate.policies.rights import Rights


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    roles: dict[str, tuple[str, ...]] = {}
    approvals: Approvals = Approvals()
    protected: tuple[Protected, ...] = ()
    freezes: tuple[Freeze, ...] = ()


def load_rights(home: Path) -> Rights:
    path = home / "policies.yaml"
    if not path.exists():
        return Rights()
    from tools.pricing.exact_yaml import read_exact

    value: Any = read_exact(path).value or {}
    try:
        found = _File.model_validate(value)
    except ValidationError as fault:
        raise BadSetting(str(fault)) from None
    return Rights(found.approvals, found.roles, found.protected, found.freezes)
