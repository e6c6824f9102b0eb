"""What a verification found, typed."""

from pydantic import BaseModel, ConfigDict


class Difference(BaseModel):
    """A cell (or total, row -1) that came out otherwise."""

    model_config = ConfigDict(frozen=True)

    row: int
    column: str
    recorded: str
    found: str


class ResultCheck(BaseModel):
    """A result run again on the generation that it was read from."""

    model_config = ConfigDict(frozen=True)

    result: str
    tool: str
    same_sql: bool
    cells: int
    """Cells and totals compared."""
    differences: tuple[Difference, ...] = ()
    """The first 20."""
    fault: str | None = None
    """Why it could not be run again."""

    @property
    def holds(self) -> bool:
        return self.same_sql and not self.differences and self.fault is None


class FigureCheck(BaseModel):
    """A figure on the data that it came from (`again`) and on today's (`today`); None where it is not there."""

    model_config = ConfigDict(frozen=True)

    text: str
    result: str
    row: int
    column: str
    unit: str | None
    recorded: str
    again: str | None
    today: str | None

    @property
    def holds(self) -> bool:
        return self.recorded == self.again

    @property
    def drifted(self) -> bool:
        return self.today != self.recorded


class VerifyReport(BaseModel):
    """Whether an answer holds, and what its figures would be today."""

    model_config = ConfigDict(frozen=True)

    answer_id: str
    holds: bool
    """The answer is as it was written, and each query gives the same SQL, cells and figures again."""
    generation: int | None
    """The generation that the answer was read from; None when the store has dropped it."""
    current_generation: int
    faults: tuple[str, ...]
    """What is wrong with the answer as it is kept."""
    results: tuple[ResultCheck, ...]
    figures: tuple[FigureCheck, ...]
