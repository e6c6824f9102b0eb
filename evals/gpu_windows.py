"""DCGM-like windows with a known truth: what a GPU really did, as an exporter would have seen it.

Independent of the classifier: nothing here reads its limits. A window is a lane for some hours, sampled every 15 to
60 s.
Traps are windows that look idle by one signal and are not to be called so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Truth = Literal["working", "idle", "zombie", "waiting", "unknown"]


class Card(NamedTuple):
    """Power in watts: empty, with a context loaded, and the board's limit; memory in GiB."""

    name: str
    empty: float
    loaded: float
    board: float
    memory: float


CARDS = (
    Card("NVIDIA H100 80GB HBM3", 70, 118, 700, 79.6),
    Card("NVIDIA H100 PCIe", 47, 82, 350, 79.6),
    Card("NVIDIA H200", 76, 124, 700, 140.4),
    Card("NVIDIA A100-SXM4-80GB", 58, 84, 400, 79.3),
    Card("NVIDIA A100-PCIE-40GB", 36, 58, 250, 39.4),
    Card("NVIDIA A10G", 16, 57, 300, 22.5),
    Card("NVIDIA L4", 12, 28, 72, 22.5),
    Card("NVIDIA L40S", 34, 82, 350, 45.0),
    Card("Tesla V100-SXM2-16GB", 38, 58, 300, 15.8),
    Card("Tesla T4", 9, 27, 70, 14.8),
)


@dataclass
class Window:
    """Samples of one lane; NaN is what the exporter does not give, `seen` false a sample that was lost."""

    kind: str
    truth: Truth
    card: Card
    interval_seconds: int
    hours: int
    sm: Floats
    dram: Floats
    tensor: Floats
    utilization: Floats
    memory_utilization: Floats
    memory: Floats
    power: Floats
    requests: Floats
    seen: npt.NDArray[np.bool_]
    workload: str = ""
    mig: str = ""
    is_trap: bool = False

    @property
    def count(self) -> int:
        return len(self.sm)


Maker = Callable[[Window, np.random.Generator], None]


def make_windows(count: int, seed: int) -> list[Window]:
    """`count` windows of all kinds in turn, the fifth of them with a signal or two missing."""
    noise = np.random.default_rng(seed)
    kinds = list(KINDS.items())
    windows = []
    for number in range(count):
        kind, (truth, is_trap, make) = kinds[number % len(kinds)]
        window = _empty(kind, truth, is_trap, noise)
        make(window, noise)
        _finish(window, noise)
        windows.append(window)
    return windows


def _empty(kind: str, truth: Truth, is_trap: bool, noise: np.random.Generator) -> Window:
    card = CARDS[noise.integers(len(CARDS))]
    interval = int(noise.choice([15, 30, 60]))
    hours = int(noise.integers(5, 25))
    size = hours * 3600 // interval
    nothing, none = np.zeros(size), np.full(size, np.nan)
    return Window(
        kind, truth, card, interval, hours,
        sm=nothing.copy(), dram=nothing.copy(), tensor=nothing.copy(), utilization=nothing.copy(),
        memory_utilization=none,
        memory=np.full(size, noise.uniform(0.0, 0.6)), power=np.full(size, card.empty), requests=none,
        seen=np.ones(size, dtype=bool), is_trap=is_trap,
    )  # fmt: skip


def _work(window: Window, where: npt.NDArray[np.bool_], level: float, noise: np.random.Generator) -> None:
    """Kernels at about `level` of the SMs in the samples of `where`."""
    size = int(where.sum())
    sm = np.clip(level * noise.lognormal(0, 0.15, size), 0, 1)
    window.sm[where] = sm
    window.dram[where] = np.clip(sm * noise.uniform(0.3, 0.9), 0, 1)
    window.tensor[where] = np.clip(sm * noise.uniform(0.1, 0.7), 0, 1)
    window.utilization[where] = np.clip(np.sqrt(sm) * noise.uniform(0.9, 1.2, size), 0, 1)
    card = window.card
    window.power[where] = card.loaded + (card.board * 0.95 - card.loaded) * np.clip(sm * 1.1, 0, 1)


def _hold(window: Window, noise: np.random.Generator, low: float = 0.1, high: float = 0.95) -> None:
    """A context with memory, which also keeps the clocks up."""
    share = noise.uniform(low, high)
    window.memory = np.full(window.count, max(1.9, window.card.memory * share))
    window.power = np.full(window.count, window.card.loaded)


def _all(window: Window) -> npt.NDArray[np.bool_]:
    return np.ones(window.count, dtype=bool)


def _training(window: Window, noise: np.random.Generator) -> None:
    _hold(window, noise, 0.4)
    _work(window, _all(window), noise.uniform(0.3, 0.95), noise)


def _checkpointing(window: Window, noise: np.random.Generator) -> None:
    """Stops for minutes at a time, as long as an hour and a half, to write or reload its state."""
    _training(window, noise)
    at = int(noise.integers(0, window.count // 6))
    while at < window.count:
        length = int(noise.uniform(5, 90) * 60 / window.interval_seconds)
        stopped = slice(at, at + length)
        for values in (window.sm, window.dram, window.tensor, window.utilization):
            values[stopped] = 0
        window.power[stopped] = window.card.loaded
        at += length + int(noise.uniform(30, 120) * 60 / window.interval_seconds)


def _narrow_kernels(window: Window, noise: np.random.Generator) -> None:
    """GPU_UTIL says 100 %, and a fiftieth of the SMs is in use."""
    _hold(window, noise)
    size = window.count
    window.utilization = np.full(size, 1.0)
    window.sm = np.clip(noise.normal(0.02, 0.003, size), 0.012, 1)
    window.dram = np.clip(noise.normal(0.004, 0.001, size), 0, 1)
    window.power = window.card.loaded * noise.normal(1.06, 0.01, size)


def _serving(window: Window, noise: np.random.Generator) -> None:
    _hold(window, noise, 0.5)
    window.requests = noise.poisson(noise.uniform(2, 200), window.count).astype(float)
    _work(window, window.requests > 0, noise.uniform(0.08, 0.5), noise)
    window.workload = "inference"


def _bursts(window: Window, noise: np.random.Generator) -> None:
    """A batch job every hour or two, for ten minutes."""
    _hold(window, noise)
    minutes = np.arange(window.count) * window.interval_seconds / 60
    _work(window, minutes % noise.uniform(60, 120) < 10, noise.uniform(0.2, 0.9), noise)


def _idle(window: Window, noise: np.random.Generator) -> None:
    """Nothing runs; a monitor or a health check looks in now and then."""
    looks = noise.random(window.count) < 0.01
    window.utilization[looks] = noise.choice([0.0, 0.01, 0.02], int(looks.sum()))
    window.sm[looks] = noise.uniform(0, 0.002, int(looks.sum()))


def _zombie(window: Window, noise: np.random.Generator) -> None:
    _hold(window, noise)
    _idle(window, noise)


def _waiting(window: Window, noise: np.random.Generator) -> None:
    """A loaded endpoint that nobody asks anything; its server counts requests, or its labels say what it is."""
    _hold(window, noise, 0.5)
    if noise.random() < 0.6:
        window.requests = np.zeros(window.count)
    else:
        window.workload = "inference"


def _rarely_asked(window: Window, noise: np.random.Generator) -> None:
    """Served a few requests, between two samples, so that no signal but the count shows them."""
    _hold(window, noise, 0.5)
    window.requests = np.zeros(window.count)
    every = max(1, int(1800 / window.interval_seconds))
    window.requests[int(noise.integers(0, every)) :: every] = 1
    window.workload = "inference"


def _gap(window: Window, noise: np.random.Generator) -> None:
    """It worked while the exporter was down, and is quiet whenever one can see it."""
    _idle(window, noise) if noise.random() < 0.5 else _zombie(window, noise)
    length = int(window.count * noise.uniform(0.15, 0.6))
    start = int(noise.integers(0, window.count - length))
    gone = np.zeros(window.count, dtype=bool)
    gone[start : start + length] = True
    window.seen = ~gone


def _only_utilization(window: Window, noise: np.random.Generator) -> None:
    """Utilisation and memory are all that is measured, and say nothing: a copy engine may be at work."""
    _zombie(window, noise)
    for name in ("sm", "dram", "tensor", "power"):
        setattr(window, name, np.full(window.count, np.nan))


def _copying(window: Window, noise: np.random.Generator) -> None:
    """No kernel runs, yet memory moves: a model is offloaded or data staged."""
    _hold(window, noise)
    window.dram = np.clip(noise.normal(0.12, 0.02, window.count), 0.02, 1)
    window.power = window.card.loaded + 0.4 * (window.card.board - window.card.loaded) * window.dram


KINDS: dict[str, tuple[Truth, bool, Maker]] = {
    "training": ("working", False, _training),
    "idle": ("idle", False, _idle),
    "zombie": ("zombie", False, _zombie),
    "checkpointing trainer": ("working", True, _checkpointing),
    "idle again": ("idle", False, _idle),
    "utilisation 100 %, SM 2 %": ("working", True, _narrow_kernels),
    "serving": ("working", False, _serving),
    "loaded endpoint, no requests": ("waiting", True, _waiting),
    "zombie again": ("zombie", False, _zombie),
    "loaded endpoint, rare requests": ("working", True, _rarely_asked),
    "gap in samples": ("unknown", True, _gap),
    "batch bursts": ("working", False, _bursts),
    "utilisation and memory only": ("unknown", True, _only_utilization),
    "copying without kernels": ("working", True, _copying),
}


def _finish(window: Window, noise: np.random.Generator) -> None:
    """Measurement noise, single lost samples, and exporters that lack a signal or see a MIG slice."""
    window.power = window.power * noise.normal(1.0, 0.015, window.count)
    window.seen &= noise.random(window.count) > 0.003
    if window.kind == "utilisation and memory only":
        return
    lacking = noise.random()
    if lacking < 0.08:
        window.dram = np.full(window.count, np.nan)
    elif lacking < 0.14:
        window.power = np.full(window.count, np.nan)
    elif lacking < 0.19:
        # Without the profiling module: what NVML gives, utilisation, memory utilisation, memory and power.
        window.memory_utilization = np.clip(np.ceil(window.dram * 130) / 100, 0, 1)
        for name in ("sm", "dram", "tensor"):
            setattr(window, name, np.full(window.count, np.nan))
    elif lacking < 0.23:
        window.mig = f"{noise.integers(1, 8)}"
        window.utilization = np.full(window.count, np.nan)
