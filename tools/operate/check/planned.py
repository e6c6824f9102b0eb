"""PlannedResource: what a plan would start, before it is priced."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.operate.check.span import Span

Format = Literal["terraform", "kubernetes", "slurm", "training"]
Change = Literal["run", "create", "update", "replace", "delete"]
MONTH_HOURS = Decimal(730)
"""8,760 hours of a year over 12: what a thing that runs on is priced for."""
ONE = Span.of(1)


@dataclass(frozen=True)
class Machines:
    """Alike machines, or alike shares of machines. What is not known is None, and `lacks` says why.

    `instances` and `cards`: alternatives, where the plan leaves it open which of them it will be.
    """

    instances: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    memory_gib: Decimal | None = None
    """Of one GPU, where the plan names it."""
    gpus: Span | None = None
    """Of one machine or share; None: what the instance has."""
    count: Span | None = ONE
    is_share: bool = False
    """Whether only the GPUs are taken, not a machine as a whole: a pod on a node, a job on a cluster."""
    provider: str | None = None
    region: str | None = None
    market: Literal["spot"] | None = None
    lacks: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedResource:
    """One thing of a plan. It takes machines × `runs` × `hours`; GPUs at a time are machines × `at_once`."""

    format: Format
    kind: str
    """Slurm job, Deployment, aws_instance."""
    address: str
    machines: Machines
    hours: Span | None
    """Of one run; None: not known. Of what runs on until it is stopped: a month's, unless another time was named."""
    file: str
    line: int
    change: Change = "run"
    before: Machines | None = None
    """What it is now, of an update, a replacement or a deletion."""
    is_open: bool = False
    """Whether it runs on until it is stopped."""
    runs: Decimal = Decimal(1)
    """How often it runs: tasks of an array, runs of a month."""
    at_once: Decimal = Decimal(1)
    owner: str | None = None
    lacks_hours: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_run(self) -> bool:
        """Whether it is work that ends, as a training run does."""
        return not self.is_open and self.change == "run"
