"""The home's allocation desk: allocation.yaml, and the closed months in the state."""

from collections.abc import Sequence
from functools import cached_property

from agent.settings import Settings
from agent.state.closings import ClosingStore
from tools.domain.allocation import AllocationRules
from tools.domain.closing import Closing


class HomeAllocation:
    """Reads the files when a question needs them, once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def rules(self) -> AllocationRules:
        return self._rules

    def closings(self) -> Sequence[Closing]:
        return self._closings

    @cached_property
    def _rules(self) -> AllocationRules:
        from tools.inform.allocation.read import read_rules

        return read_rules(self._settings.allocation_path)

    @cached_property
    def _closings(self) -> tuple[Closing, ...]:
        return ClosingStore(self._settings.state_path).all()
