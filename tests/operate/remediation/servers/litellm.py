"""LiteLLM proxies that hold keys, teams, budgets, aliases and cache settings.

The fields are those of the docstrings of /key/update, /team/update, /budget/* and of UpdateRouterConfig and
CACHE_SETTINGS_FIELDS in BerriAI/litellm, November 2026. What a null does, what is replaced whole, and how passwords are
hidden and kept is done as there.
"""

from hashlib import sha256
from typing import Any

from tests.operate.remediation.servers.strict import Asked, Route, StrictServer, words

MASTER_KEY = "sk-master-3f9d27"
MARKER = "***REDACTED***"
KEY_FIELDS = words(
    """key key_alias user_id team_id budget_id models tags enforced_params spend max_budget model_max_budget
    budget_duration soft_budget max_parallel_requests metadata tpm_limit rpm_limit model_rpm_limit model_tpm_limit
    tpm_limit_type rpm_limit_type allowed_cache_controls duration permissions send_invite_email guardrails policies
    disable_global_guardrails prompts blocked aliases config temp_budget_increase temp_budget_expiry allowed_routes
    allowed_passthrough_routes object_permission auto_rotate rotation_interval allowed_vector_store_indexes
    router_settings access_group_ids"""
)
TEAM_FIELDS = words(
    """team_id team_alias organization_id metadata tpm_limit rpm_limit max_budget soft_budget models blocked
    budget_duration tags model_aliases guardrails policies"""
)
BUDGET_FIELDS = words(
    """budget_id max_budget soft_budget max_parallel_requests tpm_limit rpm_limit budget_duration model_max_budget
    budget_reset_at"""
)
ROUTER_FIELDS = words(
    """routing_strategy_args routing_strategy routing_groups retry_policy model_group_retry_policy
    model_group_affinity_config allowed_fails cooldown_time num_retries timeout max_retries retry_after fallbacks
    context_window_fallbacks model_group_alias enable_tag_filtering tag_routing_prefix"""
)
CACHE_FIELDS = words(
    """type redis_type url host port db password username ssl namespace ttl max_connections redis_startup_nodes
    sentinel_nodes service_name sentinel_password similarity_threshold redis_semantic_cache_embedding_model
    gcp_service_account gcp_ssl_ca_certs ssl_cert_reqs ssl_check_hostname"""
)
SECRET_FIELDS = frozenset({"password", "sentinel_password", "url"})


def hashed(key: str) -> str:
    return sha256(key.encode()).hexdigest()


class Proxy:
    """What one proxy holds."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.teams: dict[str, dict[str, Any]] = {}
        self.budgets: dict[str, dict[str, Any]] = {}
        self.router: dict[str, Any] = {"num_retries": 2, "model_group_alias": {}}
        self.cache: dict[str, Any] = {}
        self.models: list[str] = []


class LitellmServer(StrictServer):
    """Several proxies, one under each base path."""

    def __init__(self) -> None:
        super().__init__(("Authorization", f"Bearer {MASTER_KEY}"))
        self.proxies: dict[str, Proxy] = {}

    def routes(self) -> tuple[Route, ...]:
        return tuple(route for base, proxy in self.proxies.items() for route in _routes(base, proxy))

    def call_name(self, method: str, path: str) -> str | None:
        name = super().call_name(method, path)
        for base in self.proxies:
            name = name and name.replace(f" {base}/", " /", 1)
        return name


def _routes(base: str, proxy: Proxy) -> tuple[Route, ...]:
    api = _Api(proxy)
    return (
        Route(f"GET {base}/key/info", api.key_info, query=frozenset({"key"})),
        Route(f"POST {base}/key/update", api.key_update, KEY_FIELDS, frozenset({"key"})),
        Route(f"GET {base}/team/info", api.team_info, query=frozenset({"team_id"})),
        Route(f"POST {base}/team/update", api.team_update, TEAM_FIELDS, frozenset({"team_id"})),
        Route(f"POST {base}/budget/info", api.budget_info, frozenset({"budgets"}), frozenset({"budgets"})),
        Route(f"POST {base}/budget/update", api.budget_update, BUDGET_FIELDS, frozenset({"budget_id"})),
        Route(f"GET {base}/router/settings", api.router_settings),
        Route(f"POST {base}/config/update", api.config_update, frozenset({"router_settings"})),
        Route(f"GET {base}/model/info", api.model_info),
        Route(f"GET {base}/cache/settings", api.cache_settings),
        Route(f"POST {base}/cache/settings", api.cache_update, frozenset({"cache_settings"})),
    )


class _Api:
    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy

    def key_info(self, asked: Asked) -> tuple[int, Any]:
        token = self._token(asked.query["key"])
        if token not in self.proxy.keys:
            return 404, {"error": {"message": "Key not found in database", "code": "404"}}
        return 200, {"key": token, "info": self.proxy.keys[token]}

    def key_update(self, asked: Asked) -> tuple[int, Any]:
        fields = dict(asked.body)
        token = self._token(fields.pop("key"))
        if token not in self.proxy.keys:
            return 404, {"error": {"message": "Key not found", "code": "404"}}
        if (fields.get("max_budget") or 0) < 0:
            return 400, {"error": "max_budget cannot be negative"}
        if not fields.get("budget_duration"):
            fields.pop("budget_duration", None)
        self.proxy.keys[token].update(fields)
        return 200, {"key": token, **self.proxy.keys[token]}

    def team_info(self, asked: Asked) -> tuple[int, Any]:
        team = self.proxy.teams.get(asked.query["team_id"])
        if team is None:
            return 404, {"detail": {"error": "Team not found"}}
        return 200, {"team_id": asked.query["team_id"], "team_info": team, "keys": [], "team_memberships": []}

    def team_update(self, asked: Asked) -> tuple[int, Any]:
        team = self.proxy.teams.get(asked.body["team_id"])
        if team is None:
            return 404, {"detail": {"error": "Team not found"}}
        team.update({key: value for key, value in asked.body.items() if key != "team_id"})
        return 200, {"team_id": asked.body["team_id"], "data": team}

    def budget_info(self, asked: Asked) -> tuple[int, Any]:
        return 200, [self.proxy.budgets[one] for one in asked.body["budgets"] if one in self.proxy.budgets]

    def budget_update(self, asked: Asked) -> tuple[int, Any]:
        budget = self.proxy.budgets.get(asked.body["budget_id"])
        if budget is None:
            return 404, {"error": "no such budget"}
        budget.update(asked.body)
        return 200, budget

    def router_settings(self, _: Asked) -> tuple[int, Any]:
        return 200, {"fields": [], "current_values": self.proxy.router, "routing_strategy_descriptions": {}}

    def config_update(self, asked: Asked) -> tuple[int, Any]:
        settings = asked.body["router_settings"]
        if settings.keys() - ROUTER_FIELDS:
            return 422, {"error": f"unknown router settings {sorted(settings.keys() - ROUTER_FIELDS)}"}
        self.proxy.router.update(settings)
        return 200, {"message": "Config updated successfully"}

    def model_info(self, _: Asked) -> tuple[int, Any]:
        return 200, {"data": [{"model_name": one, "litellm_params": {}, "model_info": {}} for one in self.proxy.models]}

    def cache_settings(self, _: Asked) -> tuple[int, Any]:
        shown = {key: MARKER if key in SECRET_FIELDS else value for key, value in self.proxy.cache.items()}
        if shown.get("type") == "redis":
            shown["redis_type"] = "node"
        return 200, {"fields": [], "current_values": shown, "redis_type_descriptions": {}}

    def cache_update(self, asked: Asked) -> tuple[int, Any]:
        given = dict(asked.body["cache_settings"])
        if given.keys() - CACHE_FIELDS:
            return 422, {"error": f"unknown cache settings {sorted(given.keys() - CACHE_FIELDS)}"}
        same = all(given.get(key) == self.proxy.cache.get(key) for key in ("host", "port"))
        given.pop("redis_type", None)
        for key in SECRET_FIELDS:
            if given.get(key, MARKER) == MARKER:
                given.pop(key, None)
                if same and key in self.proxy.cache:
                    given[key] = self.proxy.cache[key]
        self.proxy.cache = given
        return 200, {"message": "Cache settings updated successfully", "status": "success"}

    @staticmethod
    def _token(key: str) -> str:
        return hashed(key) if key.startswith("sk-") else key
