"""What an evaluation reports: one row a category, and the cases that went wrong."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["exact", "wrong", "refused"]
"""`wrong`: stated as answered, but it differs from the truth. `refused`: no answer where there is one."""


class CategoryScore(BaseModel):
    """How many asks of one category came out how."""

    model_config = ConfigDict(frozen=True)

    category: str
    exact: int = 0
    wrong: int = 0
    refused: int = 0

    @property
    def asked(self) -> int:
        return self.exact + self.wrong + self.refused


class Miss(BaseModel):
    """One ask that was not exact: what was expected, and what came."""

    model_config = ConfigDict(frozen=True)

    case: str
    question: str
    outcome: Outcome
    expected: str
    got: str


class EvalReport(BaseModel):
    """An evaluation's result; `name` tells it apart, `notes` says what a reader has to know (seed, dates, split)."""

    model_config = ConfigDict(frozen=True)

    name: str
    categories: tuple[CategoryScore, ...] = ()
    misses: tuple[Miss, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> CategoryScore:
        return CategoryScore(
            category="all",
            exact=sum(row.exact for row in self.categories),
            wrong=sum(row.wrong for row in self.categories),
            refused=sum(row.refused for row in self.categories),
        )


def table(report: EvalReport) -> str:
    """The report as plain text: category, exact, wrong, refused, and the exact share."""
    rows = [*report.categories, report.total]
    width = max(len(row.category) for row in rows)
    lines = [report.name, f"{'':{width}}  exact  wrong  refused  exact share"]
    for row in rows:
        share = f"{row.exact / row.asked:.1%}" if row.asked else "-"
        lines.append(f"{row.category:{width}}  {row.exact:5}  {row.wrong:5}  {row.refused:7}  {share:>11}")
    return "\n".join([*lines, *report.notes])
