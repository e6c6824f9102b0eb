"""The checks behind `outlay doctor`: what works, what does not, and what to do about it."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.people import PEOPLE_FILE
from agent.settings import CONFIG_FILE, OPENAI_URL, Settings, load_settings
from tools.domain.errors import BadSetting, NotPermitted, OutlayError

STALE_AFTER = timedelta(days=3)
EARLIEST_PLAUSIBLE_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)


class Check(BaseModel):
    """One finding. `remedy` is empty when there is nothing to do."""

    model_config = ConfigDict(frozen=True)

    name: str
    status: Literal["ok", "warning", "fault", "off"]
    finding: str
    remedy: str = ""


def examine(home: Path | None) -> tuple[Check, ...]:
    """Run every check; none of them changes anything but a missing home, which is made by the first load."""
    try:
        settings = load_settings(home)
    except BadSetting as fault:
        return (
            Check(
                name="settings",
                status="fault",
                finding=str(fault),
                remedy=f"mend {CONFIG_FILE} or the OUTLAY_ variable",
            ),
        )
    return tuple(_checks(settings))


def _checks(settings: Settings) -> Iterator[Check]:
    yield _settings(settings)
    yield _home(settings)
    try:
        yield _people(settings)
    except (BadSetting, NotPermitted) as fault:
        remedy = f"mend {PEOPLE_FILE}, or remove it so that everybody sees everything"
        yield Check(name="people", status="fault", finding=str(fault), remedy=remedy)
    else:
        yield from _store(settings)
    yield _state(settings)
    yield _prices(settings)
    yield _allocation(settings)
    yield _knowledge(settings)
    yield _model(settings)
    yield Check(name="slack", status="off", finding="not configured; this version has no Slack surface")
    yield _gpu()
    yield _clock(settings)


def _settings(settings: Settings) -> Check:
    path = settings.home / CONFIG_FILE
    return Check(
        name="settings", status="ok", finding=f"read from {path}" if path.exists() else f"defaults; {path} is not there"
    )


def _home(settings: Settings) -> Check:
    home = settings.home
    if not home.exists():
        return Check(
            name="home",
            status="warning",
            finding=f"{home} is not there yet",
            remedy="outlay demo, or outlay ingest focus PATH, makes it",
        )
    if not os.access(home, os.W_OK):
        return Check(
            name="home",
            status="fault",
            finding=f"{home} can't be written",
            remedy="chown it, or choose another: --home DIR",
        )
    return Check(name="home", status="ok", finding=str(home))


def _people(settings: Settings) -> Check:
    """Raises BadSetting for a file that can't be used, NotPermitted for somebody who is not in it."""
    from agent.app import asker_of

    asker = asker_of(settings)
    if asker.id is None:
        return Check(name="people", status="off", finding=f"no {PEOPLE_FILE}: everybody sees everything")
    rows = " and ".join(f"{one.dimension} in {', '.join(one.values)}" for one in asker.scope.filters)
    return Check(name="people", status="ok", finding=f"you are {asker.id}, and see {rows or 'everything'}")


def _store(settings: Settings) -> Iterator[Check]:
    from agent.app import open_store

    if not settings.store_path.exists():
        yield Check(name="store", status="warning", finding="empty", remedy="outlay demo, or outlay ingest focus PATH")
        return
    try:
        store = open_store(settings)
        snapshot = store.snapshot()
        rows = snapshot.query("SELECT coalesce(sum(x_Rows), 0) FROM daily").rows[0][0]
    except OutlayError as fault:
        yield Check(
            name="store",
            status="fault",
            finding=str(fault),
            remedy="restore the folder store/ from a backup, or load again",
        )
        return
    yield Check(name="store", status="ok", finding=f"generation {snapshot.generation}, {int(rows):,} charges readable")
    yield _freshness(snapshot.loaded_through)


def _freshness(through: date | None) -> Check:
    if through is None:
        return Check(name="freshness", status="warning", finding="no charges loaded", remedy="outlay ingest focus PATH")
    behind = date.today() - through
    if behind > STALE_AFTER:
        return Check(
            name="freshness",
            status="warning",
            finding=f"data ends on {through}, {behind.days} days ago",
            remedy="load newer files",
        )
    return Check(name="freshness", status="ok", finding=f"data through {through}")


def _state(settings: Settings) -> Check:
    files = sorted(settings.state_path.rglob("*.sqlite")) if settings.state_path.exists() else []
    for file in files:
        try:
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
                verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.DatabaseError as fault:
            verdict = str(fault)
        if verdict != "ok":
            return Check(
                name="state",
                status="fault",
                finding=f"{file.name}: {verdict}",
                remedy=f"move {file} away; answers and threads in it are lost",
            )
    return Check(name="state", status="ok", finding=f"{len(files)} database(s) sound" if files else "nothing kept yet")


def _prices(settings: Settings) -> Check:
    from agent.app import price_book

    try:
        book = price_book(settings)
    except OutlayError as fault:
        return Check(
            name="prices",
            status="fault",
            finding=str(fault),
            remedy="mend the price list, or take [prices] out of outlay.toml",
        )
    return Check(name="prices", status="ok", finding=f"asked in this order: {', '.join(book.names)}")


def _allocation(settings: Settings) -> Check:
    from tools.inform.allocation.read import read_rules

    path = settings.allocation_path
    if not path.exists():
        return Check(name="allocation", status="off", finding=f"no {path.name}: cost goes by the charges' own names")
    try:
        rules = read_rules(path)
    except OutlayError as fault:
        return Check(name="allocation", status="fault", finding=str(fault), remedy=f"mend {path}")
    count = sum(len(one.rules) + len(one.fallback) for one in rules.allocate.values())
    payers = ", ".join(rules.allocate) or "nobody"
    return Check(name="allocation", status="ok", finding=f"{count} rules for {payers}, digest {rules.digest}")


def _knowledge(settings: Settings) -> Check:
    from tools.playbooks.company import CompanyDocuments
    from tools.playbooks.embedding import MiniLm, WeightsUnusable
    from tools.playbooks.shipped import shipped_documents

    try:
        own = len(CompanyDocuments(settings.knowledge_path).kept())
    except OutlayError as fault:
        return Check(
            name="knowledge", status="fault", finding=str(fault), remedy="move the file away, and add them again"
        )
    finding = f"{len(shipped_documents())} playbooks and {own} document(s) of your own"
    try:
        MiniLm.load()
    except WeightsUnusable as fault:
        return Check(
            name="knowledge",
            status="warning",
            finding=f"{finding}, searched by shared words only: {fault}",
            remedy="install the packages of requirements.lock again",
        )
    return Check(name="knowledge", status="ok", finding=f"{finding}, searched by meaning")


def _model(settings: Settings) -> Check:
    if settings.uses_builtin:
        return Check(name="model", status="ok", finding="built-in planner: no key and no network needed")
    from agent.app import model_client
    from agent.models.faults import ModelFault
    from agent.models.openai_endpoint import served_models

    where = f"{settings.model} at {settings.base_url or OPENAI_URL}"
    try:
        client, served = model_client(settings), served_models(settings)
    except ModelFault as fault:
        return Check(name="model", status="fault", finding=f"{where} {fault}", remedy=fault.remedy)
    except OutlayError as fault:
        return Check(name="model", status="fault", finding=str(fault), remedy="mend the price list")
    if served is not None and settings.model not in served:
        remedy = f"set OUTLAY_MODEL to one it serves: {', '.join(served[:8]) or 'none'}"
        return Check(name="model", status="fault", finding=f"{where} is not served there", remedy=remedy)
    if served is None:
        finding = f"{where}: the endpoint answers but lists no models; ask a question to try it"
        return Check(name="model", status="warning", finding=finding)
    if not client.is_priced():
        return Check(
            name="model",
            status="warning",
            finding=f"{where} answers; it has no known price, so that its cost is unknown and no cap on money binds",
            remedy="add it to the price list that [prices] names, or set provider under [endpoint]",
        )
    return Check(name="model", status="ok", finding=f"{where} answers")


def _gpu() -> Check:
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as fault:
        return Check(
            name="gpu",
            status="off",
            finding=f"no NVIDIA GPU can be read here ({fault}); GPU samples can still be loaded",
        )
    count = pynvml.nvmlDeviceGetCount()
    pynvml.nvmlShutdown()
    return Check(name="gpu", status="ok", finding=f"{count} NVIDIA GPU(s) readable")


def _clock(settings: Settings) -> Check:
    now = datetime.now(UTC)
    newest = max((path.stat().st_mtime for path in settings.home.glob("store/*")), default=0.0)
    if now < EARLIEST_PLAUSIBLE_CLOCK or newest > now.timestamp() + 3600:
        return Check(
            name="clock",
            status="fault",
            finding=f"the clock says {now:%Y-%m-%d %H:%M} UTC, before files it has written",
            remedy="set the clock; 'today' depends on it",
        )
    return Check(name="clock", status="ok", finding=f"{now:%Y-%m-%d %H:%M} UTC")
