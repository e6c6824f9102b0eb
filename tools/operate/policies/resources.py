"""Every kind of thing that a rule can be about, by name."""

from collections.abc import Mapping

from tools.domain.errors import UnknownName
from tools.operate.policies.kinds.budget import BUDGET
from tools.operate.policies.kinds.charge import CHARGE
from tools.operate.policies.kinds.gpu_machine import GPU_MACHINE
from tools.operate.policies.kinds.idle_gpu import IDLE_GPU
from tools.operate.policies.kinds.llm_usage import LLM_USAGE
from tools.operate.policies.kinds.planned import PLANNED
from tools.operate.policies.kinds.run import RUN
from tools.operate.policies.resource import ResourceKind

RESOURCES: Mapping[str, ResourceKind] = {
    one.name: one for one in (GPU_MACHINE, LLM_USAGE, CHARGE, RUN, BUDGET, IDLE_GPU, PLANNED)
}


def resource_named(name: str) -> ResourceKind:
    """Raises UnknownName."""
    if name not in RESOURCES:
        raise UnknownName("resource", name, tuple(RESOURCES))
    return RESOURCES[name]
