"""The story's home: the demo company, its development machines under the emulator's ids, and who may approve what."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from agent.app import open_store
from agent.identity import os_user
from agent.settings import load_settings
from evals.demo.runner import code_digest
from tools.demo import build_world, load_world

SEED = 7
PEOPLE = """people:
  ada: {{name: Ada, slack_id: U0ADA, teams: [ml-research], rows: everything}}
  ben: {{name: Ben, os_user: {user}, rows: everything}}
"""
POLICIES = """approvals:
  grants:
    - {who: [ben], actions: [ec2_stop], environments: [development], up_to: "20000", currency: USD}
  proposer_may_approve: false
"""
"""Ada proposes, Ben approves: nobody may approve what they proposed."""


def make_home(today: date, ids: Mapping[str, str]) -> Path:
    """A home with the demo world through yesterday, built once a day and kept in the cache folder.

    ResourceId and host of `ids` are renamed.
    """
    cache = Path(os.environ.get("OUTLAY_EVAL_CACHE", tempfile.gettempdir()))
    home = cache / f"outlay-eval-story-{SEED}-{today}-{_digest(ids)}"
    if not (home / "ready").exists():
        _build(home, today, ids)
        (home / "ready").touch()
    return home


def settle_in(built: Path, home: Path, aws: str) -> Path:
    """A copy of a home that is made, which finds EC2 at an address and knows its people."""
    shutil.copytree(built, home)
    price_list = json.dumps(str(home / "demo" / "price_list.yaml"))
    (home / "outlay.toml").write_text(f'[prices]\nfile = {price_list}\n\n[aws]\nendpoint_url = "{aws}"\n', "utf-8")
    (home / "people.yaml").write_text(PEOPLE.format(user=json.dumps(os_user())), "utf-8")
    (home / "policies.yaml").write_text(POLICIES, "utf-8")
    return home


def _digest(ids: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps([code_digest(), *sorted(ids.items())]).encode()).hexdigest()[:12]


def _build(home: Path, today: date, ids: Mapping[str, str]) -> None:
    build_world(home / "demo", today=today, seed=SEED)
    for path in sorted((home / "demo" / "bills" / "aws").rglob("*.parquet")):
        _rename(path, ("ResourceId", "ResourceName"), ids)
    for path in sorted((home / "demo" / "gpus").rglob("*.parquet")):
        _rename(path, ("host",), ids)
    price_list = json.dumps(str(home / "demo" / "price_list.yaml"))
    (home / "outlay.toml").write_text(f"[prices]\nfile = {price_list}\n", "utf-8")
    load_world(open_store(load_settings(home)), home / "demo")


def _rename(path: Path, columns: tuple[str, ...], ids: Mapping[str, str]) -> None:
    table = pq.read_table(path)
    for name in columns:
        place = table.column_names.index(name)
        encoded = pc.dictionary_encode(table[name].cast(pa.string())).combine_chunks()
        known = pa.array([ids.get(one, one) for one in encoded.dictionary.to_pylist()], pa.string())
        renamed = pa.DictionaryArray.from_arrays(encoded.indices, known).cast(pa.string())
        table = table.set_column(place, name, renamed.cast(table.schema.field(place).type))
    pq.write_table(table, path, compression="snappy")
