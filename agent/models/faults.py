"""Why a model could not answer, in words of our own: what an endpoint says is never shown."""

from tools.domain.errors import OutlayError


class ModelFault(OutlayError):
    """The model gave no usable reply. The message completes "the model …"; `remedy` says what a person can do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class CapReached(ModelFault):
    """The model was stopped because the answer had used what one answer may use."""

    def __init__(self, used: str, setting: str) -> None:
        super().__init__(
            f"was stopped: {used}", f"raise {setting} under [model_caps] in outlay.toml, or ask for less at once"
        )


def unreadable() -> ModelFault:
    return ModelFault(
        "sent a reply that can't be read", "check that the endpoint speaks OpenAI's chat completions with streaming"
    )


def silent() -> ModelFault:
    return ModelFault("did not answer in time", "check the endpoint, or raise timeout_seconds under [endpoint]")


def unreachable() -> ModelFault:
    return ModelFault("can't be reached", "check OUTLAY_BASE_URL and that the server runs")


def broken_off() -> ModelFault:
    return ModelFault("broke off in the middle of its reply", "try again, or see the endpoint's own log")


def status_fault(status: int) -> ModelFault:
    """What an HTTP status means."""
    if status in (401, 403):
        return ModelFault(f"refused the key (HTTP {status})", "set OUTLAY_API_KEY to a key that may use this model")
    if status == 404:
        return ModelFault(
            "is not known at the endpoint (HTTP 404)", "check OUTLAY_MODEL, and that OUTLAY_BASE_URL is right"
        )
    if status == 429:
        return ModelFault("is over its rate limit or quota (HTTP 429)", "wait, or raise the limit at the provider")
    if 300 <= status < 400:
        return ModelFault(
            f"sent us elsewhere (HTTP {status}), which is not followed", "set OUTLAY_BASE_URL to the final address"
        )
    if status >= 500:
        return ModelFault(f"has a fault of its own (HTTP {status})", "try again later, or see the endpoint's own log")
    return ModelFault(
        f"refused the request (HTTP {status})", "check that the model takes tools and streaming at this endpoint"
    )
