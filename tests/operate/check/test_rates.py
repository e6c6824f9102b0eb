"""Prices: what the company pays where it pays, else the list, else none."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.operate.check.plans import check, sbatch, terraform
from tests.operate.policies.company import Charge, company
from tools.operate.check.options import CheckOptions
from tools.operate.check.span import Span

NODE = "8x H100 SXM node"
JOB = sbatch("--gres=gpu:h100:8", "--nodes=1", "--time=60")


def test_own_rates_are_the_middle_four_fifths_of_the_hours(tmp_path: Path) -> None:
    ctx = company(tmp_path, [
        Charge("8", NODE, "1", "a"), Charge("800", NODE, "50", "a"), Charge("1200", NODE, "50", "b"),
        Charge("4000", NODE, "4", "c"),
    ])  # fmt: skip
    (one,) = check(JOB, ctx=ctx).priced
    assert one.rate is not None
    assert (one.rate.price, one.rate.basis, one.currency) == (Span(Decimal(2), Decimal(3)), "own", "USD")
    assert one.cost == Span(Decimal(16), Decimal(24))


def test_an_instance_is_priced_by_what_it_cost_itself(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("150", "p4d.24xlarge on demand", "10", "a"), Charge("99", NODE, "1", "a")])
    plan = terraform({"type": "aws_instance", "after": {"instance_type": "p4d.24xlarge"}})
    assert check(plan, ctx=ctx).totals == {"USD": Span.of(15 * 730)}


def test_an_instance_that_was_never_paid_has_its_list_price(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("150", "p4d.24xlarge on demand", "10", "a")])
    (one,) = check(terraform({"type": "aws_instance", "after": {"instance_type": "p4de.24xlarge"}}), ctx=ctx).priced
    assert one.rate is not None
    assert (one.rate.basis, one.rate.price) == ("list", Span.of(Decimal("27.44705")))


def test_own_rates_of_the_provider_and_the_region_come_first(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("80", NODE, "10", provider="Neo", region="north"),
                             Charge("160", NODE, "10", provider="Neo", region="south"),
                             Charge("800", NODE, "10", provider="Old")])  # fmt: skip
    (one,) = check(JOB, ctx=ctx, options=CheckOptions(provider="Neo", region="south")).priced
    assert one.cost == Span.of(16)


def test_the_currency_is_the_one_that_most_hours_are_paid_in(tmp_path: Path) -> None:
    ctx = company(tmp_path, [Charge("160", NODE, "10", currency="EUR"), Charge("80", NODE, "1")])
    report = check(JOB, ctx=ctx)
    assert report.totals == {"EUR": Span.of(16)}


def test_spot_hours_price_spot_only(tmp_path: Path) -> None:
    charges = [Charge("200", "p4d.24xlarge", "10"), Charge("50", "p4d.24xlarge", "10", pricing="Dynamic")]
    ctx = company(tmp_path, charges)
    plain = {"instance_type": "p4d.24xlarge"}
    spot = plain | {"instance_market_options": [{"market_type": "spot"}]}
    found = check(terraform(*({"type": "aws_instance", "after": one} for one in (plain, spot))), ctx=ctx).priced
    assert [one.cost for one in found] == [Span.of(20 * 730), Span.of(5 * 730)]


def test_without_a_home_a_card_costs_between_its_cheapest_and_dearest_listing() -> None:
    (one,) = check(JOB, options=CheckOptions(provider="Lambda")).priced
    assert one.rate is not None
    assert one.rate.price == Span(Decimal("3.29"), Decimal("4.29"))
    assert one.rate.told == "5 machines with H100 of Lambda"


def test_the_memory_that_a_card_s_name_says_leaves_the_smaller_one_out() -> None:
    def low(kind: str) -> Decimal:
        (one,) = check(sbatch(f"--gres=gpu:{kind}:1", "--nodes=1", "--time=60")).priced
        assert one.cost is not None
        return one.cost.low

    assert low("nvidia_a100_80gb") > low("a100")


def test_what_has_no_price_in_its_region_names_the_regions_that_have_one() -> None:
    (one,) = check(
        terraform({"type": "aws_instance", "after": {"instance_type": "g6.xlarge"}}, region="eu-west-3")
    ).priced
    assert one.lacks == "no price of g6.xlarge in eu-west-3 is known; its list price is in us-east-1"


@pytest.mark.parametrize("days", [0, 40])
def test_hours_older_than_the_last_thirty_days_are_no_rate(tmp_path: Path, days: int) -> None:
    from datetime import timedelta

    from tests.operate.policies.company import AS_OF

    newest = Charge("1", "storage", day=AS_OF)
    ctx = company(tmp_path, [newest, Charge("160", NODE, "10", day=AS_OF - timedelta(days=days))])
    (one,) = check(JOB, ctx=ctx).priced
    assert one.rate is not None
    assert one.rate.basis == ("own" if days == 0 else "list")
