"""LiteLLM proxies that hold the same things, each under a base path of one strict server, behind a wire."""

import json
from copy import deepcopy
from typing import Any, Self

from pydantic import JsonValue, SecretStr

from tests.operate.remediation.servers.litellm import MASTER_KEY, LitellmServer, Proxy, hashed
from tests.operate.remediation.wire import Fault, Reply, Request, Wire
from tests.operate.remediation.worlds import Snapshot, World
from tools.domain.remediation import TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.actions.litellm.access import connect_litellm

BASES = ("/staging", "/prod", "/lab", "/bare")
KEYS = tuple(f"sk-app-{number}" for number in range(4))


class LitellmWorld(World):
    """A world over proxies; `/bare` holds nothing."""

    def __enter__(self) -> Self:
        self.server = LitellmServer()
        self.server.__enter__()
        self.wire = Wire(self.server.url, self._name, _denial)
        self.wire.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.__exit__()
        self.server.__exit__()

    def seeded(self) -> Proxy:
        """Fill all proxies; gives the first."""
        self.wire.clear()
        self.server.proxies = {base: _seeded() if base != "/bare" else Proxy() for base in BASES}
        return self.server.proxies[BASES[0]]

    def place(self, base: str = BASES[0]) -> dict[str, str]:
        return {"proxy": self.wire.url + base}

    def key(self, number: int) -> TargetRef:
        return TargetRef(id=hashed(KEYS[number]), place=self.place())

    def connect(self, permissions: frozenset[str]) -> Access:
        proxies = {self.wire.url + base: SecretStr(MASTER_KEY) for base in BASES}
        return connect_litellm(proxies)(permissions)

    def snapshot(self) -> Snapshot:
        things: dict[str, Any] = {}
        for base, proxy in self.server.proxies.items():
            for token, row in proxy.keys.items():
                things[f"{base} key {token}"] = row
            for team, row in proxy.teams.items():
                things[f"{base} team {team}"] = row
            for budget, row in proxy.budgets.items():
                things[f"{base} budget {budget}"] = row
            for alias, model in proxy.router["model_group_alias"].items():
                things[f"{base} alias {alias}"] = {"model": model}
            things[f"{base} router"] = {key: one for key, one in proxy.router.items() if key != "model_group_alias"}
            things[f"{base} cache"] = proxy.cache
        told: dict[str, JsonValue] = json.loads(json.dumps(deepcopy(things)))
        return told

    def sent(self) -> list[str]:
        return list(self.wire.calls)

    def meddle(self, call: str, fault: Fault) -> None:
        self.wire.meddle(call, fault)

    def heal(self) -> None:
        self.wire.heal()

    def _name(self, request: Request) -> str | None:
        return self.server.call_name(request.method, request.path)


def _denial(request: Request) -> Reply:
    told = {"error": {"message": f"Only proxy admin can do that, not {request.headers.get('authorization')}"}}
    return Reply(403, json.dumps(told).encode(), {"content-type": "application/json"})


def _seeded() -> Proxy:
    proxy = Proxy()
    for number, key in enumerate(KEYS):
        proxy.keys[hashed(key)] = {
            "key_alias": f"app-{number}",
            "token": hashed(key),
            "spend": 12.5,
            "max_budget": (None, 100.0, 0.1, 900)[number],
            "budget_duration": "30d",
            "budget_reset_at": "2026-12-01T00:00:00Z",
            "budget_id": None,
            "team_id": "t-1",
            "user_id": None,
            "aliases": ({}, {"fast": "small-1"}, {}, {})[number],
            "model_max_budget": ({}, {"large-1": {"budget_limit": 20.5, "time_period": "1d"}}, {}, {})[number],
            "metadata": {"environment": "staging", "logging_secret": "pa55", "owner": "ben", "callbacks": []},
        }
    for number in range(4):
        proxy.teams[f"t-{number}"] = {
            "team_id": f"t-{number}",
            "team_alias": f"team {number}",
            "max_budget": (None, 50.25, 700, 800.0)[number],
            "budget_duration": "30d" if number else None,
            "metadata": {"environment": "prod"},
        }
        proxy.budgets[f"b-{number}"] = {
            "budget_id": f"b-{number}",
            "max_budget": (None, 5.5, 7, 8.0)[number],
            "budget_duration": "7d",
            "soft_budget": None,
        }
    proxy.models = ["large-1", "large-2", "small-1", "team/*"]
    proxy.router["model_group_alias"] = {"best": "large-1", "old": {"model": "large-2", "hidden": True}}
    proxy.cache = {"type": "redis", "host": "cache.internal", "port": "6379", "password": "r3dis-pw", "ttl": 60.0}
    return proxy
