"""The utilisation of a training run is asked for by its name, whatever letters and digits that has."""

from tests.planner.conftest import Ask


def test_mfu_of_one_run_and_of_all_runs_of_a_month(ask: Ask) -> None:
    assert ask("what was the MFU of run r-1?") == "unit_economics about=mfu run=r-1"
    assert ask("MFU of run run-3e8") == "unit_economics about=mfu run=run-3e8"
    every = ask("MFU of our training runs in October")
    assert every.startswith("unit_economics about=mfu")
    assert "'start': '2026-10-01'" in every
    assert "run=" not in every
