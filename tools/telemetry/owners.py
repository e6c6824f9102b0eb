"""Whose process that is: pure functions over the text of /proc/<pid>/cgroup and a few environment variables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

VARIABLES = ("OUTLAY_OWNER", "SLURM_JOB_ID", "SLURM_JOB_USER", "SLURM_JOB_ACCOUNT", "PBS_JOBID", "LSB_JOBID", "JOB_ID",
             "RAY_JOB_ID", "POD_NAME", "POD_NAMESPACE", "USER")  # fmt: skip
"""The only environment variables that are looked at, or recorded: an environment holds secrets."""
_POD = re.compile(r"pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})")
_CONTAINER = re.compile(r"(?:^|[/-])([0-9a-f]{64})(?:\.scope)?(?:/|$)", re.MULTILINE)
_SLURM = re.compile(r"(?:^|/)job_(\d+)(?:/|$)", re.MULTILINE)


@dataclass(frozen=True)
class Process:
    """What is known of a process that holds GPU memory."""

    pid: int
    used_gib: float = 0.0
    mig: int | None = None
    """The GPU instance it runs on."""
    cgroup: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)
    user: str | None = None


@dataclass(frozen=True)
class Owner:
    """`name` says what kind of owner it is: `pod:<uid>`, `slurm:<job>`, `user:<name>`; labels are `x_` columns."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)


def pod_uid(cgroup: str) -> str | None:
    """The uid of the Kubernetes pod in the text of a cgroup file (v1, v2, systemd's spelling with underscores)."""
    found = _POD.search(cgroup)
    return found[1].replace("_", "-") if found else None


def container_id(cgroup: str) -> str | None:
    """The 64 hex digits by which Docker, containerd and CRI-O name a container."""
    found = _CONTAINER.search(cgroup)
    return found[1] if found else None


def slurm_job(cgroup: str, environment: Mapping[str, str]) -> str | None:
    """The job's id, from its cgroup, else from its environment, which a job could have changed."""
    found = _SLURM.search(cgroup)
    return found[1] if found else environment.get("SLURM_JOB_ID") or None


def owner_of(process: Process) -> Owner | None:
    """OUTLAY_OWNER as it stands, else the Slurm job, the pod, another scheduler's job, the user; None for none."""
    environment = process.environment
    labels: dict[str, str] = {}
    job, pod = slurm_job(process.cgroup, environment), pod_uid(process.cgroup)
    if job:
        labels["x_SlurmJob"] = job
        if account := environment.get("SLURM_JOB_ACCOUNT"):
            labels["x_SlurmAccount"] = account
    if pod:
        labels["x_PodUid"] = pod
    user = environment.get("SLURM_JOB_USER") or process.user or environment.get("USER")
    if user:
        labels["x_User"] = user
    batch = next(
        (environment[name] for name in ("PBS_JOBID", "LSB_JOBID", "RAY_JOB_ID") if environment.get(name)), None
    )
    candidates = (
        environment.get("OUTLAY_OWNER"),
        job and f"slurm:{job}",
        pod and f"pod:{pod}",
        batch and f"job:{batch}",
        container_id(process.cgroup) and f"container:{(container_id(process.cgroup) or '')[:12]}",
        user and f"user:{user}",
    )
    name = next((one for one in candidates if one), None)
    return Owner(name, labels) if name else None


def main_owner(processes: Sequence[Process]) -> Owner | None:
    """The owner that holds most memory of a GPU; None when no process is anybody's."""
    held: dict[str, float] = {}
    known: dict[str, Owner] = {}
    for process in processes:
        if (owner := owner_of(process)) is not None:
            known.setdefault(owner.name, owner)
            held[owner.name] = held.get(owner.name, 0.0) + process.used_gib
    return known[max(held, key=lambda name: (held[name], name))] if held else None
