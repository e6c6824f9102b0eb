"""Every lever there is, in the order in which a person would read them."""

from tools.optimize.commitments.levers import COMMITMENT_LEVERS
from tools.optimize.gpu.autoscale import Autoscale
from tools.optimize.gpu.idle_gpu import IdleGpu
from tools.optimize.gpu.quota import Quota
from tools.optimize.gpu.region import Region
from tools.optimize.gpu.restarts import Restarts
from tools.optimize.gpu.rightsize import Rightsize
from tools.optimize.gpu.schedule import Schedule
from tools.optimize.gpu.sharing import Sharing
from tools.optimize.gpu.spot import Spot
from tools.optimize.lever import Lever
from tools.optimize.llm.batch import Batch
from tools.optimize.llm.distillation import Distillation
from tools.optimize.llm.model_choice import ModelChoice
from tools.optimize.llm.output_length import OutputLength
from tools.optimize.llm.prompt_cache import PromptCache
from tools.optimize.llm.prompt_length import PromptLength
from tools.optimize.llm.quantization import Quantization
from tools.optimize.llm.response_cache import ResponseCache
from tools.optimize.llm.retries import Retries
from tools.optimize.llm.self_hosting import SelfHosting
from tools.optimize.llm.serving_batching import ServingBatching
from tools.optimize.llm.tier import Tier
from tools.optimize.llm.unused_models import UnusedModels

LEVERS: tuple[Lever, ...] = (
    IdleGpu(),
    Rightsize(),
    Schedule(),
    Autoscale(),
    Sharing(),
    Quota(),
    Restarts(),
    Spot(),
    Region(),
    Batch(),
    PromptCache(),
    ResponseCache(),
    ModelChoice(),
    PromptLength(),
    OutputLength(),
    Retries(),
    Tier(),
    Distillation(),
    SelfHosting(),
    ServingBatching(),
    Quantization(),
    UnusedModels(),
    *COMMITMENT_LEVERS,
)
