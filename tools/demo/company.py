"""The whole company, written to a folder as its raw files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from tools.demo.aws import write_aws
from tools.demo.business import write_story
from tools.demo.calendar import Calendar
from tools.demo.disturbances import Disturbance, Incident, moment, token_disturbances, truth_of
from tools.demo.fleet import write_fleet
from tools.demo.gateway import write_gateway
from tools.demo.google import write_google
from tools.demo.gpus import write_gpu_samples
from tools.demo.invoices import ANTHROPIC, OPENAI, write_invoices
from tools.demo.metering import Meter, meter
from tools.demo.prices import PriceTable, charged, haiku_rise, price_list, write_price_list
from tools.demo.streams import (
    Stream,
    anthropic_streams,
    bedrock_streams,
    openai_streams,
    self_hosted_streams,
    vertex_streams,
)
from tools.demo.usage import Records, anthropic_layout, openai_layout, self_hosted_layout, write_usage
from tools.demo.windows import windows

Step = Callable[[str], None]


@dataclass
class Metered:
    """All streams' counts by provider, and what the disturbances in them added."""

    meters: dict[str, list[Meter]]
    incidents: list[Incident]


def write_company(folder: Path, calendar: Calendar, seed: int, step: Step) -> tuple[Incident, ...]:
    """Write every raw file below `folder`; gives the truth about the planted incidents, which no file holds."""
    real = PriceTable(charged(calendar), calendar)
    listed = PriceTable((*price_list(calendar), *charged(calendar)[-2:-1]), calendar)
    step("metering the token streams")
    metered = _meter_all(calendar, seed, real)
    of = metered.meters
    step("writing token usage")
    write_price_list(folder / "price_list.yaml", calendar)
    missed = (windows(calendar).outage_day,)
    write_usage(folder / "usage" / "openai", Records(of["OpenAI"], calendar, missed), openai_layout, calendar)
    plain = [one for one in of["Anthropic"] if one.stream.tier != "priority"]
    write_usage(folder / "usage" / "anthropic", Records(plain, calendar), anthropic_layout, calendar)
    hosted = of["Nordhaven Compute"]
    write_usage(folder / "usage" / "self_hosted", Records(hosted, calendar), self_hosted_layout, calendar)
    write_gateway(folder / "usage" / "gateway" / "daily_spend.csv", of["OpenAI"], listed, calendar, missed[0])
    step("writing invoices and bills")
    write_invoices(folder / "bills" / "openai", OPENAI, of["OpenAI"], real, calendar)
    write_invoices(folder / "bills" / "anthropic", ANTHROPIC, of["Anthropic"], real, calendar)
    _, aws = write_aws(folder / "bills" / "aws", of["AWS"], real, calendar, _noise(seed, 901))
    _, google = write_google(folder / "bills" / "google", of["Google Cloud"], real, calendar, _noise(seed, 902))
    write_fleet(folder / "bills" / "nordhaven", calendar, _noise(seed, 903))
    step("writing metrics, budgets, events, GPU samples")
    write_story(folder / "story", calendar, _noise(seed, 904))
    write_gpu_samples(folder / "gpus" / "samples.parquet", folder / "bills", calendar, _noise(seed, 905))
    late = _late_price(of["Anthropic"], real, listed, calendar)
    return tuple(sorted([*metered.incidents, *aws, *google, late], key=lambda one: one.onset))


def _meter_all(calendar: Calendar, seed: int, prices: PriceTable) -> Metered:
    planned = token_disturbances(calendar)
    streams: Sequence[Stream] = (
        *openai_streams(), *anthropic_streams(), *bedrock_streams(), *vertex_streams(), *self_hosted_streams(),
    )  # fmt: skip
    meters: dict[str, list[Meter]] = {}
    added: dict[str, Decimal] = {}
    for number, stream in enumerate(streams):
        concerned = [one for one in planned if one.concerns(stream)]
        made, impacts = meter(stream, calendar, prices, _noise(seed, number), concerned)
        meters.setdefault(stream.provider, []).append(made)
        for one, extra in impacts:
            added[one.kind] = added.get(one.kind, Decimal(0)) + extra
    leading: list[Disturbance] = [one for one in planned if one.leads]
    return Metered(meters, [truth_of(one, added[one.kind], calendar) for one in leading])


def _late_price(meters: Sequence[Meter], real: PriceTable, listed: PriceTable, calendar: Calendar) -> Incident:
    """What a model cost more than the price list knew, from the rise until the list followed."""
    first, last = haiku_rise(calendar)
    model = "claude-haiku-4-5"
    own = [one for one in meters if one.stream.model == model]
    extra = sum(int((one.cost_units(real) - one.cost_units(listed))[first:last].sum()) for one in own)
    return Incident(
        "price_change_missed",
        {"HostProviderName": "Anthropic", "x_Model": model},
        moment(calendar, first * 24),
        moment(calendar, last * 24),
        (Decimal(extra) / 10**10).quantize(Decimal("0.01")),
    )


def _noise(seed: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream])
