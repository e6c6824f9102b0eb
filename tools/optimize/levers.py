"""Every lever there is, in the order in which a person would read them."""

from tools.optimize.commitments.levers import COMMITMENT_LEVERS
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
