"""Slurm scripts with their truth, from sbatch(1)."""

import random
from fractions import Fraction

from evals.plan_check.truth import Part, Plan, Truth, exactly

CARDS = {
    "h100": "H100",
    "a100": "A100",
    "v100": "V100",
    "l40s": "L40S",
    "t4": "T4",
    "nvidia_h200": "H200",
    "H100": "H100",
}
SHORT = {"time": "t", "nodes": "N", "array": "a", "partition": "p", "gpus": "G", "account": "A", "ntasks": "n"}


def slurm_plan(rng: random.Random, number: int) -> Plan:
    """A job of one of many forms, or a trap."""
    trap = rng.choice(
        (None, None, None, None, "no limit", "zero limit", "no gpus", "no card", "words", "mig", "time-min")
    )
    lines, traps = [], [trap] if trap else []
    name, card = rng.choice(list(CARDS.items()))
    typed = "" if trap == "no card" else f"{name}:"
    count = rng.choice((1, 2, 4, 8))
    options: dict[str, str] = {"job-name": f"job-{number}"}
    units = _gpus(rng, options, typed, count, traps)
    hours = _time(rng, options, traps)
    runs = _array(rng, options, traps)
    share = (Fraction(1), Fraction(1))
    if trap == "mig":
        options, units, card, share = _mig(rng, options, units, count)
    if trap == "no limit":
        options.pop("time", None)
        options.pop("time-min", None)
    if trap == "zero limit":
        options["time"] = "0"
        options.pop("time-min", None)
    if trap == "no gpus":
        for key in ("gres", "gpus", "gpus-per-node", "gpus-per-task"):
            options.pop(key, None)
    if trap == "words":
        key = next(k for k in ("gres", "gpus", "gpus-per-node", "gpus-per-task") if k in options)
        options[key] = options[key].rpartition(":")[0] + ":two" if ":" in options[key] else "two"
        if key == "gres":
            options[key] = f"gpu:{name}:two"
    lines = _script(rng, options, traps)
    truth = _truth(trap, units, share, hours, runs, card)
    return Plan(f"slurm-{number}.sh", "\n".join(lines) + "\n", truth, tuple(traps))


def _truth(trap, units, share, hours, runs, card) -> Truth:  # type: ignore[no-untyped-def]
    if trap == "words":
        return Truth(refused=True)
    if trap == "no gpus":
        return Truth(resources=0)
    if trap in ("no limit", "zero limit", "no card"):
        return Truth(unpriceable=1)
    both = (units[0] * share[0], units[1] * share[1])
    return Truth((Part(both, hours, runs, card=card),))


def _gpus(
    rng: random.Random, options: dict[str, str], typed: str, count: int, traps: list[str]
) -> tuple[Fraction, Fraction]:
    """GPUs at a time of one task of the array."""
    nodes = rng.choice((1, 2, 3, 4))
    form = rng.choice(
        ("gres", "gres one", "gpus", "gpus-per-node", "gpus-per-task", "tasks per node", "node range", "tasks only")
    )
    if form == "gpus":
        options["gpus"] = f"{typed}{count * 2}"
        if rng.random() < 0.5:
            options["nodes"] = str(nodes)
        return exactly(count * 2)
    if form == "gres one":
        options["gres"] = f"gpu:{typed.rstrip(':')}" if typed else "gpu"
        options["nodes"] = str(nodes)
        return exactly(nodes)
    if form == "gpus-per-task":
        options["gpus-per-task"], options["ntasks"] = f"{typed}{count}", str(nodes * 2)
        return exactly(count * nodes * 2)
    if form == "tasks per node":
        tasks, each = rng.choice(((8, 4), (7, 2), (16, 8)))
        options |= {"gres": f"gpu:{typed}{count}", "ntasks": str(tasks), "ntasks-per-node": str(each)}
        return exactly(count * -(-tasks // each))
    if form == "tasks only":
        options |= {"gres": f"gpu:{typed}{count}", "ntasks": "4"}
        traps.append("tasks without nodes")
        return Fraction(count), Fraction(4 * count)
    if form == "node range":
        options |= {"gpus-per-node": f"{typed}{count}", "nodes": f"{nodes}-{nodes + 2}"}
        traps.append("node range")
        return Fraction(count * nodes), Fraction(count * (nodes + 2))
    if form == "gres":
        socket = rng.choice(("", "(S:0-1)")) if typed else ""
        options["gres"] = f"gpu:{typed}{count}{socket}"
        if rng.random() < 0.2:
            options["gres"] = f"craynetwork:1,{options['gres']}"
    else:
        options["gpus-per-node"] = f"{typed}{count}"
    if rng.random() < 0.8:
        options["nodes"] = str(nodes)
        return exactly(count * nodes)
    traps.append("nodes left out")
    return exactly(count)


def _time(rng: random.Random, options: dict[str, str], traps: list[str]) -> tuple[Fraction, Fraction]:
    """A limit in one of the six forms; seconds are rounded up to the minute."""
    days, hours, minutes, seconds = rng.randint(1, 3), rng.randint(0, 23), rng.randint(1, 59), rng.choice((0, 0, 30, 1))
    up = 1 if seconds else 0
    forms = {
        f"{minutes * 3}": minutes * 3,
        f"{minutes}:{seconds:02}": minutes + up,
        f"{hours}:{minutes:02}:{seconds:02}": hours * 60 + minutes + up,
        f"{days}-{hours}": days * 1440 + hours * 60,
        f"{days}-{hours:02}:{minutes:02}": days * 1440 + hours * 60 + minutes,
        f"{days}-{hours:02}:{minutes:02}:{seconds:02}": days * 1440 + hours * 60 + minutes + up,
    }
    text, total = rng.choice(list(forms.items()))
    options["time"] = text
    if ":" not in text and "-" not in text:
        traps.append("minutes only")
    if "time-min" in traps:
        options["time-min"] = "1"
        return Fraction(min(1, total), 60), Fraction(total, 60)
    return Fraction(total, 60), Fraction(total, 60)


def _array(rng: random.Random, options: dict[str, str], traps: list[str]) -> Fraction:
    if rng.random() < 0.55:
        return Fraction(1)
    traps.append("array")
    text, tasks = rng.choice(
        (("0-15", 16), ("1,3,5,7", 4), ("0-15:4", 4), ("1-10%2", 10), ("0,6,16-32", 19), ("1-7:2%3", 4), ("5", 1),
         ("1-4,3-6", 6))
    )  # fmt: skip
    options["array"] = text
    return Fraction(tasks)


def _mig(rng, options, units, count):  # type: ignore[no-untyped-def]
    """Instances of an H100 of 80 GB: compute in sevenths, memory in eighths."""
    profile, compute, memory = rng.choice(
        (("1g.10gb", 1, 1), ("2g.20gb", 2, 2), ("3g.40gb", 3, 4), ("4g.40gb", 4, 4), ("7g.80gb", 7, 8))
    )
    kept = {k: v for k, v in options.items() if k in ("job-name", "time", "time-min", "array")}
    shares = sorted((Fraction(compute, 7), Fraction(memory, 8)))
    kept |= {"gres": f"gpu:h100_{profile}:{count}", "nodes": "1"}
    return kept, exactly(count), "H100", (shares[0], shares[1])


def _script(rng: random.Random, options: dict[str, str], traps: list[str]) -> list[str]:
    lines = ["#!/bin/bash"]
    for key, value in options.items():
        if key in SHORT and rng.random() < 0.3:
            line = f"#SBATCH -{SHORT[key]} {value}"
        else:
            line = f"#SBATCH --{key}{rng.choice(('=', ' '))}{value}"
        if rng.random() < 0.2:
            line += "   # as agreed; --nodes=99"
            traps.append("comment in line")
        lines.append(line)
        if rng.random() < 0.15:
            lines.append(rng.choice(("##SBATCH --gres=gpu:h100:64", "# SBATCH --time=99-0", "# a remark", "")))
            traps.append("comment")
    if rng.random() < 0.2:
        lines.insert(1, "#SBATCH --job-name=before")
        traps.append("repeated option")
    lines += ["", "module load cuda", "srun python train.py"]
    if rng.random() < 0.25:
        lines.append("#SBATCH --gpus=512")
        traps.append("after the first command")
    return lines
