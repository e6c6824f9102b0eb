"""What tags say of a target: its name, environment and owner, by the keys that people use for them."""

from collections.abc import Mapping

NAME, ENVIRONMENT, OWNER = ("name",), ("environment", "env", "stage"), ("owner", "team")


def said(tags: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    """The value of the first of these keys, in any case; None where no tag says."""
    by_key = {key.casefold(): value for key, value in sorted(tags.items())}
    return next((by_key[key] for key in keys if by_key.get(key)), None)
