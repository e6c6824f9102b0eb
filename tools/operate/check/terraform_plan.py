"""A Terraform plan: both sides of each change, with what is known only after apply, and what refers to what."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tools.operate.check.owners import team_of
from tools.operate.check.shapes import mapping_of, mappings_of, texts_of

TEMPLATES = ("aws_launch_template", "aws_launch_configuration")
TEMPLATE_ATTRIBUTES = ("launch_template", "launch_configuration", "mixed_instances_policy")


@dataclass(frozen=True)
class Side:
    """A resource before or after the plan."""

    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    """Attributes that are known only after apply: true, or the same shape with true inside."""
    region: str | None
    """The provider's, where the resource names none."""
    team: str | None
    templates: tuple["Side", ...]
    """Launch templates that it starts machines from."""

    def is_unknown(self, name: str) -> bool:
        return bool(self.unknown.get(name)) and self.values.get(name) is None

    def block(self, name: str) -> "Side | None":
        """The first block of that name; None where there is none."""
        found, unknown = self.values.get(name), self.unknown.get(name)
        own = found[0] if isinstance(found, Sequence) and not isinstance(found, str) and found else found
        hidden = unknown[0] if isinstance(unknown, list) and unknown else unknown
        if not isinstance(own, Mapping):
            return None
        return Side(own, hidden if isinstance(hidden, Mapping) else {}, self.region, self.team, ())

    def blocks(self, name: str) -> tuple["Side", ...]:
        found, unknown = self.values.get(name), self.unknown.get(name)
        hidden = unknown if isinstance(unknown, list) else []
        return tuple(
            Side(
                one, hidden[n] if n < len(hidden) and isinstance(hidden[n], Mapping) else {}, self.region, self.team, ()
            )
            for n, one in enumerate(found if isinstance(found, list) else [])
            if isinstance(one, Mapping)
        )


class TerraformPlan:
    """Reads resource_changes and configuration of a plan."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._value = value

    @cached_property
    def changes(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(mappings_of(self._value.get("resource_changes")))

    def side(self, one: Mapping[str, Any], which: str) -> Side | None:
        """A change's `before` or `after`; None where it has none."""
        change = mapping_of(one, "change")
        values = change.get(which)
        if not isinstance(values, Mapping):
            return None
        unknown = mapping_of(change, "after_unknown") if which == "after" else {}
        templates = tuple(
            side for template in self._templates_of(one, values) if (side := self.side(template, which)) is not None
        )
        return Side(
            values=values,
            unknown=unknown,
            region=self._region(one),
            team=team_of(
                values.get("tags_all"), values.get("tags"), values.get("labels"), values.get("resource_labels")
            ),
            templates=templates,
        )

    def is_changed_by_template(self, one: Mapping[str, Any]) -> bool:
        """Whether a template that it starts machines from is updated, so that its next machines are others."""
        values = mapping_of(one, "change", "after")
        return any("update" in actions_of(template) for template in self._templates_of(one, values))

    def _templates_of(self, one: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """By id or name where they are known, else by what the configuration refers to."""
        if not any(values.get(name) for name in TEMPLATE_ATTRIBUTES) and not self._references(one):
            return
        named = set(_named(values))
        found = [t for t in self._templates if named & {*_identities(t, "after"), *_identities(t, "before")}]
        if not found:
            prefix, own = _module(str(one.get("address"))), _index(str(one.get("address")))
            wanted = {f"{prefix}{reference}" for reference in self._references(one)}
            found = [t for t in self._templates if _without_index(str(t.get("address")), prefix) in wanted]
            same = [t for t in found if _index(str(t.get("address"))) == own]
            found = same if len(found) > 1 and same else found
        yield from found[:1]

    @cached_property
    def _templates(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(one for one in self.changes if one.get("type") in TEMPLATES)

    def _references(self, one: Mapping[str, Any]) -> set[str]:
        """`aws_launch_template.gpu`: templates that the resource's expressions refer to."""
        configured = self._configured(str(one.get("address")))
        expressions = mapping_of(configured, "expressions")
        found = {ref for name in TEMPLATE_ATTRIBUTES for ref in _all_references(expressions.get(name))}
        return {".".join(ref.split(".")[:2]).split("[")[0] for ref in found if ref.startswith(TEMPLATES)}

    def _configured(self, address: str) -> Mapping[str, Any] | None:
        module = mapping_of(self._value, "configuration", "root_module")
        parts = re.sub(r"\[[^\]]*\]", "", address).split(".")
        while len(parts) > 2 and parts[0] == "module":
            module = mapping_of(module, "module_calls", parts[1], "module")
            parts = parts[2:]
        wanted = ".".join(parts)
        return next((r for r in mappings_of(module.get("resources")) if r.get("address") == wanted), None)

    def _region(self, one: Mapping[str, Any]) -> str | None:
        """What the provider's configuration says: a constant, or a variable with a value."""
        providers = mapping_of(self._value, "configuration", "provider_config")
        key = str(mapping_of(self._configured(str(one.get("address")))).get("provider_config_key"))
        names = (key, key.rpartition(":")[2], str(one.get("type", "")).partition("_")[0])
        chosen = next((found for name in names if (found := mapping_of(providers, name))), {})
        expression = mapping_of(chosen, "expressions", "region")
        if isinstance(expression.get("constant_value"), str):
            return str(expression["constant_value"])
        for reference in texts_of(expression.get("references")):
            value = mapping_of(self._value, "variables", reference.removeprefix("var.")).get("value")
            if reference.startswith("var.") and isinstance(value, str):
                return value
        return None


def actions_of(change: Mapping[str, Any]) -> frozenset[str]:
    """What the plan does to a resource: create, update, delete, read, no-op, forget."""
    return frozenset(texts_of(mapping_of(change, "change").get("actions")))


def _named(values: Any) -> Iterator[str]:
    """Ids and names of templates inside a resource's values."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            if name in ("launch_configuration", "launch_template_id", "launch_template_name") and isinstance(
                value, str
            ):
                yield value
            elif name in ("launch_template", "mixed_instances_policy", "launch_template_specification"):
                for block in value if isinstance(value, list) else [value]:
                    if isinstance(block, Mapping):
                        yield from (str(block[k]) for k in ("id", "name") if isinstance(block.get(k), str))
                        yield from _named(block)


def _identities(template: Mapping[str, Any], which: str) -> set[str]:
    values = mapping_of(template, "change", which)
    return {str(values[name]) for name in ("id", "name") if values.get(name)}


def _all_references(expression: Any) -> Iterator[str]:
    if isinstance(expression, Mapping):
        for name, value in expression.items():
            if name == "references" and isinstance(value, list):
                yield from (str(one) for one in value)
            else:
                yield from _all_references(value)
    elif isinstance(expression, list):
        for one in expression:
            yield from _all_references(one)


def _module(address: str) -> str:
    """`module.a.module.b["x"].` of an address; empty at the root."""
    found = re.match(r"^((?:module\.[^.\[]+(?:\[[^\]]*\])?\.)*)", address)
    return found[1] if found else ""


def _without_index(address: str, prefix: str) -> str:
    return prefix + re.sub(r"\[[^\]]*\]$", "", address.removeprefix(prefix)) if address.startswith(prefix) else address


def _index(address: str) -> str:
    found = re.search(r"(\[[^\]]*\])$", address)
    return found[1] if found else ""
