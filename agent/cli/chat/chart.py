"""/chart: the last answer drawn, in the terminal or as a PNG."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.chat.arguments import REPLACE, file_of, only, words_of
from agent.cli.chat.command import Command

if TYPE_CHECKING:
    from agent.charts.spec import ChartKind, ChartSpec
    from agent.cli.chat.conversation import Conversation

USAGE = "/chart [line|bar|stacked|waterfall] [FILE.png]"


def draw_chart(conversation: "Conversation", argument: str) -> bool:
    """`/chart`, `/chart stacked`, `/chart spend.png`, `/chart line spend.png replace`."""
    kind, path, replace = _asked(words_of(argument))
    spec = _spec(conversation, kind)
    if path is None:
        _show(conversation, spec)
    else:
        _save(conversation, spec, path, replace)
    return True


def _spec(conversation: "Conversation", kind: "ChartKind | None") -> "ChartSpec":
    """How the last answer is drawn; the days around an anomaly are read again, where it was found."""
    from agent.charts.anomaly import DRAWN, anomaly_chart, anomaly_result
    from agent.charts.chart import chart_of, source_of

    answer = conversation.last()
    found = anomaly_result(answer)
    if found is None or kind not in DRAWN:
        return chart_of(answer, kind)
    context = conversation.backend.context(answer.as_of, found.evidence.generation)
    return anomaly_chart(context, found, source_of(answer, found))


def _asked(words: list[str]) -> "tuple[ChartKind | None, Path | None, bool]":
    from agent.charts.spec import KINDS

    kind = next((one for one in KINDS if one in words), None)
    replace = REPLACE in words
    rest = [word for word in words if word not in (kind, REPLACE)]
    path = file_of(rest.pop(0), (".png",)) if rest and "." in rest[0] else None
    only(rest, USAGE)
    return kind, path, replace


def _show(conversation: "Conversation", spec: "ChartSpec") -> None:
    from agent.charts.terminal import terminal_chart

    out = conversation.cli.out
    out.print(terminal_chart(spec, out.width, colour=out.color_system is not None), no_wrap=True, crop=False)


def _save(conversation: "Conversation", spec: "ChartSpec", path: Path, replace: bool) -> None:
    from agent.charts.png import png
    from agent.export.write import put

    put(path, png(spec), replace=replace)
    conversation.cli.out.print(f"{path}: {spec.title}", markup=False)


def _choices(conversation: "Conversation", typed: str) -> Sequence[str]:
    return ("line", "bar", "stacked", "waterfall")


COMMAND = Command(
    "chart", "/chart [KIND] [FILE.png]", "draw the last answer: line, bar, stacked or waterfall", draw_chart, _choices
)
