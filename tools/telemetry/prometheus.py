"""A Prometheus' HTTP API, as far as it is needed: ranges of a query, window by window."""

import json
import math
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.domain.errors import BadInput

MOST_POINTS = 11_000
"""Per series and query. Source: Prometheus, web/api/v1: "exceeded maximum resolution of 11,000 points"."""
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Series:
    """One series: its labels, and (time in UTC without a zone, value); NaN is left out."""

    labels: Mapping[str, str]
    points: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True)
class Prometheus:
    """`url` is the server's, without /api/v1; `token` is sent as a bearer token."""

    url: str
    token: str | None = field(default=None, repr=False)

    def query_range(self, query: str, start: datetime, end: datetime, step: timedelta) -> list[Series]:
        """The series of a query at `start`, `start + step`, … up to and including `end`.

        Raises:
            BadInput: the server can't be reached, refuses the query, or does not answer as a Prometheus would.
        """
        parameters = {
            "query": query,
            "start": start.replace(tzinfo=UTC).timestamp(),
            "end": end.replace(tzinfo=UTC).timestamp(),
            "step": step.total_seconds(),
        }
        answer = self._get(f"{self.url.rstrip('/')}/api/v1/query_range?{urllib.parse.urlencode(parameters)}")
        data = answer.get("data")
        if answer.get("status") != "success" or not isinstance(data, dict):
            said = answer.get("error") or "no reason"
            raise BadInput(f"{self.url} refused {query}: {said}")
        if data.get("resultType") != "matrix":
            raise BadInput(f"{self.url} answered {query} with a {data.get('resultType')}, not a matrix")
        return [Series(one["metric"], tuple(_points(one["values"]))) for one in data["result"]]

    def _get(self, address: str) -> dict[str, Any]:
        if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
            raise BadInput(f"{self.url} is no address; write it as http://HOST:9090")
        request = urllib.request.Request(address, headers={"Accept": "application/json"})
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                body = response.read()
        except urllib.error.HTTPError as fault:
            body = fault.read()
            if not body.lstrip().startswith(b"{"):
                raise BadInput(f"{self.url} answered {fault.code} {fault.reason}") from None
        except (urllib.error.URLError, TimeoutError, OSError) as fault:
            reason = getattr(fault, "reason", fault)
            raise BadInput(f"{self.url} can't be reached: {reason}; check --url") from None
        try:
            found = json.loads(body)
        except ValueError:
            raise BadInput(f"{self.url} did not answer with JSON; is it a Prometheus?") from None
        return found if isinstance(found, dict) else {}


def windows(start: datetime, end: datetime, step: timedelta, longest: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Spans of whole steps, both ends inclusive, that cover `start` up to, but not including, `end`.

    None has more than MOST_POINTS moments or is longer than `longest`.
    """
    count = min(MOST_POINTS, max(1, longest // step))
    while start < end:
        last = min(start + (count - 1) * step, start + (math.ceil((end - start) / step) - 1) * step)
        yield start, last
        start = last + step


def _points(values: list[list[Any]]) -> Iterator[tuple[datetime, float]]:
    for moment, text in values:
        value = float(text)
        if math.isfinite(value):
            yield datetime.fromtimestamp(float(moment), UTC).replace(tzinfo=None), value
