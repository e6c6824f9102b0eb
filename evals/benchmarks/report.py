"""What a benchmark prints: a figure beside its reference and its bar."""

from typing import Any

from pydantic import BaseModel

from evals.machine import write_result


class Measurement(BaseModel):
    """`ratio` is value / reference where there is a reference, else value itself is held against `bar`."""

    name: str
    value: float
    unit: str
    bar: float
    reference: float | None = None
    ratio: float | None = None
    detail: dict[str, Any] = {}

    @property
    def meets(self) -> bool:
        return (self.value if self.ratio is None else self.ratio) <= self.bar


def write(name: str, measurements: list[Measurement]) -> None:
    """Print the measurements and keep them in evals/results with date and machine."""
    for one in measurements:
        beside = f" beside {one.reference:.3f} {one.unit} = {one.ratio:.2f} ×" if one.reference and one.ratio else ""
        verdict = "meets" if one.meets else "MISSES"
        print(f"{one.name}: {one.value:.3f} {one.unit}{beside}; {verdict} the bar of {one.bar:g}")
    write_result(name, {"measurements": [one.model_dump() for one in measurements]})
