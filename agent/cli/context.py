"""What every command shares: the home, its settings, and a console that knows whether it is a terminal."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from agent.settings import Settings


@dataclass
class CliContext:
    """Handed to commands through Typer; reads settings only when a command needs them."""

    home: Path | None

    @cached_property
    def settings(self) -> "Settings":
        return self.settings_for(None)

    def settings_for(self, model: str | None) -> "Settings":
        from agent.settings import load_settings

        return load_settings(self.home, model)

    @cached_property
    def out(self) -> "Console":
        """Standard output: what was asked for. Colours and width follow the terminal; piped, it is plain text."""
        from rich.console import Console

        console = Console(highlight=False)
        return console if console.is_terminal else Console(highlight=False, width=100, color_system=None)

    @cached_property
    def err(self) -> "Console":
        """Standard error: progress and remarks."""
        from rich.console import Console

        return Console(stderr=True, highlight=False)


def shared(context: typer.Context) -> CliContext:
    """The CliContext of a Typer context."""
    assert isinstance(context.obj, CliContext)
    return context.obj
