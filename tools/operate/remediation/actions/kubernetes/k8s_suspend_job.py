"""k8s_suspend_job: suspend Jobs and CronJobs. A Job's running pods are ended; a CronJob starts no more Jobs."""

from collections.abc import Sequence

from tools.domain.remediation import Seen, State
from tools.operate.remediation.action import NotApplicable, Parameters
from tools.operate.remediation.actions.kubernetes.access import Json
from tools.operate.remediation.actions.kubernetes.json_patch import Operation, put, unless_changed
from tools.operate.remediation.actions.kubernetes.kinds import CRON_JOB, JOB, Located
from tools.operate.remediation.actions.kubernetes.object_action import ObjectAction

KUEUE = "kueue.x-k8s.io/queue-name"
"""The label of a job that Kueue suspends and resumes by its own quota: https://kueue.sigs.k8s.io/docs/tasks/run/jobs/"""
ENDED = frozenset({"Complete", "Failed", "SuccessCriteriaMet", "FailureTarget"})
"""Conditions of a Job that does not run any more, or is about to end."""


class K8sSuspendJob(ObjectAction):
    """State: {"kind": "Job", "suspend": false}, and `ended` where a Job has."""

    name = "k8s_suspend_job"
    title = "Suspend Jobs and CronJobs"
    parameters_type = Parameters
    reads = frozenset({"get jobs", "get cronjobs", "get namespaces", "dry-run:patch jobs", "dry-run:patch cronjobs"})
    writes = frozenset({"patch jobs", "patch cronjobs"})
    undoes = writes
    most_targets = 50
    risk = "high"
    rollback = "they are resumed; a Job starts its pods anew, and only what it kept in checkpoints is not lost"
    kinds = (JOB, CRON_JOB)

    def state(self, at: Located, found: Json) -> State:
        conditions = (found.get("status") or {}).get("conditions") or ()
        ended = any(one["type"] in ENDED and one["status"] == "True" for one in conditions)
        suspend = bool(found["spec"].get("suspend"))
        return {"kind": at.kind.name, "suspend": suspend, **({"ended": True} if ended else {})}

    def foresee(self, now: Seen, parameters: Parameters) -> State:
        """Raises NotApplicable: it is suspended, has ended, or Kueue decides when it runs."""
        if now.state.get("ended"):
            raise NotApplicable("it has ended; only a job that runs or waits can be suspended")
        if now.state["suspend"]:
            raise NotApplicable("it is suspended already; only a job that runs or waits can be")
        if KUEUE in now.tags:
            raise NotApplicable("Kueue suspends and resumes it; its queue's quota is what would hold it back")
        return {**now.state, "suspend": True}

    def operations(self, found: Json, before: State, after: State) -> Sequence[Operation]:
        path = ("spec", "suspend")
        return (unless_changed(found, *path), *put(found, after["suspend"], *path))
