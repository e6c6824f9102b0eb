"""Training configs with their truth: hours as named, or 6 × parameters × tokens over what the cards do."""

import json
import random
from fractions import Fraction
from typing import Any

import yaml

from evals.plan_check.truth import Part, Plan, Truth, exactly, teraflops

MFU = (Fraction(30, 100), Fraction(46, 100))


def training_plan(rng: random.Random, number: int) -> Plan:
    form = rng.choice(
        ("hours", "hour range", "tokens", "trainer", "axolotl", "adapter", "mixture", "words", "epochs", "no card")
    )
    value, truth = _FORMS[form](rng)
    text = json.dumps(value, indent=2) if rng.random() < 0.3 else yaml.safe_dump(value, sort_keys=False)
    return Plan(f"train-{number}.yaml", text, truth, (form,))


Made = tuple[dict[str, Any], Truth]


def _card(rng: random.Random) -> str:
    return rng.choice(("H100", "A100", "L40S", "V100"))


def _hours(rng: random.Random) -> Made:
    card, gpus, hours = _card(rng), rng.choice((1, 8, 16)), rng.randint(1, 90)
    if rng.random() < 0.5:
        nodes = rng.randint(1, 4)
        own: dict[str, Any] = {"nodes": nodes, "gpus_per_node": gpus, "card": card, "hours": hours}
        gpus *= nodes
    else:
        own = {"gpus": gpus, "card": card, "hours": hours}
    return {"training": own}, Truth((Part(exactly(gpus), exactly(hours), card=card),))


def _range(rng: random.Random) -> Made:
    card, gpus, low = _card(rng), rng.choice((2, 4)), rng.randint(1, 40)
    own = {"gpus": gpus, "card": card, "hours": [low, low + 12]}
    return {"training": own}, Truth((Part(exactly(gpus), (Fraction(low), Fraction(low + 12)), card=card),))


def _reckoned(card: str, gpus: int, parameters: int, tokens: int, each: int, mfu: tuple[Fraction, Fraction]) -> Truth:
    peak = teraflops(card) * 10**12 * 3600 * gpus
    flops = Fraction(each * parameters * tokens)
    return Truth((Part(exactly(gpus), (flops / (peak * mfu[1]), flops / (peak * mfu[0])), card=card),))


def _tokens(rng: random.Random) -> Made:
    card, gpus = _card(rng), rng.choice((8, 64))
    parameters, size = rng.choice(((7 * 10**9, "7e9"), (70 * 10**9, "70B"), (350 * 10**6, "350M")))
    tokens, amount = rng.choice(((2 * 10**11, "2e11"), (10**12, "1T"), (5 * 10**10, "50B")))
    own: dict[str, Any] = {"gpus": gpus, "card": card, "parameters": size, "tokens": amount}
    mfu = MFU
    if rng.random() < 0.4:
        own["mfu"], mfu = [0.35, 0.4], (Fraction(35, 100), Fraction(40, 100))
    return {"training": own}, _reckoned(card, gpus, parameters, tokens, 6, mfu)


def _trainer(rng: random.Random) -> Made:
    """TrainingArguments: steps × batch of a device × accumulation × devices × sequence length."""
    card, gpus, steps, batch, whole = _card(rng), rng.choice((1, 8)), rng.choice((500, 10000)), 4, rng.choice((1, 8))
    value = {
        "model_name_or_path": "meta-llama/Llama-3.1-8B", "output_dir": "out", "learning_rate": 2e-5, "max_steps": steps,
        "per_device_train_batch_size": batch, "gradient_accumulation_steps": whole, "max_seq_length": 2048,
        "outlay": {"gpus": gpus, "card": card},
    }  # fmt: skip
    return value, _reckoned(card, gpus, 8 * 10**9, steps * batch * whole * gpus * 2048, 6, MFU)


def _axolotl(rng: random.Random) -> Made:
    card, gpus, steps = _card(rng), 8, rng.choice((200, 3000))
    value = {
        "base_model": "Qwen/Qwen2.5-1.5B", "datasets": [{"path": "x", "type": "alpaca"}], "sequence_len": 4096,
        "micro_batch_size": 2, "gradient_accumulation_steps": 4, "max_steps": steps, "num_epochs": 1,
        "outlay": {"gpus": gpus, "card": card},
    }  # fmt: skip
    return value, _reckoned(card, gpus, 1_500_000_000, steps * 2 * 4 * gpus * 4096, 6, MFU)


def _adapter(rng: random.Random) -> Made:
    """With LoRA the weights get no gradient: four FLOPs a parameter and token."""
    value, _ = _axolotl(rng)
    value |= {"adapter": rng.choice(("lora", "qlora")), "lora_r": 16}
    card, gpus, steps = value["outlay"]["card"], value["outlay"]["gpus"], value["max_steps"]
    return value, _reckoned(card, gpus, 1_500_000_000, steps * 2 * 4 * gpus * 4096, 4, MFU)


def _mixture(rng: random.Random) -> Made:
    """The name of a mixture of experts does not tell its active parameters."""
    value, _ = _axolotl(rng)
    value["base_model"] = rng.choice(("mistralai/Mixtral-8x7B-v0.1", "Qwen/Qwen3-30B-A3B"))
    return value, Truth(unpriceable=1)


def _words(rng: random.Random) -> Made:
    return {"training": {"gpus": "eight", "card": "H100", "hours": 10}}, Truth(unpriceable=1)


def _epochs(rng: random.Random) -> Made:
    """Epochs over a data set of unknown size: nobody can tell the tokens."""
    value, _ = _axolotl(rng)
    del value["max_steps"]
    return value, Truth(unpriceable=1)


def _no_card(rng: random.Random) -> Made:
    return {"training": {"gpus": 8, "hours": 10, "card": rng.choice((None, "quantum-1"))}}, Truth(unpriceable=1)


_FORMS = {
    "hours": _hours, "hour range": _range, "tokens": _tokens, "trainer": _trainer, "axolotl": _axolotl,
    "adapter": _adapter, "mixture": _mixture, "words": _words, "epochs": _epochs, "no card": _no_card,
}  # fmt: skip
