"""people.yaml in the home: who may ask, in whose words, and which rows each of them may see.

people:
  ada:
    name: Ada Example
    email: ada@example.com
    os_user: ada
    slack_id: U0ADA
    token_sha256: 3f79…        # of the token she calls `outlay mcp --http` with; `outlay mcp --new-token` makes both
    persona: engineering
    teams: [search]
    rows: {x_Team: [search], tag:env: [prod, dev]}
default:
  rows: everything
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError, model_validator

from agent.identity import Asker, Surface, unlisted_id
from tools.domain.errors import BadInput, BadSetting, NotPermitted
from tools.domain.scope import Filter, Scope

PEOPLE_FILE = "people.yaml"
EVERYTHING = "everything"
FORMS = "write rows: everything, or rows: {x_Team: [search]}"


def _read_rows(written: Any) -> Scope:
    """`everything`, or column → values that may be seen. Raises ValueError."""
    if written == EVERYTHING:
        return Scope()
    if not isinstance(written, dict) or not written or not all(isinstance(one, list) for one in written.values()):
        raise ValueError(FORMS)
    return Scope(filters=tuple(Filter(dimension=name, values=tuple(values)) for name, values in written.items()))


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    persona: Text | None = None
    teams: tuple[Text, ...] = ()
    rows: Annotated[Scope, BeforeValidator(_read_rows)]
    """Never left out: what somebody may see is stated, not inferred from a team."""


class Default(_Entry):
    """What anybody is who is not listed."""


class Person(_Entry):
    """One person, and the names that surfaces know them by."""

    name: Text
    email: Text | None = None
    os_user: Text | None = None
    slack_id: Text | None = None
    token_sha256: Digest | None = None
    """Not the token itself, so that whoever reads the file can't call as its owner."""

    def is_known_as(self, surface: Surface, name: str) -> bool:
        own: str | None = getattr(self, surface)
        return own is not None and (own.casefold() == name.casefold() if surface == "email" else own == name)


class People(BaseModel):
    """Everybody who may ask."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    people: dict[PersonId, Person]
    default: Default | None = None

    @model_validator(mode="after")
    def _are_told_apart(self) -> "People":
        for surface in ("email", "os_user", "slack_id", "token_sha256"):
            names = [name.casefold() for one in self.people.values() if (name := getattr(one, surface))]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{surface} {', '.join(twice)} stands at several people; each belongs to one")
        return self

    def identify(self, surface: Surface, name: str) -> Asker:
        """Who it is that a surface knows by `name`.

        Raises:
            NotPermitted: the person is not listed, and there is no default; a token that is nobody's has none.
        """
        for key, one in self.people.items():
            if one.is_known_as(surface, name):
                return Asker(id=key, name=one.name, persona=one.persona, teams=one.teams, scope=one.rows)
        if surface == "token_sha256":
            raise NotPermitted(f"this token belongs to nobody in {PEOPLE_FILE}; `outlay mcp --new-token` makes one")
        if self.default is None:
            raise NotPermitted(
                f"{surface} {name!r} is not in {PEOPLE_FILE}, so nothing can be shown; "
                f"whoever keeps that file can add {surface}: {name} to a person, or a default"
            )
        entry = self.default
        return Asker(
            id=unlisted_id(surface, name), name=name, persona=entry.persona, teams=entry.teams, scope=entry.rows
        )


def load_people(home: Path) -> People | None:
    """Who may ask in a home; None where there is no people.yaml, and everybody sees everything.

    Raises:
        BadSetting: the file can't be used; names the entry and what would work.
    """
    path = home / PEOPLE_FILE
    if not path.exists():
        return None
    from tools.pricing.exact_yaml import read_exact

    try:
        return People.model_validate(read_exact(path).value or {})
    except BadInput as fault:
        raise BadSetting(f"{PEOPLE_FILE} can't be used: {fault}") from None
    except ValidationError as fault:
        raise BadSetting(f"{PEOPLE_FILE}: {'; '.join(_explain(error) for error in fault.errors()[:5])}") from None


def _explain(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"] if part not in ("[key]", "filters"))
    match error["type"]:
        case "extra_forbidden":
            known = ["people", "default"] if len(error["loc"]) == 1 else _fields(error["loc"][0])
            return f"{place} is not known; known are {', '.join(known)}"
        case "missing":
            return f"{place} is missing" + (f": {FORMS}" if error["loc"][-1] == "rows" else "")
        case "string_pattern_mismatch" if error["loc"][-1] == "token_sha256":  # never repeated: it may be a token
            return f"{place} has to be 64 hex digits; `outlay mcp --new-token` makes a token and its digest"
        case "string_pattern_mismatch":
            return f"{error['input']!r} can't be a person's key; use small letters, digits, dots, hyphens, such as ada"
        case "tuple_type":
            return f"{place}={error['input']!r} is no list; write [{error['input']}]"
        case _:
            return f"{place}: {error['msg']}".removeprefix(": ").replace("Value error, ", "")


def _fields(section: object) -> list[str]:
    return list((Default if section == "default" else Person).model_fields)
