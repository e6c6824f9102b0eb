"""An answer's id carries a digest of its content, so that a changed answer no longer fits its id."""

import hashlib
import secrets
from base64 import b32encode

from agent.answer.codec import encode
from tools.domain.answer import Answer

_UNSEALED = frozenset({"id", "seconds", "model_usage"})
_NONCE_BYTES, _DIGEST_BYTES = 5, 10


def sealed(answer: Answer) -> Answer:
    """The answer with a fresh id: `a-`, 8 random characters, 16 of the digest."""
    nonce = _text(secrets.token_bytes(_NONCE_BYTES))
    return answer.model_copy(update={"id": f"a-{nonce}{_digest(nonce, answer)}"})


def fits_seal(answer: Answer) -> bool:
    """Whether the content is the one that the id was made for."""
    nonce = answer.id.removeprefix("a-")[: _NONCE_BYTES * 8 // 5]
    return answer.id == f"a-{nonce}{_digest(nonce, answer)}"


def _digest(nonce: str, answer: Answer) -> str:
    content = f"{nonce}\n{encode(answer, leave_out=_UNSEALED)}"
    return _text(hashlib.sha256(content.encode()).digest()[:_DIGEST_BYTES])


def _text(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()
