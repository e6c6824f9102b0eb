"""Files, folders and globs as a person names them → the files that a load reads."""

import glob
import os
from collections.abc import Callable
from pathlib import Path

from tools.domain.errors import BadInput


def expand(given: Path | str, is_data: Callable[[str], bool], endings: str) -> list[Path]:
    """A file as it is; a folder's files that `is_data` by name, hidden ones left out; or what a glob matches.

    Raises:
        BadInput: nothing is there, or a folder can't be read; `endings` is what the message says would be read.
    """
    path = Path(given).expanduser()
    if path.is_dir():
        return _walk(path, is_data, endings)
    if path.exists():
        return [path]
    if any(sign in str(given) for sign in "*?["):
        matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]
        files = [file for one in matches for file in (_walk(one, is_data, endings) if one.is_dir() else [one])]
        if files:
            return files
        raise BadInput(f"no file matches {given}; the endings that are read are {endings}")
    raise BadInput(f"{given} is not there")


def _walk(folder: Path, is_data: Callable[[str], bool], endings: str) -> list[Path]:
    def refuse(fault: OSError) -> None:
        raise BadInput(f"the folder {fault.filename} can't be read: {fault.strerror}")

    files = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        files += [Path(parent) / name for name in names if not name.startswith((".", "_")) and is_data(name)]
    if not files:
        raise BadInput(f"the folder {folder} holds no file ending in {endings}")
    return files
