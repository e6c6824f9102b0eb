"""Teams, projects, environments, use cases and customers out of Tags, for bills that carry them nowhere else."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from pydantic import RootModel

from tools.domain.errors import BadSetting
from tools.domain.focus import BY_NAME
from tools.store import Writer

TEXT = "tag_columns_text"
"""The column of `tag_columns` that holds the whole text of Tags."""


class TagKeys(RootModel[dict[str, tuple[str, ...]]]):
    """Column → the tag keys that may fill it, best first."""


@cache
def load_tag_keys() -> Mapping[str, tuple[str, ...]]:
    """Read knowledge/tag_keys.yaml.

    Raises:
        BadSetting: it names a column that the store does not have.
    """
    import yaml

    keys = TagKeys.model_validate(yaml.safe_load(files("knowledge").joinpath("tag_keys.yaml").read_text("utf-8"))).root
    unknown = set(keys) - set(BY_NAME)
    if unknown:
        raise BadSetting(f"knowledge/tag_keys.yaml names {', '.join(sorted(unknown))}, which the store does not have")
    return keys


def stage_tag_columns(writer: Writer, tags: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Make the table `tag_columns` (tags → columns) from (relation, expression of the JSON text); gives its columns.

    Each distinct text is parsed once; bills repeat them.
    """
    texts = " UNION ".join(f"SELECT DISTINCT {expression} AS tags FROM {relation}" for relation, expression in tags)
    writer.execute(
        f"CREATE TABLE tag_texts AS SELECT tags FROM ({texts}) WHERE json_valid(tags) AND json_type(tags) = 'OBJECT'"
    )
    present = [key for (key,) in writer.execute("SELECT DISTINCT unnest(json_keys(tags)) FROM tag_texts ORDER BY 1")]
    found = {column: _matching(wanted, present) for column, wanted in load_tag_keys().items()}
    chosen = {column: keys for column, keys in found.items() if keys}
    if chosen:
        items = ", ".join(f'{_first_of(keys)} AS "{column}"' for column, keys in chosen.items())
        writer.execute(f"CREATE TABLE tag_columns AS SELECT tags AS {TEXT}, {items} FROM tag_texts")
    return tuple(chosen)


def _matching(wanted: Sequence[str], present: Sequence[str]) -> list[str]:
    return [key for want in wanted for key in present if _plain(key) == _plain(want)]


def _plain(key: str) -> str:
    return "".join(sign for sign in key.lower() if sign not in " _-")


def _first_of(keys: Sequence[str]) -> str:
    values = [f"NULLIF(trim(json_extract_string(tags, {_path(key)})), '')" for key in keys]
    return f"COALESCE({', '.join(values)})"


def _path(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("'", "''")
    return f"'$.\"{escaped}\"'"
