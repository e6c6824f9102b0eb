"""Columns of single requests: kept with the charges, and no words that anyone could ask for."""

from pathlib import Path

import pytest

from tests.optimize.llm.store import loaded, request


@pytest.mark.parametrize("column", ["x_RequestHash", "x_PrefixHashes", "x_SimHash", "x_Embedding"])
def test_a_hash_is_kept_with_each_charge_and_is_no_name_to_ask_for(tmp_path: Path, column: str) -> None:
    store = loaded(
        tmp_path, [request("05T10:00:00", **{column: "a1"}), request("05T11:00:00", **{column: "b2"})]
    ).ctx.store
    kept = store.query(f'SELECT DISTINCT "{column}" FROM charges ORDER BY 1').rows
    assert [value for (value,) in kept] == ["a1", "b2"]
    assert store.values(column) == ()
