"""The models that a LiteLLM proxy serves, by the names that callers use."""

from fnmatch import fnmatchcase

from tools.operate.remediation.action import CallRefused
from tools.operate.remediation.actions.http_access import Call, HttpAccess

MODELS = "GET /model/info"


def models_of(access: HttpAccess, proxy: str) -> tuple[str, ...]:
    """`model_name` of /model/info, sorted; one with * stands for all that it matches."""
    answer = access.read(proxy, Call("GET", "/model/info"))
    return tuple(sorted({str(one["model_name"]) for one in (answer or {}).get("data", ())}))


def serves(models: tuple[str, ...], name: str) -> bool:
    return any(fnmatchcase(name, one) for one in models)


def must_serve(access: HttpAccess, proxy: str, name: str) -> None:
    """LiteLLM takes an alias for a model that it does not serve, and then refuses the calls. Raises CallRefused."""
    models = models_of(access, proxy)
    if not serves(models, name):
        raise CallRefused(f"{proxy} serves no model {name}; it serves {', '.join(models[:20]) or 'none'}")
