"""The prompt: editing, history, completion, and a toolbar. Drawn before anything heavy is imported."""

from functools import partial

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.completion import ThreadedCompleter
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import ThreadedHistory
from prompt_toolkit.styles import Style

from agent.cli.chat.completion import ChatCompleter
from agent.cli.chat.conversation import Conversation
from agent.cli.chat.history import HomeHistory
from agent.cli.chat.keys import bindings
from agent.cli.chat.toolbar import toolbar

PROMPT, CONTINUATION = "outlay> ", "      … "
MENU_LINES = 8
STYLE = Style.from_dict(
    {
        "prompt": "bold ansiblue",
        "bottom-toolbar": "noreverse ansibrightblack",
        "bottom-toolbar.warning": "noreverse ansiyellow",
        "completion-menu": "noinherit",
        "completion-menu.completion.current": "reverse",
        "completion-menu.meta.completion": "ansibrightblack",
        "completion-menu.meta.completion.current": "reverse",
        "scrollbar.background": "",
        "scrollbar.button": "reverse",
    }
)


def make_prompt(conversation: Conversation) -> PromptSession[str]:
    """A prompt session; when it is drawn for the first time, the agent begins to warm up behind it."""
    history = HomeHistory(conversation)
    session: PromptSession[str] = PromptSession(
        [("class:prompt", PROMPT)],
        prompt_continuation=lambda *_: [("class:prompt", CONTINUATION)],
        multiline=True,
        completer=ThreadedCompleter(ChatCompleter(conversation)),
        complete_while_typing=Condition(lambda: session.default_buffer.text.startswith("/")),
        reserve_space_for_menu=MENU_LINES,
        history=ThreadedHistory(history),
        key_bindings=bindings(),
        bottom_toolbar=partial(toolbar, conversation),
        style=STYLE,
    )

    def warm_up(application: Application[str]) -> None:
        application.after_render -= warm_up
        history.may_load.set()
        conversation.warmup.start().add_done_callback(lambda _: application.invalidate())

    session.app.after_render += warm_up
    return session
