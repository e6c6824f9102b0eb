"""The #SBATCH lines of a script, as sbatch reads them.

Source: sbatch(1): lines before the first command count, a later one of the same option wins; what follows a # in the
line is a comment.
"""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

_DIRECTIVE = re.compile(r"^#SBATCH(?:\s+(.*))?$")
_HET = re.compile(r"^#SBATCH\s+(?:hetjob|packjob)\s*$")
_SHORT = {
    "N": "nodes", "n": "ntasks", "t": "time", "a": "array", "p": "partition", "G": "gpus", "A": "account",
    "J": "job-name", "c": "cpus-per-task", "C": "constraint", "d": "dependency", "w": "nodelist", "q": "qos",
}  # fmt: skip
_ALIASES = {"gpus-per-tasks": "gpus-per-task", "tasks-per-node": "ntasks-per-node"}


class Directive(NamedTuple):
    value: str
    line: int


def is_slurm(text: str) -> bool:
    return any(_DIRECTIVE.match(line) for line in text.splitlines())


def jobs_of(text: str) -> tuple[dict[str, Directive], ...]:
    """The options of each part of a job, by their long names; more than one for a heterogeneous job."""
    jobs: list[dict[str, Directive]] = [{}]
    for number, line in enumerate(text.splitlines(), start=1):
        if _HET.match(line):
            jobs.append({})
        elif (found := _DIRECTIVE.match(line)) is not None:
            for name, value in _options(found[1] or ""):
                jobs[-1][name] = Directive(value, number)
        elif line.strip() and not line.lstrip().startswith("#"):
            break
    return tuple(jobs)


def _options(rest: str) -> Iterator[tuple[str, str]]:
    try:
        words = shlex.split(rest, comments=True)
    except ValueError:
        words = rest.split("#")[0].split()
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            name, has, value = word[2:].partition("=")
            name = _ALIASES.get(name, name)
            if not has and words and not words[0].startswith("-"):
                value = words.pop(0)
            yield name, value
        elif re.match(r"^-[A-Za-z]", word):
            name, value = _SHORT.get(word[1], word[1]), word[2:].removeprefix("=")
            if not value and words and not words[0].startswith("-"):
                value = words.pop(0)
            yield name, value
