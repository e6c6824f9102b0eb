"""Price lists that a home keeps: what usage was valued with can be looked up afterwards."""

import hashlib
import shutil
from pathlib import Path

from agent.settings import Settings

FOLDER = "prices"


def keep_price_list(settings: Settings, path: Path) -> None:
    """Copy a price list into the home after a load that used it; the same list again only becomes the newest."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    folder = settings.home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{path.stem}-{digest}{path.suffix}"
    shutil.copyfile(path, kept)


def known_price_lists(settings: Settings) -> list[Path]:
    """The list that settings name, then the kept ones, last used first."""
    kept = sorted((settings.home / FOLDER).glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [*([settings.prices.file] if settings.prices.file else []), *kept]
