"""/proposals, /approve, /reject, /apply, /rollback: what waits for you, and your word on it.

The words are the person's at the terminal and go to the desk by themselves: no model sees or says them.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.cli.chat.arguments import only, words_of
from agent.cli.chat.command import Command
from agent.cli.deciding import approved, show
from tools.domain.errors import BadInput

if TYPE_CHECKING:
    from agent.cli.chat.conversation import Conversation
    from agent.remediations import Remediations
    from tools.domain.remediation import ProposalView

ID = re.compile(r"p-[1-9]\d*")
_PLAIN = re.compile(
    r"(?:please )?(approve|reject|apply|roll ?back|undo|revert) (?:proposal )?(p-[1-9]\d*)\b[ ,:]*(.*)", re.IGNORECASE
)
_VERBS = {"undo": "rollback", "revert": "rollback", "roll back": "rollback"}


def spoken(line: str) -> tuple[str, str] | None:
    """`approve p-12` without its slash: the command's name and argument; None for anything else."""
    found = _PLAIN.fullmatch(line.strip().rstrip("."))
    if found is None:
        return None
    verb = found[1].casefold()
    return _VERBS.get(verb, verb), f"{found[2].casefold()} {found[3]}".strip()


def list_(conversation: "Conversation", argument: str) -> bool:
    """`/proposals` lists the open ones, `/proposals p-12` shows one."""
    from agent.answer.plan_text import list_lines

    desk, words = _desk(conversation), words_of(argument)
    only(words[1:], "/proposals [ID]")
    if words:
        show(conversation.cli, desk.view(words[0]))
        return True
    open_ones = [one for one in desk.proposals() if one.is_open]
    for line in list_lines(open_ones) if open_ones else ("nothing waits for approval",):
        conversation.cli.out.print(line, markup=False, highlight=False, soft_wrap=True)
    return True


def approve(conversation: "Conversation", argument: str) -> bool:
    """`/approve p-12` shows the plan and asks for its fingerprint; `/approve p-12 1a2b3c4d` names it."""
    proposal, rest = _named(argument, "/approve ID [FINGERPRINT]")
    words = words_of(rest)
    only(words[1:], "/approve ID [FINGERPRINT]")
    approved(conversation.cli, _desk(conversation), proposal, words[0] if words else None, "")
    return True


def reject(conversation: "Conversation", argument: str) -> bool:
    """`/reject p-12 the endpoint is needed`: with the reason."""
    proposal, reason = _named(argument, "/reject ID REASON")
    if not reason:
        raise BadInput(f"to reject takes a reason: /reject {proposal} the endpoint is needed for the launch")
    desk = _desk(conversation)
    desk.decide(proposal, "reject", desk.view(proposal).proposal.plan.fingerprint, reason)
    conversation.cli.out.print(f"{proposal} is rejected", highlight=False)
    return True


def apply(conversation: "Conversation", argument: str) -> bool:
    """`/apply p-12`: once it has its approvals."""
    return _done(conversation, argument, "/apply ID", lambda desk, proposal: desk.apply(proposal))


def rollback(conversation: "Conversation", argument: str) -> bool:
    """`/rollback p-12`: what was changed is brought back."""
    return _done(conversation, argument, "/rollback ID", lambda desk, proposal: desk.roll_back(proposal))


def _done(
    conversation: "Conversation", argument: str, usage: str, act: "Callable[[Remediations, str], ProposalView]"
) -> bool:
    proposal, rest = _named(argument, usage)
    only(words_of(rest), usage)
    show(conversation.cli, act(_desk(conversation), proposal))
    return True


def _named(argument: str, usage: str) -> tuple[str, str]:
    """A proposal's id, and what stands after it. Raises BadInput."""
    first, _, rest = argument.strip().partition(" ")
    if not ID.fullmatch(first):
        raise BadInput(f"{usage} takes a proposal's id, such as p-12; /proposals lists those that wait")
    return first, rest.strip()


def _desk(conversation: "Conversation") -> "Remediations":
    from agent.app import remediations

    return remediations(conversation.backend.settings)


COMMANDS = (
    Command("proposals", "/proposals [ID]", "what waits for approval; or one of them whole", list_),
    Command("approve", "/approve ID [FINGERPRINT]", "approve exactly the plan that is shown", approve),
    Command("reject", "/reject ID REASON", "reject a plan; it is over then", reject),
    Command("apply", "/apply ID", "apply an approved plan, once", apply),
    Command("rollback", "/rollback ID", "undo what a plan changed", rollback),
)
