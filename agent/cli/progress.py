"""A progress bar with rates on stderr; silent when stderr is not a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from tools.domain.load import Progress


@contextmanager
def load_progress(console: "Console") -> "Iterator[Callable[[Progress], None]]":
    """Give a callback for loads that draws each stage with its rows and rows per second."""
    if not console.is_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None, rows="")

        def show(progress: "Progress") -> None:
            elapsed = bar.tasks[task].elapsed or 0
            rate = f", {progress.rows / elapsed:,.0f} rows/s" if elapsed > 0.5 and progress.rows else ""
            rows = f"{progress.rows:,} rows{rate}" if progress.rows else ""
            bar.update(task, description=progress.stage, completed=progress.rows, total=progress.total_rows, rows=rows)

        yield show
