"""A plan's file read by whoever knows its form, which its content tells, not its name."""

import json
from collections.abc import Mapping
from typing import Any

from tools.domain.errors import BadInput
from tools.operate.check.kubernetes import is_kubernetes, read_kubernetes
from tools.operate.check.options import CheckOptions
from tools.operate.check.planned import Format, PlannedResource
from tools.operate.check.slurm import read_slurm
from tools.operate.check.slurm_directives import is_slurm
from tools.operate.check.source import Source, documents
from tools.operate.check.terraform import is_terraform, read_terraform
from tools.operate.check.training import is_training, read_training

FORMS = (
    "a Terraform plan (terraform show -json PLAN), Kubernetes manifests, a Slurm script (#SBATCH), or a training "
    "config (TrainingArguments, axolotl, or training: {gpus, card, hours})"
)


def read_plan(source: Source, options: CheckOptions) -> tuple[Format, tuple[PlannedResource, ...]]:
    """The form of a plan, and what it would start. Raises BadInput for what is none of the forms."""
    if is_slurm(source.text):
        return "slurm", read_slurm(source, options)
    value = _json(source)
    if is_terraform(value):
        return "terraform", read_terraform(source, value, options)
    if source.text.startswith("#!"):
        raise BadInput(f"{source.name} is a script without #SBATCH lines; what can be checked is {FORMS}")
    found = documents(source)
    if is_kubernetes(found):
        return "kubernetes", read_kubernetes(source, found, options)
    if is_training(found):
        return "training", read_training(source, found, options)
    raise BadInput(f"{source.name} is none of the plans that are known; what can be checked is {FORMS}")


def _json(source: Source) -> Any:
    """The value of a JSON text; None for what is none."""
    if not source.text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(source.text, parse_float=str)
    except ValueError:
        return None
    return value if isinstance(value, Mapping) else None
