"""What is shown while an answer is made: one line with the step that is being taken, gone when the answer is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from agent.graph.step import Progress, Step

_WORDS = {
    "plan": "reading the question",
    "tool": "looking up",
    "write": "writing",
    "check": "checking every figure",
    "answer": "done",
}


@contextmanager
def waiting(console: "Console") -> "Iterator[Progress]":
    """Give a callback for steps. Before the first one the agent is still warming up."""
    from rich.text import Text

    with console.status(Text("warming up", style="dim"), spinner="dots") as status:
        yield lambda step: status.update(step_text(step, console.width))


def step_text(step: "Step", width: int) -> "Text":
    """A step on one line; what a model wrote in it can't move the cursor."""
    from rich.text import Text

    from agent.answer.display import name_text

    detail = f": {name_text(step.detail)}" if step.detail else ""
    text = Text(f"{_WORDS[step.kind]}{detail}", style="dim", no_wrap=True)
    text.truncate(max(10, width - 4), overflow="ellipsis")
    return text
