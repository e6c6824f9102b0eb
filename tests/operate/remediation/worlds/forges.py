"""A forge with real repositories: configuration in YAML and JSON, and files that can't be changed."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Self

from pydantic import JsonValue, SecretStr

from tests.operate.remediation.servers.forges import TOKEN, ForgeServer, GithubServer, GitlabServer
from tests.operate.remediation.servers.git_http import git, seeded, service
from tests.operate.remediation.wire import Fault, Reply, Request, Wire
from tests.operate.remediation.worlds import Scene, Snapshot, Unfit, World
from tools.domain.remediation import TargetRef
from tools.operate.remediation.access import Access
from tools.operate.remediation.actions.git.config_file import branches_of
from tools.operate.remediation.actions.git.github import connect_github
from tools.operate.remediation.actions.git.gitlab import connect_gitlab

YAML = "# What runs\nspec:\n  replicas: 3  # more at Christmas\n  image: 'llm:1.2'\n"
JSON = '{\n\t"spec": {"replicas": 3},\n\t"pools": [1, 2.50]\n}\n'
FILES = {
    "prod/chat.yaml": YAML,
    "staging/chat.yaml": YAML.replace("\n", "\r\n"),
    "staging/embed.json": JSON,
    "dev/last.yml": "---\nspec: {replicas: 2}",
    "dev/one.yaml": "spec:\n  replicas: 1\n",
    "dev/notes.txt": "replicas: 3\n",
    "dev/huge.yaml": "spec:\n  replicas: 3\n" + "# much\n" * 12_000,
    "dev/bytes.yaml": "spec:\n  replicas: 3 # \udcff\n",
    "dev/shared.yaml": "a: &n 3\nspec:\n  replicas: *n\n",
}


class ForgeWorld(World):
    """A world over one forge; the kind of server is `server_type`."""

    server_type: type[ForgeServer]
    not_restored: ClassVar[Mapping[str, str]] = {"^request ": "a forge keeps requests that were closed"}

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory()
        self.server = self.server_type(Path(self._folder.name) / "repositories")
        self.server.__enter__()
        self.wire = Wire(self.server.url, self._name, _denial)
        self.wire.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.__exit__()
        self.server.__exit__()
        self._folder.cleanup()

    def emptied(self) -> None:
        self.wire.clear()
        rmtree(self.server.root, ignore_errors=True)
        self.server.root.mkdir(parents=True)
        self.server.requests.clear()
        self.server.issues.clear()
        self.server.repositories = {}

    def repository(self, name: str, **facts: bool) -> Path:
        self.server.repositories[name] = dict(facts)
        links = {"dev/link.yaml": "../prod/chat.yaml", "dev/out.yaml": "/etc/passwd"}
        return seeded(self.server.root, name, FILES, links)

    def place(self, repository: str = "acme/config", branch: str = "main") -> dict[str, str]:
        return {"api": f"{self.wire.url}/api", "repository": repository, "branch": branch}

    def file(self, path: str, repository: str = "acme/config", branch: str = "main") -> TargetRef:
        return TargetRef(id=path, place=self.place(repository, branch))

    def snapshot(self) -> Snapshot:
        things: dict[str, Any] = {}
        for repository in self.server.repositories:
            for branch, commit in self.server.branches(repository).items():
                bare = self.server.root / f"{repository}.git"
                things[f"branch {branch} of {repository}"] = git(bare, "ls-tree", "-r", commit)
        for (repository, number), one in self.server.requests.items():
            things[f"request {number} of {repository}"] = one
        for (repository, number), one in self.server.issues.items():
            things[f"issue {number} of {repository}"] = one
        told: dict[str, JsonValue] = json.loads(json.dumps(deepcopy(things)))
        return told

    def belongs(self, thing: str, target: TargetRef) -> bool:
        return branches_of(target) in thing or thing.startswith("request ")

    def sent(self) -> list[str]:
        return list(self.wire.calls)

    def meddle(self, call: str, fault: Fault) -> None:
        self.wire.meddle(call, fault)

    def heal(self) -> None:
        self.wire.heal()

    def _name(self, request: Request) -> str | None:
        name = service(request.method, request.path)
        return name or self.server.call_name(request.method, request.path)


class FileWorld(ForgeWorld):
    """Files whose number of replicas is to be 1."""

    scenarios = ("a value", "a patch")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        self.repository("acme/config")
        self.repository("acme/old", archived=True)
        if scenario == "a patch":
            return self._patches()
        good = ("staging/chat.yaml", "staging/embed.json", "dev/last.yml")
        return Scene(
            targets=tuple(self.file(one) for one in good),
            unfit=(
                Unfit(self.file("dev/one.yaml"), "nothing would change"),
                Unfit(self.file("dev/notes.txt"), "give a patch"),
                Unfit(self.file("dev/shared.yaml"), "give a patch"),
                Unfit(self.file("dev/none.yaml"), "there is no file"),
                Unfit(self.file("dev"), "is a folder"),
                Unfit(self.file("dev/link.yaml"), "is a link"),
                Unfit(self.file("dev/out.yaml"), "is a link"),
                Unfit(self.file("../config.yaml"), "give a path from its top"),
                Unfit(self.file("/etc/passwd"), "give a path from its top"),
                Unfit(self.file(".git/config"), "give a path from its top"),
            ),
            parameters={"title": "One replica for chat", "reason": "It idles.", "at": "/spec/replicas", "value": 1},
        )

    def _patches(self) -> Scene:
        self.repository("acme/other")
        self.repository("acme/third")
        patch = YAML_PATCH.format(path="prod/chat.yaml")
        return Scene(
            targets=tuple(self.file("prod/chat.yaml", one) for one in ("acme/config", "acme/other", "acme/third")),
            unfit=(
                Unfit(self.file("staging/embed.json"), "has to name a/staging/embed.json"),
                Unfit(self.file("dev/huge.yaml"), "files up to 65536"),
                Unfit(self.file("dev/bytes.yaml"), "is no text"),
                Unfit(self.file("prod/chat.yaml", "acme/old"), "is archived"),
                Unfit(self.file("prod/chat.yaml", "acme/none"), "there is no"),
                Unfit(self.file("prod/chat.yaml", branch="release"), "name a branch that is there"),
                Unfit(self.file("prod/chat.yaml", branch="--upload-pack=x"), "is no branch"),
                Unfit(
                    TargetRef(id="prod/chat.yaml", place={**self.place(), "api": "https://api.example.com"}),
                    "is not connected",
                ),
            ),
            parameters={"title": "One replica for chat", "patch": patch},
        )

    def belongs(self, thing: str, target: TargetRef) -> bool:
        return super().belongs(thing, target) and thing.endswith(f"of {target.place['repository']}")


YAML_PATCH = """diff --git a/{path} b/{path}
index 1234567..89abcde 100644
--- a/{path}
+++ b/{path}
@@ -2,2 +2,2 @@ # What runs
 spec:
-  replicas: 3  # more at Christmas
+  replicas: 1
"""


class GithubWorld(ForgeWorld):
    server_type = GithubServer

    def connect(self, permissions: frozenset[str]) -> Access:
        return connect_github(SecretStr(TOKEN), f"{self.wire.url}/api", f"{self.wire.url}/git")(permissions)


class GitlabWorld(ForgeWorld):
    server_type = GitlabServer

    def connect(self, permissions: frozenset[str]) -> Access:
        return connect_gitlab(SecretStr(TOKEN), f"{self.wire.url}/api", f"{self.wire.url}/git")(permissions)


def _denial(request: Request) -> Reply:
    told = {"message": f"Resource not accessible with {request.headers.get('authorization')}"}
    return Reply(403, json.dumps(told).encode(), {"content-type": "application/json"})
