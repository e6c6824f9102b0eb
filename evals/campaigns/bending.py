"""Bending: one character of a row, or one leaf of what it holds, made another."""

from typing import Any

from evals.campaigns.approval_site import Site


def bend(site: Site, table: str, column: str) -> None:
    """Change, insert or drop one character of one row: the last one's, but anyone's of the trail."""
    rows = site.sql(f"SELECT rowid, {column} FROM {table} ORDER BY rowid")
    row, text = site.chance.choice(rows) if table == "trail" else rows[-1]
    at = site.chance.randrange(len(text))
    other = site.chance.choice([one for one in '0123456789abcdef",}Z -' if one != text[at]])
    bent = site.chance.choice(
        [text[:at] + other + text[at + 1 :], text[:at] + other + text[at:], text[:at] + text[at + 1 :]]
    )
    site.sql(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?", bent, row)


def bend_a_leaf(site: Site, value: Any) -> None:
    """Another value for one of the leaves of a JSON object, in place."""
    places: list[tuple[Any, Any]] = []

    def walk(inside: Any) -> None:
        for key in inside if isinstance(inside, dict) else range(len(inside)):
            if isinstance(inside[key], (dict, list)) and inside[key]:
                walk(inside[key])
            else:
                places.append((inside, key))

    walk(value)
    inside, key = site.chance.choice(places)
    old = inside[key]
    choices = [True, False, None, "x", "w-000000", "zoe", "prod", "1", 10**6, ["x"], {"x": "y"}, "2030-01-01T00:00:00Z"]
    inside[key] = site.chance.choice([one for one in choices if one != old or type(one) is not type(old)])
