"""Pull requests: what the contract does not ask of every action. Real repositories, git's own server."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pydantic import JsonValue

from tests.operate.remediation.acting import NOW, WorldDoors
from tests.operate.remediation.servers.forges import TOKEN
from tests.operate.remediation.servers.git_http import git
from tests.operate.remediation.worlds.config_pull_request import TheWorld
from tests.operate.remediation.worlds.forges import YAML, YAML_PATCH
from tools.domain.errors import BadRequest
from tools.domain.remediation import RemediationPlan
from tools.operate.remediation.action import CallRefused, Step, Surprise, mark_of, typed_parameters
from tools.operate.remediation.actions.git.config_file import branches_of
from tools.operate.remediation.actions.git.github import ConfigPullRequest
from tools.operate.remediation.plan import Wish, drift, make_plan

FEWER: dict[str, JsonValue] = {"title": "One replica", "reason": "It idles.", "at": "/spec/replicas", "value": 1}
EVERYTHING = ConfigPullRequest.reads | ConfigPullRequest.writes | ConfigPullRequest.undoes


@dataclass
class Told:
    """One planned change of prod/chat.yaml, and the way there."""

    world: TheWorld
    plan: RemediationPlan

    def __post_init__(self) -> None:
        self.change = self.plan.changes[0]
        self.mark = mark_of(self.plan.nonce, self.change.target)
        self.branch = branches_of(self.change.target) + self.mark
        self.action = ConfigPullRequest(self.world.connect(EVERYTHING))  # type: ignore[arg-type]
        self.push, self.open = self.action.steps(self.change.before, self.change.after)
        self.close, self.delete = self.action.steps(self.change.after, self.change.before)
        self.bare = self.world.server.root / "acme/config.git"

    def do(self, *steps: Step) -> None:
        for step in steps:
            self.action.perform(self.change.target, step, self.mark)

    def state(self) -> dict[str, JsonValue]:
        return dict(self.action.read(self.change.target, self.mark).state)

    def commit(self, branch: str, path: str, text: str) -> str:
        """Somebody else's commit on a branch of the server."""
        blob = git(self.bare, "hash-object", "-w", "--stdin", stdin=text.encode()).strip()
        git(self.bare, "read-tree", branch)
        git(self.bare, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        tree = git(self.bare, "write-tree").strip()
        made = git(self.bare, "commit-tree", tree, "-p", branch, "-m", "Another").strip()
        git(self.bare, "update-ref", f"refs/heads/{branch}", made)
        return made


@pytest.fixture
def told() -> Iterator[Told]:
    with TheWorld() as world:
        world.scene("a value")
        yield planned(world)


def planned(world: TheWorld, **parameters: JsonValue) -> Told:
    wish = Wish("config_pull_request", (world.file("prod/chat.yaml"),), "ada", "USD", parameters or FEWER)
    return Told(world, make_plan(WorldDoors(ConfigPullRequest, world), wish, NOW).plan)


def test_the_commit_changes_one_line_and_says_what_for(told: Told) -> None:
    told.do(told.push, told.open)
    shown = git(told.bare, "show", "--format=%an%n%B", told.branch)
    assert shown.startswith(f"Outlay\nOne replica\n\nIt idles.\n\nOutlay-Mark: {told.mark}\n")
    assert [line for line in shown.split("\n") if line[:1] in "+-" and line[:3] not in ("+++", "---") and line] == [
        "-  replicas: 3  # more at Christmas",
        "+  replicas: 1  # more at Christmas",
    ]
    request = next(iter(told.world.server.requests.values()))
    assert request["title"] == "One replica"
    assert request["body"] == f"It idles.\n\nOutlay-Mark: {told.mark}"
    assert git(told.bare, "show", "main:prod/chat.yaml") == YAML


def test_a_file_that_changed_since_the_plan_is_drift_and_no_branch_is_pushed(told: Told) -> None:
    told.commit("main", "prod/chat.yaml", YAML.replace("replicas: 3", "replicas: 5"))
    assert drift(WorldDoors(ConfigPullRequest, told.world), told.plan)
    with pytest.raises(CallRefused, match="does not apply"):
        told.do(told.push)
    assert told.branch not in told.world.server.branches("acme/config")


def test_a_change_of_another_file_meanwhile_is_no_drift_and_is_built_upon(told: Told) -> None:
    made = told.commit("main", "dev/notes.txt", "other")
    assert drift(WorldDoors(ConfigPullRequest, told.world), told.plan) == {}
    told.do(told.push)
    assert git(told.bare, "rev-parse", f"{told.branch}^").strip() == made


def test_a_branch_that_is_there_already_is_never_overwritten(told: Told) -> None:
    git(told.bare, "update-ref", f"refs/heads/{told.branch}", "main")
    theirs = told.world.server.branches("acme/config")[told.branch]
    with pytest.raises(CallRefused):
        told.do(told.push)
    assert told.world.server.branches("acme/config")[told.branch] == theirs


def test_a_branch_that_comes_between_reading_and_pushing_is_never_overwritten(told: Told) -> None:
    with told.action._fetched(told.change.target) as scratch:
        text = YAML.replace("3", "1")
        commit = scratch.commit("refs/outlay/base", "prod/chat.yaml", text, "x")
        git(told.bare, "update-ref", f"refs/heads/{told.branch}", "main")
        with pytest.raises(CallRefused, match="stale info"):
            told.action.access.push(scratch, "acme/config", told.branch, "", commit)


def test_what_somebody_pushed_on_top_is_not_deleted_by_a_rollback(told: Told) -> None:
    told.do(told.push, told.open, told.close)
    made = told.commit(told.branch, "prod/chat.yaml", YAML)
    assert told.state() != dict(told.delete.expects)
    with pytest.raises(CallRefused, match="not what was planned"):
        told.do(told.delete)
    assert told.world.server.branches("acme/config")[told.branch] == made


def test_a_request_that_was_merged_is_not_closed(told: Told) -> None:
    told.do(told.push, told.open)
    next(iter(told.world.server.requests.values())).update(state="closed", merged_at="2026-11-25T00:00:00Z")
    assert told.state()["pull_request"] == "merged"
    with pytest.raises(CallRefused, match="not open any more"):
        told.do(told.close)


def test_a_request_that_exists_already_is_a_surprise_as_it_may_be_ours(told: Told) -> None:
    told.do(told.push, told.open)
    with pytest.raises(Surprise, match="already exists") as raised:
        told.do(told.open)
    assert not isinstance(raised.value, CallRefused)
    assert told.state() == dict(told.open.leaves)


def test_a_file_waits_for_one_change_at_a_time(told: Told) -> None:
    told.do(told.push, told.open)
    with pytest.raises(BadRequest, match=r"another change of prod/chat\.yaml waits"):
        planned(told.world)
    told.do(told.close, told.delete)
    assert planned(told.world).plan.changes


def test_a_push_that_a_hook_of_the_server_declines_is_refused(told: Told) -> None:
    hook = told.bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho protected >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CallRefused, match="pre-receive hook declined"):
        told.do(told.push)


def test_an_account_that_may_not_push_is_told_when_planning(told: Told) -> None:
    told.world.server.repositories["acme/config"]["push"] = False
    with pytest.raises(BadRequest, match="may not push"):
        planned(told.world)


def test_a_hunk_that_git_would_not_take_is_refused_when_planning(told: Told) -> None:
    with pytest.raises(BadRequest, match="does not apply"):
        planned(told.world, title="x", patch=YAML_PATCH.format(path="prod/chat.yaml").replace(" spec:", " specs:"))


def test_nothing_of_a_persons_git_configuration_counts(
    told: Told, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    ran = home / "ran"
    script = home / "hooks" / "pre-push"
    script.parent.mkdir()
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[core]\n\thooksPath = {script.parent}\n[url "http://127.0.0.1:9/"]\n\tinsteadOf = {told.world.wire.url}/\n'
        f'[credential]\n\thelper = "!touch {ran}"\n[commit]\n\tgpgSign = true\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", str(home))
    monkeypatch.setenv("GIT_SSH_COMMAND", f"touch {ran}")
    told.do(told.push)
    assert not ran.exists()
    assert told.branch in told.world.server.branches("acme/config")


def test_the_token_is_in_no_argument_text_or_log(
    told: Told,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    folder = tmp_path_factory.mktemp("bin")
    heard, real = folder / "heard", git(folder, "--exec-path").strip()
    (folder / "git").write_text(f'#!/bin/sh\necho "$@" >> {heard}\nexec {real}/git "$@"\n')
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    told.world.meddle("git-receive-pack", "denied")
    with pytest.raises(CallRefused) as raised:
        told.do(told.push)
    arguments = heard.read_text()
    assert "push" in arguments
    for text in (arguments, str(raised.value), caplog.text, told.plan.model_dump_json(), repr(told.action.access)):
        assert TOKEN not in text
        assert "Basic" not in text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"at": "/a", "value": 1, "patch": "x"}, "either at and value, or patch"),
        ({}, "either at and value, or patch"),
        ({"at": "/a", "value": [1]}, "value"),
        ({"at": "/a", "title": "two\nlines"}, "title"),
        ({"at": "/a", "title": " "}, "title"),
        ({"patch": "x" * 70_000}, "patch"),
    ],
)
def test_parameters_that_say_nothing_clear_are_refused(wrong: dict[str, JsonValue], why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        typed_parameters(ConfigPullRequest, {"title": "x", **wrong})
