"""Filters: their values checked against what is loaded, and written as expressions."""

from collections.abc import Sequence
from difflib import get_close_matches

from sqlglot import exp

from tools.domain.errors import BadRequest, NoData, UnknownName
from tools.domain.scope import Filter
from tools.registry import CostReader
from tools.semantic.columns import Columns
from tools.semantic.dimension import Dimension

MOST_LISTED = 5000
"""The store lists no more values of a dimension than this; beyond it a value may exist and not be listed."""


def known_values(dimension: Dimension, reader: CostReader) -> tuple[str, ...]:
    """The values that the store lists, most costly first; `lists_all` tells whether these are all."""
    names = [dimension.name]
    if dimension.json_column == "Tags":
        names = [f"tag:{key}" for key in reader.tag_keys() if key.lower() == dimension.key.lower()]
    elif dimension.fallback and dimension.name not in reader.columns:
        names = [dimension.fallback]
    found = tuple(dict.fromkeys(value for name in names for value in reader.values(name)))
    if dimension.fallback and dimension.name in reader.columns:
        found = tuple(dict.fromkeys((*found, *reader.values(dimension.fallback))))
    return () if dimension.json_column == "SkuPriceDetails" else found


def lists_all(dimension: Dimension, reader: CostReader) -> bool:
    """Whether `known_values` are all values there are: so for columns of the rollup, if they are not too many."""
    return dimension.name in reader.rollup_columns and 0 < len(known_values(dimension, reader)) < MOST_LISTED


def checked(one: Filter, dimension: Dimension, reader: CostReader) -> Filter:
    """The filter with its values as they are spelled in the data.

    Raises:
        UnknownName: a value is not there, and others are close to it.
        NoData: a value is not there, and nothing is like it.
    """
    if one.operator in ("in", "not_in", "contains", "starts_with") and not one.values:
        raise BadRequest(f"the filter on {one.dimension} with operator {one.operator!r} needs values")
    known = known_values(dimension, reader)
    if one.operator not in ("in", "not_in") or not known:
        return one
    spelled: dict[str, list[str]] = {}
    for value in known:
        spelled.setdefault(value.lower(), []).append(value)
    values: list[str] = []
    for value in one.values:
        exact = [value] if value in known else spelled.get(value.lower().strip(), [])
        if not exact and (lists_all(dimension, reader) or dimension.json_column):
            _refuse(value, dimension, known, for_sure=lists_all(dimension, reader))
        values += exact or [value]
    return one.model_copy(update={"values": tuple(dict.fromkeys(values))})


def _refuse(value: str, dimension: Dimension, known: Sequence[str], *, for_sure: bool) -> None:
    lowered = {name.lower(): name for name in known}
    near = [lowered[name] for name in get_close_matches(value.lower(), list(lowered), n=5, cutoff=0.7)]
    if near:
        raise UnknownName(dimension.name, value, near)
    if not for_sure:
        return
    raise NoData(
        f"nothing is loaded for {dimension.label} {value!r}; there is {_some(known)}", "absent", available=known[:20]
    )


def _some(names: Sequence[str], most: int = 8) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def written(one: Filter, dimension: Dimension, columns: Columns) -> exp.Expr:
    """The filter as a condition; values are parameters."""
    value = columns.dimension(dimension)
    if one.operator == "is_null":
        return value.is_(exp.null())
    if one.operator == "is_not_null":
        return exp.not_(value.is_(exp.null()))
    if one.operator in ("in", "not_in"):
        return _listed(one, dimension, value, columns)
    function = "CONTAINS" if one.operator == "contains" else "STARTS_WITH"
    found = [
        exp.Anonymous(this=function, expressions=[exp.Lower(this=value.copy()), columns.parameters.add(text.lower())])
        for text in one.values
    ]
    return exp.paren(exp.or_(*found))


def _listed(one: Filter, dimension: Dimension, value: exp.Expr, columns: Columns) -> exp.Expr:
    if lists_all(dimension, columns.reader):
        listed: exp.Expr = value.isin(*map(columns.parameters.add, one.values))
    else:
        lowered = [columns.parameters.add(text.lower()) for text in one.values]
        listed = exp.Lower(this=value.copy()).isin(*lowered)
    if one.operator == "in":
        return listed
    return exp.paren(exp.or_(value.copy().is_(exp.null()), exp.not_(listed)))
