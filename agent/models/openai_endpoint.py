"""An OpenAI-compatible endpoint as a chat model: OpenAI, Azure OpenAI, vLLM, Ollama, a gateway.

Retries are the OpenAI client's own: it knows which statuses are worth another try, backs off with jitter and honours
`Retry-After`; a second layer around it would only multiply the attempts. A stream that breaks half-way is not retried,
because its tokens are paid for.
"""

import warnings
import weakref
from collections.abc import Iterator
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx2
import openai
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from openai import APIConnectionError, APIStatusError, APITimeoutError, NotFoundError

from agent.models.faults import ModelFault, broken_off, silent, status_fault, unreachable, unreadable
from agent.settings import OPENAI_URL, Settings

if TYPE_CHECKING:
    from langchain_openai.chat_models.base import BaseChatOpenAI

NO_KEY = "none"
"""What a server without keys is sent: the client insists on one."""
MOST_BYTES = 8_000_000
"""Of one response. A reply within its character cap stays far below."""


def open_model(settings: Settings) -> "BaseChatOpenAI":
    """The chat model of the settings; nothing is sent yet."""
    # A count that is no number makes pydantic warn, and its warning quotes the endpoint on the terminal.
    warnings.filterwarnings("ignore", "Pydantic serializer warnings", UserWarning)
    endpoint = settings.endpoint
    client = http_client(endpoint.timeout_seconds, settings.model_caps.seconds)
    model = _model(settings, client)
    weakref.finalize(model, client.close)
    return model


def _model(settings: Settings, client: httpx2.Client) -> "BaseChatOpenAI":
    endpoint = settings.endpoint
    common: dict[str, Any] = {
        "model": settings.model,
        "api_key": settings.api_key or NO_KEY,
        "timeout": float(endpoint.timeout_seconds),
        "max_retries": endpoint.retries,
        "stream_usage": True,
        "http_client": client,
    }
    if endpoint.api_version:
        return AzureChatOpenAI(
            azure_endpoint=settings.base_url,
            azure_deployment=settings.model,
            api_version=endpoint.api_version,
            use_responses_api=False,
            **common,
        )
    return ChatOpenAI(base_url=settings.base_url or OPENAI_URL, use_responses_api=False, **common)


def served_models(settings: Settings) -> tuple[str, ...] | None:
    """The models that the endpoint lists, None when it keeps no list. Costs nothing. Raises ModelFault."""
    model = open_model(settings.model_copy(update={"endpoint": settings.endpoint.model_copy(update={"retries": 0})}))
    if settings.endpoint.api_version:
        return None  # Azure lists base models, not the deployments that are asked
    try:
        return tuple(sorted(one.id for one in model.root_client.models.list()))
    except NotFoundError:
        return None
    except Exception as fault:
        raise explain(fault) from fault


def http_client(timeout_seconds: int, most_seconds: int) -> httpx2.Client:
    """An HTTP client that goes nowhere but where it was sent, and reads no response without end."""
    return openai.DefaultHttpxClient(
        timeout=float(timeout_seconds),
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [partial(_bound, most_seconds=most_seconds)]},
    )


def explain(error: Exception) -> ModelFault:
    """An error of the client, its HTTP library or its parsers as a fault in our words."""
    if isinstance(error, APIStatusError):
        return status_fault(error.status_code)
    if isinstance(error, APITimeoutError | httpx2.TimeoutException):
        return silent()
    if isinstance(error, APIConnectionError | httpx2.TransportError):
        causes = list(_causes(error))
        if any(isinstance(cause, UnboundedResponse) for cause in causes):
            return unreadable()
        return broken_off() if any(isinstance(one, httpx2.RemoteProtocolError) for one in causes) else unreachable()
    return unreadable()


class UnboundedResponse(httpx2.RemoteProtocolError):
    """A response that is packed, too large, or does not end."""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _bound(response: httpx2.Response, most_seconds: int) -> None:
    """Refuse what would unpack to more than was sent, and count what comes. Raises UnboundedResponse."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise UnboundedResponse("a packed response, which was not asked for")
    response.stream = _Bounded(response.stream, monotonic() + most_seconds)


class _Bounded(httpx2.SyncByteStream):
    """A response's bytes, up to a number and a time."""

    def __init__(self, stream: Any, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            if size > MOST_BYTES or monotonic() > self._deadline:
                raise UnboundedResponse("a response without end")
            yield part

    def close(self) -> None:
        self._stream.close()
