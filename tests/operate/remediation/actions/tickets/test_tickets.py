"""Tickets and announcements: what the contract does not ask of every action."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.operate.remediation.acting import NOW, WorldDoors
from tests.operate.remediation.servers.jira import TOKEN
from tests.operate.remediation.servers.receiver import SECRET, ReceiverServer
from tests.operate.remediation.worlds import jira_ticket, webhook_ticket
from tests.operate.remediation.worlds.tickets import WORDS
from tools.domain.errors import BadRequest, BadSetting
from tools.domain.remediation import RemediationPlan
from tools.operate.remediation.action import CallRefused, Surprise, mark_of
from tools.operate.remediation.actions.tickets.announce import PERMISSIONS, announce
from tools.operate.remediation.actions.tickets.jira import JiraTicket, document, plain
from tools.operate.remediation.actions.tickets.ticket import Words
from tools.operate.remediation.actions.tickets.webhook import WebhookAccess, WebhookTicket, connect_webhook
from tools.operate.remediation.plan import Wish, make_plan


@pytest.fixture
def jira() -> Iterator[jira_ticket.TheWorld]:
    with jira_ticket.TheWorld() as world:
        world.scene("things")
        yield world


@pytest.fixture
def receiver() -> Iterator[webhook_ticket.TheWorld]:
    with webhook_ticket.TheWorld() as world:
        world.scene("things")
        yield world


def jira_plan(world: jira_ticket.TheWorld, project: str = "OPS") -> RemediationPlan:
    wish = Wish("jira_ticket", (world.thing("gpu-8", project),), "ada", "USD", WORDS)
    return make_plan(WorldDoors(JiraTicket, world), wish, NOW).plan


def test_a_plan_is_told_in_words() -> None:
    assert Words.model_validate(WORDS).text == (
        "What: End the lease of gpu-7.\n"
        "Why: Nobody used it for 14 days.\n"
        "Saving: 1,200 to 1,900 USD a month\n"
        "Evidence: 0 of 336 hours with work\n"
        "Evidence: asked its owner on Nov 10\n"
        "1. Drain it\n"
        "2. Cancel the lease"
    )


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]))).map("\n".join))
def test_text_comes_back_from_a_jira_document_as_it_was(text: str) -> None:
    assert plain(document(text)) == text


def test_an_issue_that_may_have_been_created_is_not_called_absent_before_it_is_found(
    jira: jira_ticket.TheWorld,
) -> None:
    plan = jira_plan(jira)
    change, action = plan.changes[0], JiraTicket(jira.connect(JiraTicket.reads | JiraTicket.writes))  # type: ignore[arg-type]
    mark = mark_of(plan.nonce, change.target)
    jira.meddle("POST /rest/api/3/issue", "late_cut")
    with pytest.raises(Surprise):
        action.perform(change.target, action.steps(change.before, change.after)[0], mark)
    created, jira.server.issues = dict(jira.server.issues), {}  # the index has not seen it yet
    with pytest.raises(OSError, match="is not found yet"):
        action.read(change.target, mark)
    jira.server.issues.update(created)
    assert dict(action.read(change.target, mark).state) == dict(change.after)


def test_an_account_that_may_not_create_issues_is_told_when_planning(jira: jira_ticket.TheWorld) -> None:
    with pytest.raises(BadRequest, match="may not create issues in READ"):
        jira_plan(jira, "READ")


def test_an_issue_that_people_closed_is_not_closed_again(jira: jira_ticket.TheWorld) -> None:
    plan = jira_plan(jira)
    change = plan.changes[0]
    action = JiraTicket(jira.connect(JiraTicket.reads | JiraTicket.writes | JiraTicket.undoes))  # type: ignore[arg-type]
    mark = mark_of(plan.nonce, change.target)
    action.perform(change.target, action.steps(change.before, change.after)[0], mark)
    jira.server.issues["OPS-3"]["status"] = "done"
    with pytest.raises(CallRefused, match="not open any more"):
        action.perform(change.target, action.steps(change.after, change.before)[0], mark)


def test_a_token_that_jira_echoes_is_in_no_text(jira: jira_ticket.TheWorld) -> None:
    plan = jira_plan(jira)
    change, action = plan.changes[0], JiraTicket(jira.connect(JiraTicket.writes))  # type: ignore[arg-type]
    jira.meddle("POST /rest/api/3/issue", "denied")
    with pytest.raises(CallRefused, match="with …") as told:
        action.perform(change.target, action.steps(change.before, change.after)[0], "0" * 32)
    assert TOKEN not in str(told.value) + plan.model_dump_json()


def test_the_same_ticket_sent_again_is_dropped_by_its_key(receiver: webhook_ticket.TheWorld) -> None:
    wish = Wish("webhook_ticket", (receiver.thing("gpu-8"),), "ada", "USD", WORDS)
    plan = make_plan(WorldDoors(WebhookTicket, receiver), wish, NOW).plan
    change, action = plan.changes[0], WebhookTicket(receiver.connect(WebhookTicket.writes))  # type: ignore[arg-type]
    before, mark = len(receiver.server.tickets), mark_of(plan.nonce, change.target)
    for _ in range(3):
        action.perform(change.target, action.steps(change.before, change.after)[0], mark)
    assert len(receiver.server.tickets) == before + 1


@pytest.mark.parametrize("secret", ["hunter2", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64", ""])
def test_a_secret_that_signs_nothing_well_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(BadSetting) as told:
        connect_webhook({"https://hooks.example.com": SecretStr(secret)})
    assert not secret.removeprefix("whsec_") or secret.removeprefix("whsec_") not in str(told.value)


def test_a_call_signed_with_another_secret_is_refused(receiver: webhook_ticket.TheWorld) -> None:
    other = SecretStr(SECRET.replace("YSBz", "YiBz"))
    action = WebhookTicket(connect_webhook({receiver.wire.url: other})(WebhookTicket.reads))  # type: ignore[arg-type]
    with pytest.raises(OSError, match="401"):
        action.read(receiver.thing("gpu-8"), "0" * 32)


def test_the_signature_is_the_standards_own_example() -> None:
    """standard-webhooks/specs, signature of "test" by whsec_… at 1614265330."""
    secret = SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    access = WebhookAccess({"https://x": secret}, (), clock=lambda: 1614265330)
    from tools.operate.remediation.actions.http_access import Call

    call = Call("POST", "/tickets", headers={"Idempotency-Key": "msg_p5jXN8AQM9LWM0D4loKWxJek"})
    signed = access.signature(access.endpoint("https://x"), call, b'{"test": 2432232314}')
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def announced_plan(receiver: webhook_ticket.TheWorld, notice: timedelta | None) -> RemediationPlan:
    wish = Wish("webhook_ticket", (receiver.thing("gpu-8"),), "ada", "USD", WORDS, reason="idle", notice=notice)
    return make_plan(WorldDoors(WebhookTicket, receiver), wish, NOW).plan


def test_a_plan_with_a_notice_is_announced_once_however_often_it_is_told(receiver: webhook_ticket.TheWorld) -> None:
    plan, server = announced_plan(receiver, timedelta(days=2)), receiver.server
    assert isinstance(server, ReceiverServer)
    access = WebhookAccess({receiver.wire.url: SecretStr(SECRET)}, PERMISSIONS)
    announce(access, receiver.wire.url, "p-1", plan)
    announce(access, receiver.wire.url, "p-1", plan)
    assert [one["not_before"] for one in server.announcements] == ["2026-11-26T09:00:00+00:00"]
    assert server.announcements[0]["targets"] == [plan.changes[0].target.key]
    assert server.announcements[0]["fingerprint"] == plan.fingerprint


def test_a_plan_without_a_notice_is_not_announced(receiver: webhook_ticket.TheWorld) -> None:
    access = WebhookAccess({receiver.wire.url: SecretStr(SECRET)}, PERMISSIONS)
    with pytest.raises(BadRequest, match="only a plan with a notice"):
        announce(access, receiver.wire.url, "p-1", announced_plan(receiver, None))


def test_an_announcement_that_got_no_answer_is_told_so(receiver: webhook_ticket.TheWorld) -> None:
    plan = announced_plan(receiver, timedelta(days=2))
    access = WebhookAccess({receiver.wire.url: SecretStr(SECRET)}, PERMISSIONS)
    receiver.meddle("POST /announcements", "late_cut")
    with pytest.raises(Surprise):
        announce(access, receiver.wire.url, "p-1", plan)
    receiver.heal()
    announce(access, receiver.wire.url, "p-1", plan)
    assert len(receiver.server.announcements) == 1
