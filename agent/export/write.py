"""An answer into a file; the name's ending says which kind."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from agent.export.table import exported
from tools.domain.answer import Answer
from tools.domain.errors import BadInput

ENDINGS = (".csv", ".parquet", ".md")


def export(answer: Answer, path: Path, *, handle: str | None = None, replace: bool = False) -> str:
    """Write the answer and say what was written. `handle` names one of several results.

    Raises:
        BadInput: another ending, nothing to export, or a file that is there and not to be replaced.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(f"{path.name!r} has no known ending; use one of {', '.join(ENDINGS)}")
    if ending == ".md":
        from agent.export.markdown_file import markdown_text

        put(path, markdown_text(answer).encode(), replace=replace)
        return f"{path}: the answer as Markdown"
    name, result = exported(answer, handle)
    if ending == ".csv":
        from agent.export.csv_file import csv_text

        put(path, csv_text(result).encode(), replace=replace)
    else:
        from agent.export.parquet_file import write_parquet

        _through_beside(path, lambda beside: write_parquet(beside, result, _about(answer, name)), replace=replace)
    others = [other for other, one in answer.results.items() if one.rows and other != name]
    rest = f"; not in it: {', '.join(others)}" if others else ""
    return f"{path}: {len(result.rows):,} rows of {name}{rest}"


def put(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file whole or not at all. Raises BadInput when it is there and not to be replaced."""
    _through_beside(path, lambda beside: _write(beside, content), replace=replace)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _through_beside(path: Path, write: Callable[[Path], None], *, replace: bool) -> None:
    """Write beside the file, then move it there; the name is taken first, in case a file has appeared meanwhile."""
    if path.exists() and not replace:
        raise _is_there(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        if not replace:
            path.touch(exist_ok=False)
        beside.replace(path)
    except FileExistsError:
        raise _is_there(path) from None
    except OSError as fault:
        raise BadInput(f"{path} can't be written: {fault.strerror or fault}") from None
    finally:
        beside.unlink(missing_ok=True)


def _is_there(path: Path) -> BadInput:
    return BadInput(f"{path} is there already; name another file, or add the word `replace`")


def _about(answer: Answer, handle: str) -> Mapping[str, str]:
    evidence = answer.results[handle].evidence
    return {
        "outlay.answer": answer.id,
        "outlay.result": handle,
        "outlay.question": answer.question,
        "outlay.as_of": answer.as_of.isoformat(),
        "outlay.period": f"{evidence.period.start}/{evidence.period.end}" if evidence.period else "",
        "outlay.sql": evidence.sql,
        "outlay.parameters": json.dumps([str(value) for value in evidence.parameters]),
        "outlay.caveats": json.dumps(list(evidence.caveats)),
    }
