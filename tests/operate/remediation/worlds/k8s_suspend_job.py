"""Jobs and CronJobs, and some that have ended, are suspended, or are Kueue's."""

from tests.operate.remediation.worlds import Scene, Unfit
from tests.operate.remediation.worlds.kubernetes import KubernetesWorld, unreachable
from tests.operate.remediation.worlds.kubernetes_pods import cron_job, job
from tools.operate.remediation.actions.kubernetes.k8s_suspend_job import KUEUE
from tools.operate.remediation.actions.kubernetes.kinds import CRON_JOB, JOB


class TheWorld(KubernetesWorld):
    scenarios = ("Jobs", "CronJobs")

    def scene(self, scenario: str) -> Scene:
        self.emptied()
        kind, spec = (CRON_JOB, cron_job) if scenario == "CronJobs" else (JOB, job)
        targets = tuple(self.make(kind, name, spec(suspend=False)) for name in ("train", "tune", "score"))
        held = self.make(kind, "held", spec(suspend=True))
        unfit = [Unfit(held, "suspended already"), *unreachable(held)]
        unfit.append(Unfit(self.make(kind, "queued", spec(suspend=False), labels={KUEUE: "gpus"}), "Kueue"))
        if kind is JOB:
            unfit.append(Unfit(self.make(JOB, "over", spec(suspend=False)), "has ended"))
            self.merge(JOB, "over", {"status": {"conditions": [{"type": "Complete", "status": "True"}]}}, "status")
        return Scene(targets, tuple(unfit))
