"""Bearer tokens: who calls over HTTP, where a port can't tell one user of a machine from another."""

import hashlib
import logging
import secrets
from typing import NamedTuple

from mcp.server.auth.provider import AccessToken

from agent.people import PEOPLE_FILE, People, load_people
from agent.settings import Settings
from tools.domain.errors import BadSetting

LOG = logging.getLogger("outlay.mcp")


class NewToken(NamedTuple):
    """A token for its owner, and its digest for people.yaml."""

    token: str
    digest: str


def new_token() -> NewToken:
    token = secrets.token_urlsafe(32)
    return NewToken(token, token_digest(token))


def token_digest(token: str) -> str:
    """What people.yaml holds: a token has 256 random bits, so that a plain digest can't be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def are_tokens_needed(settings: Settings) -> bool:
    """Whether the home tells people apart.

    Raises:
        BadSetting: it does, and none of them has a token.
    """
    people = load_people(settings.home)
    if people is None:
        return False
    if not any(one.token_sha256 for one in people.people.values()):
        raise BadSetting(
            f"over HTTP nothing says who calls, and nobody in {PEOPLE_FILE} has a token_sha256; "
            "outlay mcp --new-token makes one, and outlay mcp without --http needs none"
        )
    return True


class PeoplesTokens:
    """Knows the tokens of people.yaml as it stands now, so that a line taken out shuts its owner out at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def verify_token(self, token: str) -> AccessToken | None:
        digest, people = token_digest(token), self._people()
        if people is None or not any(one.token_sha256 == digest for one in people.people.values()):
            return None
        return AccessToken(token=digest, client_id=digest, scopes=[])

    def _people(self) -> People | None:
        try:
            return load_people(self._settings.home)
        except BadSetting as fault:
            LOG.warning("nobody is let in: %s", fault)
            return None
