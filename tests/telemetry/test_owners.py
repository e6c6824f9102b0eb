"""Whose a process is, from the text of cgroup files as kernels and schedulers write them."""

import pytest

from tools.telemetry.owners import Process, container_id, main_owner, owner_of, pod_uid, slurm_job

UID = "0a1b2c3d-1111-2222-3333-444455556666"
BOX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("cgroup", "uid", "container"),
    [
        (f"11:memory:/kubepods/burstable/pod{UID}/{BOX}\n10:cpu:/kubepods/burstable/pod{UID}/{BOX}\n", UID, BOX),
        (
            f"0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{UID.replace('-', '_')}.slice/"
            f"cri-containerd-{BOX}.scope\n",
            UID,
            BOX,
        ),
        (f"0::/system.slice/docker-{BOX}.scope\n", None, BOX),
        ("0::/user.slice/user-1000.slice/session-3.scope\n", None, None),
        ("", None, None),
    ],
)
def test_pods_and_containers_are_found_in_cgroups_of_both_versions(
    cgroup: str, uid: str | None, container: str | None
) -> None:
    assert (pod_uid(cgroup), container_id(cgroup)) == (uid, container)


@pytest.mark.parametrize(
    ("cgroup", "environment", "job"),
    [
        ("5:memory:/slurm/uid_1000/job_4711/step_0/task_0\n", {}, "4711"),
        ("0::/system.slice/slurmstepd.scope/job_4711/step_batch/user/task_0\n", {"SLURM_JOB_ID": "1"}, "4711"),
        ("0::/user.slice\n", {"SLURM_JOB_ID": "12"}, "12"),
        ("0::/user.slice\n", {}, None),
    ],
)
def test_a_slurm_job_is_its_cgroups_before_its_environments(
    cgroup: str, environment: dict[str, str], job: str | None
) -> None:
    assert slurm_job(cgroup, environment) == job


def test_the_owner_is_what_was_said_then_the_job_then_the_pod_then_the_user() -> None:
    slurm = "0::/system.slice/slurmstepd.scope/job_7/step_0\n"
    pod = f"0::/kubepods/pod{UID}/{BOX}\n"
    named = [
        owner_of(Process(1, cgroup=slurm, environment={"OUTLAY_OWNER": "team-a"}, user="ada")),
        owner_of(Process(1, cgroup=slurm, user="ada")),
        owner_of(Process(1, cgroup=pod, user="root")),
        owner_of(Process(1, cgroup=f"0::/docker/{BOX}\n")),
        owner_of(Process(1, environment={"PBS_JOBID": "88.head"}, user="ada")),
        owner_of(Process(1, user="ada")),
        owner_of(Process(1)),
    ]
    assert [one.name if one else None for one in named] == [
        "team-a", "slurm:7", f"pod:{UID}", f"container:{BOX[:12]}", "job:88.head", "user:ada", None,
    ]  # fmt: skip


def test_a_shared_gpu_is_its_largest_holders() -> None:
    processes = [
        Process(1, 10.0, user="ada"),
        Process(2, 6.0, user="bob"),
        Process(3, 6.0, user="bob"),
        Process(4, 99.0),
    ]
    owner = main_owner(processes)
    assert owner is not None
    assert owner.name == "user:bob"
