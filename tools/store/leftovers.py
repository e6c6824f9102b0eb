"""What killed writers leave behind."""

import shutil

from tools.store.layout import Layout


def clear_leftovers(layout: Layout) -> None:
    """Remove staging, and generations after the current one; segments that none names go with the next collection.

    Only the holder of the lock may call it.
    """
    shutil.rmtree(layout.staging, ignore_errors=True)
    layout.staging.mkdir(parents=True, exist_ok=True)
    current = layout.current_generation()
    for generation in layout.known_generations():
        if generation > current:
            layout.manifest(generation).unlink(missing_ok=True)
            layout.vocabulary(generation).unlink(missing_ok=True)
