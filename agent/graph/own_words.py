"""Words that a model brings into its calls: names from the data and the person's own words pass, its own do not.

A filter's value or a tag's key is shown in headlines and messages. Were any text allowed there, a model could say
through it what no result says.
"""

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from agent.graph.state import Run
from tools.domain.errors import BadRequest
from tools.domain.scope import Filter
from tools.inform.sql import SqlRequest
from tools.operate.remediation.propose import ProposeRequest
from tools.semantic.model import load_model

TAG = "tag:"


def refuse_own_words(request: BaseModel, run: Run, said: Sequence[str]) -> None:
    """`said`: what the person has asked in this thread. Raises BadRequest for a value or name from nowhere."""
    heard = " ".join(said).casefold()
    if isinstance(request, SqlRequest):
        _refuse_in_sql(request, run, heard)
    for dimension, value in _values(request):
        if value.casefold() not in heard and not _is_known(dimension, value, run):
            raise BadRequest(
                f"the value {value!r:.80} of {dimension:.80} stands neither in the data nor in the question; "
                f"use one that describe_data lists"
            )
    if isinstance(request, ProposeRequest):
        _refuse_in_change(request, run, heard)
    for name in _names(request):
        key = name.removeprefix(TAG)
        if key.casefold() not in heard and name not in _known_names(run, is_tag=name.startswith(TAG)):
            raise BadRequest(f"{name!r:.80} is not known; use a dimension that describe_data lists")


def _refuse_in_sql(request: SqlRequest, run: Run, heard: str) -> None:
    """A name or a text in SQL is shown as a column's label or a row's cell."""
    from tools.inform.sql_own_words import own_words

    columns = run.context.store.rollup_columns
    values = {value.casefold() for name in columns for value in run.context.store.values(name)}

    def is_known(text: str) -> bool:
        wanted = text.casefold()
        return wanted in values or re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", heard) is not None

    if brought := list(own_words(request.sql, columns, is_known)):
        raise BadRequest(
            f"{'; '.join(brought[:5])} in sql: it stands neither in the data nor in the question; name columns with "
            f"plain words such as spend, month or share, and select what is worked out from the data"
        )


def _refuse_in_change(request: ProposeRequest, run: Run, heard: str) -> None:
    """What a change is about is shown with it, in the plan that a person approves too."""
    for field in ("owner", "environment", "targets", "place", "parameters"):
        for text in _texts(getattr(request, field)):
            if text.casefold() not in heard and not _is_anywhere(text, run):
                raise BadRequest(
                    f"{text!r:.80} of {field} stands neither in the data nor in the question; use what find_savings, "
                    f"describe_data or the question names"
                )


def _texts(part: object) -> Iterator[str]:
    """Every text in it but the names of fields, which the action knows or refuses."""
    if isinstance(part, str):
        yield part
    for inner in _parts(part):
        yield from _texts(inner)


def _is_anywhere(text: str, run: Run) -> bool:
    """Whether it stands in a name of the data or in a result, whole or as a part: an id in an ARN."""
    store, wanted = run.context.store, text.casefold()
    if any(
        wanted in value.casefold() for name in (*store.rollup_columns, "ResourceId") for value in store.values(name)
    ):
        return True
    cells = (cell for result in run.results.values() for row in result.rows for cell in row)
    return any(isinstance(cell, str) and wanted in cell.casefold() for cell in cells)


def _values(part: object) -> Iterator[tuple[str, str]]:
    """Every filter's values, with their dimension."""
    if isinstance(part, Filter):
        yield from ((part.dimension, value) for value in part.values)
    for inner in _parts(part):
        yield from _values(inner)


def _names(part: object) -> Iterator[str]:
    """Every text that names a tag or a column of one's own."""
    if isinstance(part, str) and part.startswith((TAG, "x_")):
        yield part
    for inner in _parts(part):
        yield from _names(inner)


def _parts(part: object) -> Iterator[object]:
    if isinstance(part, BaseModel):
        yield from (getattr(part, name) for name in type(part).model_fields)
    elif isinstance(part, dict):
        yield from part.values()
    elif isinstance(part, (tuple, list, set, frozenset)):
        yield from part


def _is_known(dimension: str, value: str, run: Run) -> bool:
    wanted = value.casefold()
    known = (*run.context.store.values(dimension), *(run.context.store.sources if dimension == "x_Source" else ()))
    if any(wanted in one.casefold() for one in known):
        return True
    cells = (cell for result in run.results.values() for row in result.rows for cell in row)
    return any(isinstance(cell, str) and wanted == cell.casefold() for cell in cells)


def _known_names(run: Run, *, is_tag: bool) -> frozenset[str]:
    store, model = run.context.store, load_model()
    if is_tag:
        return frozenset(f"{TAG}{key}" for key in store.tag_keys())
    return frozenset((*store.columns, *model.dimensions, *model.metrics))
