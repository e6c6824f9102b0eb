"""Slurm scripts as sbatch reads them."""

from decimal import Decimal

import pytest

from tests.operate.check.plans import check, gpu_hours, read, sbatch
from tools.domain.errors import BadInput
from tools.operate.check.options import CheckOptions
from tools.operate.check.slurm_time import hours_of
from tools.operate.check.span import Span


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("90:30", 91),
        ("1:30:00", 90),
        ("2:00:01", 121),
        ("1-2", 1560),
        ("1-2:30", 1590),
        ("1-02:30:59", 1591),
    ],
)
def test_every_form_of_a_time_limit_is_read_and_seconds_are_rounded_up(text: str, minutes: int) -> None:
    assert hours_of(text) == Decimal(minutes) / 60


@pytest.mark.parametrize("text", ["0", "0:00:00", "UNLIMITED", "infinite"])
def test_zero_and_unlimited_are_no_limit(text: str) -> None:
    assert hours_of(text) is None


@pytest.mark.parametrize("text", ["two hours", "1:2:3:4", "1-", "", "5m"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time of Slurm"):
        hours_of(text)


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (("--gres=gpu:h100:4", "--nodes=2", "--time=60"), 8),
        (("--gres gpu:h100", "-N 3", "-t 60"), 3),
        (("--gpus=h100:16", "--nodes=2", "--time=1:00:00"), 16),
        (("-G h100:8", "-t60"), 8),
        (("--gpus-per-node=h100:8", "--ntasks=16", "--ntasks-per-node=8", "--time=60"), 16),
        (("--gpus-per-task=h100:2", "--ntasks=6", "--time=60"), 12),
        (("--gpus-per-task=h100:2", "--nodes=2", "--ntasks-per-node=4", "--time=60"), 16),
        (("--gres=craynetwork:1,gpu:h100:2(S:0-1)", "--nodes=1", "--time=60"), 2),
        (("--tres-per-node=gres/gpu:h100:4", "--nodes=2", "--time=60"), 8),
        (("--gpus-per-socket=h100:2", "--sockets-per-node=2", "--nodes=2", "--time=60"), 8),
        (("--gpus=h100:2", "--gres=gpu:h100:2,VramPerGpu:24GB", "--ntasks=8", "--time=60"), 2),
        (("--gres=gpu:2", "--partition=gpu-h100", "--nodes=1", "--time=60"), 2),
        (("--gres=gpu:2", "-C h100", "--nodes=1", "--time=60"), 2),
        (("--gres=gpu:h100:1", "--array=0-15:4%2", "--time=60"), 4),
        (("--gres=gpu:h100:1", "--array=1,3,5-7", "--time=60"), 5),
        (("--gres=gpu:h100:1 # one, not --nodes=9", "--nodes=1", "--time=60"), 1),
        (("--time=5", "--gres=gpu:h100:1", "--time=120"), 2),
    ],
)
def test_gpu_hours_are_gpus_times_tasks_times_the_limit(lines: tuple[str, ...], hours: int) -> None:
    assert gpu_hours(check(sbatch(*lines))) == hours


def test_an_array_s_limit_is_how_many_run_at_once() -> None:
    (one,) = check(sbatch("--gres=gpu:h100:4", "--array=0-9%3", "--time=60")).priced
    assert (one.gpus, one.gpu_hours) == (Span.of(12), Span.of(40))


def test_comments_and_lines_after_the_first_command_do_not_count() -> None:
    text = sbatch("--gres=gpu:h100:1", "--time=60") + "#SBATCH --gpus=512\n"
    assert gpu_hours(check(text.replace("srun", "##SBATCH --nodes=64\nsrun"))) == 1


def test_the_line_is_the_one_that_asks_for_gpus() -> None:
    (one,) = read(sbatch("--time=60", "--account=lab", "--gres=gpu:h100:1"))
    assert (one.line, one.owner, one.kind) == (4, "lab", "Slurm job")


def test_nodes_in_a_range_make_the_cost_a_range() -> None:
    (one,) = check(sbatch("--gpus-per-node=h100:8", "--nodes=2-4", "--time=60")).priced
    assert one.gpu_hours == Span(Decimal(16), Decimal(32))


def test_tasks_without_nodes_take_between_one_node_and_one_each() -> None:
    (one,) = check(sbatch("--gres=gpu:h100:1", "-n 4", "--time=60")).priced
    assert one.gpu_hours == Span(Decimal(1), Decimal(4))


def test_a_mig_instance_is_between_its_shares_of_compute_and_memory() -> None:
    (one,) = check(sbatch("--gres=gpu:h100_3g.40gb:2", "--nodes=1", "--time=60")).priced
    assert one.gpu_hours is not None
    assert (round(one.gpu_hours.low, 6), one.gpu_hours.high) == (Decimal("0.857143"), Decimal(1))


def test_a_mig_instance_may_have_its_card_said() -> None:
    text = sbatch("--gres=gpu:1g.10gb:1", "--nodes=1", "--time=60")
    assert check(text).priced[0].lacks == "which card it asks for is not named; give --card"
    assert check(text, options=CheckOptions(card="H100")).priced[0].lacks is None


def test_a_job_without_a_limit_or_a_card_is_unpriced_until_somebody_says_it() -> None:
    text = sbatch("--gres=gpu:2", "--nodes=1")
    (one,) = check(text).priced
    assert (one.cost, one.lacks) == (None, "which card it asks for is not named; give --card")
    (told,) = check(text, options=CheckOptions(card="H100", hours=Decimal(3))).priced
    assert (told.gpu_hours, told.lacks) == (Span.of(6), None)
    (without,) = check(text, options=CheckOptions(card="H100")).priced
    assert "--time" in (without.lacks or "")


@pytest.mark.parametrize("kind", ["mi300x", "gb300"])
def test_a_card_that_is_not_known_is_not_taken_for_another(kind: str) -> None:
    text = sbatch(f"--gres=gpu:{kind}:2", "--nodes=1", "--time=60", "--partition=h100")
    (one,) = check(text, options=CheckOptions(card="H100")).priced
    assert (one.cost, one.lacks) == (None, f"{kind} is no card that is known")


def test_a_job_without_gpus_is_nothing_to_price() -> None:
    assert check(sbatch("--nodes=4", "--time=60")).priced == ()


@pytest.mark.parametrize("line", ["--gpus=two", "--gres=gpu:h100:two", "--nodes=all", "--array=x", "--time=soon"])
def test_a_number_in_words_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        read(sbatch("--gres=gpu:h100:1", "--time=60", line))


def test_each_part_of_a_heterogeneous_job_is_a_resource() -> None:
    text = sbatch("--gres=gpu:h100:8", "--nodes=2", "--time=60", "hetjob", "--gres=gpu:l4:1", "--nodes=1")
    found = check(text).priced
    assert [(one.resource.machines.cards, one.gpu_hours) for one in found] == [
        (("H100",), Span.of(16)),
        (("L4",), Span.of(1)),
    ]
