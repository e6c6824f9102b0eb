"""A conversation in a terminal: prompt, answer, prompt."""

import os
from functools import partial
from typing import TYPE_CHECKING

from agent.cli.chat.conversation import Conversation
from agent.cli.chat.prompt import make_prompt

if TYPE_CHECKING:
    from agent.graph.step import Step
    from tools.domain.answer import Answer

GREETING = "Outlay: ask what your AI spend is. /help lists the commands, Ctrl-D leaves."


def converse(conversation: Conversation) -> None:
    """Until Ctrl-D or /quit. Ctrl-C clears the line or stops the answer, and the conversation goes on."""
    print(GREETING, flush=True)
    prompt, asked = make_prompt(conversation), False
    while not conversation.is_over:
        try:
            line = prompt.prompt().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
        if line:
            asked = True
            take_turn(conversation, line)
    if asked:
        print(f"Carry on with: outlay chat --thread {conversation.thread}")


def take_turn(conversation: Conversation, line: str) -> None:
    """Run or ask one line; whatever goes wrong, the conversation goes on."""
    from agent.cli.chat.turn import take

    try:
        take(conversation, line, partial(ask_stoppably, conversation))
    except KeyboardInterrupt:
        print("stopped; this question left no trace in the thread")
    except Exception as fault:
        if os.environ.get("OUTLAY_DEBUG"):
            raise
        print(f"outlay: this should not happen ({type(fault).__name__}: {fault}); OUTLAY_DEBUG=1 shows where")
    print()


def ask_stoppably(conversation: Conversation, question: str) -> "Answer":
    """Ask, with the steps shown while it takes; Ctrl-C raises KeyboardInterrupt until the answer is certain."""
    from agent.cli.chat.interrupts import Interrupts
    from agent.cli.chat.waiting import waiting

    with Interrupts() as interrupts, waiting(conversation.cli.out) as show:

        def progress(step: "Step") -> None:
            if step.kind == "answer":
                interrupts.certain()
            show(step)

        return conversation.ask(question, progress)
