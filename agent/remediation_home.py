"""A home's remediations, put together: its desk, the systems that it is connected to, its policies and the graph."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from agent.identity import Asker
from agent.settings import Settings
from tools.domain.errors import BadSetting

if TYPE_CHECKING:
    from agent.graph.remediation import RemediationGraph
    from agent.remediations import Remediations
    from agent.state.remediation.desk import RemediationDesk
    from tools.domain.approval import Surface
    from tools.domain.remediation import Proposal, ProposalView, Wish
    from tools.operate.policies.rights import Rights
    from tools.operate.remediation.plan import Doors


def home_remediations(settings: Settings, asker: Asker, surface: "Surface" = "cli") -> "Remediations":
    """The remediations of a home, for a person as the surface knows them. Raises BadSetting, StoreFault."""
    from agent.remediations import Remediations
    from agent.state.remediation.desk import home_desk, shared_desk
    from agent.systems import announcer, connected
    from tools.operate.policies.policy_file import load_policies

    shared_ones = settings.database_url, settings.approval_key
    if shared_ones[0] is not None and shared_ones[1] is not None:
        desk = shared_desk(shared_ones[0], shared_ones[1], settings.state_path)
    elif shared_ones[0] is not None:
        raise BadSetting("OUTLAY_DATABASE_URL needs OUTLAY_APPROVAL_KEY, which seals approvals on each machine")
    else:
        desk = home_desk(settings.state_path)
    doors = connected(settings)

    def rights() -> "Rights":
        return load_policies(settings.policies_path).rights

    graph = partial(_graph, settings, desk, doors, rights)
    return Remediations(desk, doors, graph, rights, asker, surface, announce=announcer(settings))


def _graph(
    settings: Settings, desk: "RemediationDesk", doors: "Doors", rights: "Callable[[], Rights]"
) -> "RemediationGraph":
    from agent.graph.remediation import RemediationGraph
    from agent.state.remediation.threads import proposal_saver
    from tools.operate.remediation.executor import Executor

    saver = partial(proposal_saver, settings.state_path, settings.database_url)
    return RemediationGraph(desk, Executor(desk, doors, rights), saver)


class RemediationsWhenAsked:
    """The proposals of a home, opened for the first question that is about them. Without `proposes` no new one is made,
    and what was proposed before stands for it: as when an answer is verified."""

    def __init__(self, settings: Settings, asker: Asker, *, proposes: bool = True) -> None:
        self._settings, self._asker, self._proposes = settings, asker, proposes
        self._opened: Remediations | None = None

    def propose(self, wish: "Wish") -> "Proposal":
        """Raises what tools.registry.ProposalDesk says."""
        return self._open().propose(wish) if self._proposes else self._open().proposed_before(wish)

    def proposals(self) -> "Sequence[ProposalView]":
        return self._open().proposals()

    def _open(self) -> "Remediations":
        self._opened = self._opened or home_remediations(self._settings, self._asker)
        return self._opened
