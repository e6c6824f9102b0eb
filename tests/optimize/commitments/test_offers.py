"""Offers: those that ship, and a company's own."""

from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.errors import BadInput
from tools.optimize.commitments.bill_offers import term_of
from tools.optimize.commitments.hourly import machine_of
from tools.optimize.commitments.offers import known_offers, names, shipped_offers

OWN = """
offers:
- {provider: AWS, kind: reserved, name: ours, machines: [p4d.24xlarge], term_years: 1, discount: 0.4, currency: USD,
   source: contract 7, checked: 2026-11-01}
"""


def test_every_shipped_offer_says_where_it_is_from() -> None:
    shipped = shipped_offers()
    assert shipped.offers
    assert shipped.provisioned
    assert all(one.source and one.checked for one in (*shipped.offers, *shipped.provisioned))


def test_an_own_offer_takes_the_place_of_the_shipped_one_for_that_machine_and_term(tmp_path: Path) -> None:
    path = tmp_path / "commitment_offers.yaml"
    path.write_text(OWN)
    mine = [one for one in known_offers(path).offers if one.covers("AWS", "us-east-1", "p4d.24xlarge on demand")]
    one_year = [one for one in mine if one.kind == "reserved" and one.term_years == 1]
    assert [one.name for one in one_year] == ["ours"]
    assert one_year[0].price(Decimal(20)) == 12
    assert any(one.term_years == 3 for one in mine)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("offers: [{provider: AWS}]", "offers.0.kind"),
        (OWN.replace("discount: 0.4", "discount: 0.4, rate: 3"), "a rate or a discount"),
        (OWN.replace("term_years: 1, ", ""), "term_years"),
        (OWN.replace("0.4", "1.4"), "offers.0.discount"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "commitment_offers.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=message):
        known_offers(path)


def test_a_name_stands_by_itself() -> None:
    assert names("p4d.24xlarge", "USW2-BoxUsage:p4d.24xlarge")
    assert not names("p4d.24xlarge", "ml.p4d.24xlarge training")
    assert not names("g5.4xlarge", "g5.4xlarge-extra")


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("p4d.24xlarge on demand", "p4d.24xlarge"),
        ("ml.g6.24xlarge endpoint", "ml.g6.24xlarge"),
        ("8x H100 SXM node", "8x H100 SXM node"),
        ("a2-highgpu-1g running", "a2-highgpu-1g"),
        ("Standard_ND96isr_H100_v5", "standard_nd96isr_h100_v5"),
    ],
)
def test_a_machine_goes_by_its_type_or_else_by_the_whole_description(text: str, machine: str) -> None:
    assert machine_of(text) == machine


@pytest.mark.parametrize(
    ("name", "years"), [("8 nodes, 24 months", 2), ("1 year, no upfront", 1), ("x", 1), ("3yr", 3)]
)
def test_a_term_is_read_from_a_commitments_name(name: str, years: int) -> None:
    assert term_of(name) == years
