"""A seeded slice of the campaign against approvals, and proof that it can fail."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from agent.state.remediation.desk import RemediationDesk, home_desk
from evals.campaigns.approval_kinds import ATTACKS
from evals.campaigns.approvals import Campaign
from tools.operate.policies.rights import Rights

pytestmark = pytest.mark.slow


def test_no_attack_is_accepted_and_every_valid_approval_is(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, seed=5)
    campaign.races(8)
    campaign.attacks(len(ATTACKS))
    figures = campaign.figures()
    assert (figures["accepted_by_kind"], figures["valid_refused_by_kind"], figures["faults"]) == ({}, {}, [])


class _Trusting(RemediationDesk):
    """Forgets who may approve what: everybody's word counts for everything."""

    def begin(self, proposal: str, direction: str, by: str, rights: Rights, now: object) -> object:  # type: ignore[override]
        everything = rights.approvals.grants[1].model_copy(
            update={"who": ("ada", "ben", "cyd", "zoe"), "environments": ("*",), "up_to": 10**12}
        )
        lenient = rights.approvals.model_copy(update={"grants": (everything,), "second_person_above": None})
        return super().begin(proposal, direction, by, replace(rights, approvals=lenient), now)  # type: ignore[arg-type]


class _Refusing(RemediationDesk):
    def begin(self, *_: object) -> object:  # type: ignore[override]
        from tools.operate.remediation.admission import NotAdmitted

        raise NotAdmitted("no")


def test_a_desk_that_forgets_the_limits_fails_the_campaign(tmp_path: Path) -> None:
    accepted = _figures(tmp_path, _Trusting)["accepted_by_kind"]
    assert "wrong person: one person for a plan that takes two" in accepted


def test_a_desk_that_refuses_everything_fails_the_campaign(tmp_path: Path) -> None:
    figures = _figures(tmp_path, _Refusing)
    assert figures["valid_refused"] == figures["valid"] > 0


def _figures(base: Path, kind: type[RemediationDesk]) -> Mapping[str, object]:
    def opened(folder: Path) -> RemediationDesk:
        plain = home_desk(folder)
        return kind(plain._turns, plain._holds)

    campaign = Campaign(base, 5, opened)
    persons = [one for one in ATTACKS if one.family == "wrong person"]
    campaign.attacks(len(persons), persons)
    return campaign.figures()
