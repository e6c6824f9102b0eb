"""Making a generation current whose charges are those of the one before."""

from typing import TYPE_CHECKING

from tools.store.durable import sync_file
from tools.store.layout import Layout
from tools.store.manifest import Manifest, make_current, write_manifest
from tools.store.vocabulary import keep_vocabulary, merge_vocabulary

if TYPE_CHECKING:
    import duckdb


def publish_beside_charges(connection: "duckdb.DuckDBPyConnection", layout: Layout, manifest: Manifest) -> None:
    """Name what was added beside the charges in a manifest, then swap CURRENT; all files are on the disk by now."""
    words = layout.vocabulary(manifest.generation)
    if not keep_vocabulary(layout.vocabulary(manifest.generation - 1), words):
        merge_vocabulary(connection, [layout.segments / one.id for one in manifest.segments], words)
    sync_file(words)
    write_manifest(layout, manifest)
    make_current(layout, manifest.generation)
