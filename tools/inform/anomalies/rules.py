"""Rules: the one configuration of the detector, the same for every slice and company."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """Thresholds in units of a slice's own noise, and parts (0–1) of the daily level of the total."""

    season: int = 7
    """Steps of a rhythm: 7 days of a week, 168 hours of a week."""
    history_seasons: int = 4
    """Before so many seasons nothing is judged: too short a history."""
    ratio_seasons: int = 6
    """How many earlier steps of the same weekday say what share of the level that weekday has."""
    noise_seasons: int = 8
    prior_noise: float = 0.12
    """The relative noise assumed before a slice has shown its own."""
    least_noise: float = 0.03
    point: float = 4.5
    """A step this many noises off is an anomaly by itself."""
    cusum_slack: float = 0.75
    cusum_limit: float = 7.0
    """Page's CUSUM: small departures that go on; reference value and decision limit, in noises."""
    cusum_clip: float = 3.0
    rebase: int = 7
    """After so many anomalous steps in a row the new level is the level."""
    material: float = 0.004
    """A departure below this part of the total's daily level is not worth a person's time."""
    material_part: float = 0.2
    """A single step that is off by less than this part of its slice is left to the CUSUM."""
    drift_span: int = 28
    drift_noises: float = 4.0
    drift_least: float = 0.22
    """Growth over `drift_span` steps beyond the slice's own, in log units."""
    drift_steps: int = 3
    recurs_within: float = 0.5
    """A departure within this part of the one on the same day of an earlier month recurs, such as a month-end run."""
    most_slices: int = 2000


RULES = Rules()
