"""What several levers read of one pinned store is read once: nothing in it changes while it is pinned."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from tools.registry import CostReader

Found = TypeVar("Found")
_known: "WeakKeyDictionary[CostReader, dict[Hashable, Any]]" = WeakKeyDictionary()
_lock = threading.Lock()


def known(store: CostReader, key: Hashable, read: Callable[[], Found]) -> Found:
    """What `read` gave for this store and key, now or before."""
    with _lock:
        facts = _known.setdefault(store, {})
    if key not in facts:
        facts[key] = read()
    found: Found = facts[key]
    return found
