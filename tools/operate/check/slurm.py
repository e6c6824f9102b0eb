"""A Slurm batch script: GPUs per node, task or job, nodes, array and time limit.

Source: sbatch(1). A job is priced at its time limit, as that is what it may take; one that ends sooner costs less.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.errors import BadInput
from tools.operate.check.instances import NamedCard, named_card
from tools.operate.check.mig import part_of_gpu
from tools.operate.check.numbers import count_of
from tools.operate.check.options import CheckOptions
from tools.operate.check.planned import ONE, Machines, PlannedResource
from tools.operate.check.slurm_directives import Directive, jobs_of
from tools.operate.check.slurm_time import hours_of
from tools.operate.check.source import Source
from tools.operate.check.span import Span

LARGEST_INDEX = 4_000_000
"""Source: slurm.conf(5), MaxArraySize."""
NO_LIMIT = "the script names no time limit (#SBATCH --time); give --hours"
_GRES = re.compile(r"^(?:gres[/:])?gpu(?:[:=/](?P<rest>.*))?$", re.I)
_ASKS = ("gpus", "tres-per-job", "gpus-per-task", "tres-per-task", "gres", "gpus-per-node", "tres-per-node",
         "gpus-per-socket")  # fmt: skip
"""Options that ask for GPUs, those first that say how many in all."""
_MULTIPLES = {"k": 1024, "m": 1024**2}


@dataclass(frozen=True)
class _Asked:
    """GPUs that an option asks for."""

    count: Decimal
    type: str | None


def read_slurm(source: Source, options: CheckOptions) -> tuple[PlannedResource, ...]:
    """One resource for each part of the job that asks for GPUs; none for a job without. Raises BadInput."""
    jobs = jobs_of(source.text)
    shared = jobs[0]
    found = []
    for number, own in enumerate(jobs):
        job = (
            own if number == 0 else {**{k: v for k, v in shared.items() if k in ("time", "account", "job-name")}, **own}
        )
        try:
            found += _job(source, job, options, number if len(jobs) > 1 else None)
        except ValueError as fault:
            raise BadInput(f"{source.name}: {fault}") from None
    return tuple(found)


def _job(source: Source, job: dict[str, Directive], options: CheckOptions, part: int | None) -> list[PlannedResource]:
    asks = next((name for name in _ASKS if name in job and _gpus(name, job[name].value)), None)
    if asks is None:
        return []
    asked = _gpus(asks, job[asks].value)
    assert asked is not None
    machines = _machines(job, asks, asked, options)
    hours, lacks = _hours(job, options)
    runs, at_once = _array(job)
    name = job["job-name"].value if "job-name" in job else source.name.rpartition("/")[2]
    return [
        PlannedResource(
            format="slurm",
            kind="Slurm job",
            address=name if part is None else f"{name}+{part}",
            machines=machines,
            hours=hours,
            file=source.name,
            line=job[asks].line,
            runs=runs,
            at_once=at_once,
            owner=options.team or (job["account"].value if "account" in job else None),
            lacks_hours=lacks,
            notes=(f"an array of {runs} tasks",) if "array" in job else (),
        )
    ]


def _gpus(option: str, value: str) -> _Asked | None:
    """What an option asks for; None where it asks for no GPUs. Raises ValueError for a count that is none."""
    total: _Asked | None = None
    for one in value.split(","):
        if option.startswith("gpus"):
            kind, _, count = one.rpartition(":")
            asked = _Asked(Decimal(_count(option, count)), kind or None)
        else:
            found = _GRES.match(one.strip())
            if found is None:
                continue
            asked = _of_gres(option, found["rest"])
        same = total is None or total.type == asked.type
        total = asked if total is None else _Asked(total.count + asked.count, total.type if same else None)
    return total if total is not None and total.count else None


def _of_gres(option: str, rest: str | None) -> _Asked:
    """`gpu`, `gpu:4`, `gpu:h100`, `gpu:h100:4`, `gpu:h100:4(S:0-1)`."""
    parts = re.sub(r"\(.*\)$", "", rest or "").replace("=", ":").split(":") if rest else []
    if not parts:
        return _Asked(Decimal(1), None)
    if re.fullmatch(r"\d+[kKmM]?", parts[-1]):
        return _Asked(Decimal(_count(option, parts[-1])), ":".join(parts[:-1]) or None)
    if len(parts) == 1 and re.match(r"^[A-Za-z]", parts[0]) and "$" not in parts[0]:
        return _Asked(Decimal(1), parts[0])
    raise ValueError(f"--{option} asks for {rest!r} GPUs, which is no number")


def _count(option: str, text: str) -> int:
    found = re.fullmatch(r"(\d+)([kKmM]?)", text.strip())
    if found is None:
        raise ValueError(f"--{option} asks for {text!r} GPUs, which is no number")
    return int(found[1]) * _MULTIPLES.get(found[2].lower(), 1)


def _machines(job: dict[str, Directive], asks: str, asked: _Asked, options: CheckOptions) -> Machines:
    card, notes = _card(job, asked, options)
    part = part_of_gpu(asked.type or "", card.card if card else None)
    each = Span.of(asked.count) if part is None else part.times(asked.count)
    if part is not None:
        notes = (*notes, f"MIG instances {asked.type}: between their shares of compute and of memory")
    count, lacks = _times(job, asks)
    if count is not None and not count.is_exact and "nodes" not in job:
        notes = (*notes, "it names tasks but no nodes (--nodes): between one node, and one for each task")
    if "exclusive" in job:
        notes = (*notes, "it takes its nodes alone (--exclusive): only the GPUs that it asks for are counted")
    return Machines(
        cards=(card.card,) if card else (),
        memory_gib=card.memory_gib if card and part is None else None,
        gpus=each,
        count=count,
        is_share=True,
        lacks=lacks or _lacks_card(card, asked),
        notes=notes,
    )


def _card(job: dict[str, Directive], asked: _Asked, options: CheckOptions) -> tuple[NamedCard | None, tuple[str, ...]]:
    """By the type that is asked for; without one by the partition's or a constraint's name, else as it was said."""
    if named := _card_name(asked):
        return named_card(named), ()
    for option in ("constraint", "partition"):
        if option in job and "," not in job[option].value and (card := named_card(job[option].value)):
            return card, (f"{card.card} by the name of the {option}",)
    card = named_card(options.card) if options.card else None
    return card, ((f"{card.card} as was said by --card",) if card else ())


def _lacks_card(card: NamedCard | None, asked: _Asked) -> str | None:
    if card is not None:
        return None
    named = _card_name(asked)
    return f"{named} is no card that is known" if named else "which card it asks for is not named; give --card"


def _card_name(asked: _Asked) -> str:
    """The type without the profile of a MIG instance: `h100_3g.40gb` is h100, `1g.10gb` names no card."""
    return re.sub(r"[_-]?\dg\.\d+gb$", "", asked.type or "", flags=re.I)


def _times(job: dict[str, Directive], asks: str) -> tuple[Span | None, str | None]:
    """How many times what is asked for: nodes of an option per node, tasks of one per task, once per job."""
    nodes, tasks = _nodes(job), count_of(job["ntasks"].value) if "ntasks" in job else None
    per_node = count_of(job["ntasks-per-node"].value) if "ntasks-per-node" in job else None
    if asks in ("gpus", "tres-per-job"):
        return ONE, None
    if asks in ("gpus-per-task", "tres-per-task"):
        if tasks is not None:
            return Span.of(tasks), None
        return (nodes or ONE).times(per_node or 1), None
    sockets = 1
    if asks == "gpus-per-socket":
        found = count_of(job["sockets-per-node"].value) if "sockets-per-node" in job else None
        if found is None:
            return None, "how many sockets a node has is not said (--sockets-per-node)"
        sockets = found
    if nodes is not None:
        return nodes.times(sockets), None
    if tasks is not None and per_node:
        return Span.of(-(-tasks // per_node) * sockets), None
    return Span(Decimal(sockets), Decimal(max(tasks or 1, 1) * sockets)), None


def _nodes(job: dict[str, Directive]) -> Span | None:
    """`4`, `2-4`. Raises ValueError for anything else."""
    if "nodes" not in job:
        return None
    found = re.fullmatch(r"(\d+)([kKmM]?)(?:-(\d+)([kKmM]?))?", job["nodes"].value.strip())
    if found is None:
        raise ValueError(f"--nodes={job['nodes'].value} (line {job['nodes'].line}) is no number of nodes")
    low = int(found[1]) * _MULTIPLES.get(found[2].lower(), 1)
    high = int(found[3]) * _MULTIPLES.get(found[4].lower(), 1) if found[3] else low
    return Span(Decimal(low), Decimal(max(low, high)))


def _array(job: dict[str, Directive]) -> tuple[Decimal, Decimal]:
    """Tasks of the array, and how many of them run at once: `0-15`, `1,3,5-7`, `0-15:4`, `0-99%8`."""
    if "array" not in job:
        return Decimal(1), Decimal(1)
    text, line = job["array"].value.strip(), job["array"].line
    indexes, _, limit = text.partition("%")
    tasks: set[int] = set()
    for one in indexes.split(","):
        found = re.fullmatch(r"\[?(\d+)(?:-(\d+)(?::(\d+))?)?\]?", one.strip())
        if found is None or (found[3] is not None and int(found[3]) == 0):
            raise ValueError(f"--array={text} (line {line}) is no list of indexes")
        if int(found[2] or found[1]) > LARGEST_INDEX:
            raise ValueError(f"--array={text} (line {line}) has an index above {LARGEST_INDEX}, which Slurm refuses")
        tasks |= set(range(int(found[1]), int(found[2] or found[1]) + 1, int(found[3] or 1)))
    at_once = min(int(limit), len(tasks)) if limit.isdigit() and int(limit) else len(tasks)
    return Decimal(len(tasks)), Decimal(at_once)


def _hours(job: dict[str, Directive], options: CheckOptions) -> tuple[Span | None, str | None]:
    """The time limit, from --time-min where there is one; without a limit what was said."""
    limit = hours_of(job["time"].value) if "time" in job else None
    if limit is None:
        return (Span.of(options.hours), None) if options.hours is not None else (None, NO_LIMIT)
    least = hours_of(job["time-min"].value) if "time-min" in job else None
    return Span(min(least or limit, limit), limit), None
