"""AWS clients that admit each call by its IAM name before it is signed, and send it once."""

from collections.abc import Callable, Iterable
from typing import Any

from tools.operate.remediation.access import Access
from tools.operate.remediation.action import CallRefused, Surprise

REFUSALS = frozenset({400, 401, 403, 404, 409})
"""Answers by which AWS says that it did not do it."""
CONNECT_SECONDS, READ_SECONDS = 10, 30


class AwsAccess(Access):
    """`session` makes clients as boto3's does; `endpoint_url` is another endpoint than Amazon's own."""

    def __init__(self, session: Any, permissions: Iterable[str], endpoint_url: str | None = None) -> None:
        super().__init__(permissions)
        self._session, self._endpoint_url = session, endpoint_url
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str) -> Any:
        """A client that never repeats a call by itself: whether that is safe is not its to know."""
        if (service, region) not in self._clients:
            from botocore.config import Config

            once = Config(retries={"total_max_attempts": 1}, connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)
            made = self._session.client(service, region_name=region, endpoint_url=self._endpoint_url, config=once)
            made.meta.events.register("provide-client-params", self._admit)
            self._clients[service, region] = made
        return self._clients[service, region]

    def _admit(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        call = iam_name(model.service_model.signing_name, model.name)
        self.admit(f"dry-run:{call}" if params.get("DryRun") else call)


def iam_name(service: str, operation: str) -> str:
    """The permission that an operation takes: of the same name, but for Budgets, which has two for all of them.

    Source: AWS's Service Authorization Reference.
    """
    if service == "budgets":
        return "budgets:ViewBudget" if operation.startswith("Describe") else "budgets:ModifyBudget"
    return f"{service}:{operation}"


def read_or_none(call: Callable[[], Any], *absent: str) -> Any | None:
    """What a reading call answers; None for an error that begins with one of `absent`: its code, or where a code says
    too little "Code: message". Raises OSError when AWS can't be asked, or answers another error."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        return call()
    except ClientError as fault:
        if _told(fault).startswith(absent):
            return None
        raise OSError(_told(fault)) from fault
    except (BotoCoreError, ResponseParserError) as fault:
        raise OSError(f"AWS could not be reached: {fault}") from fault


def change(call: Callable[[], Any]) -> Any:
    """What a changing call answers.

    Raises:
        CallRefused: AWS refused it, so it certainly did not happen.
        Surprise: nobody knows.
    """
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
    from botocore.parsers import ResponseParserError

    try:
        return call()
    except ClientError as fault:
        status = fault.response["ResponseMetadata"].get("HTTPStatusCode")
        raise (CallRefused if status in REFUSALS else Surprise)(_told(fault)) from fault
    except ParamValidationError as fault:
        raise CallRefused(str(fault)) from fault
    except (BotoCoreError, ResponseParserError) as fault:  # the latter: a proxy answered, in HTML
        raise Surprise(str(fault)) from fault


def rehearse(call: Callable[[], Any]) -> None:
    """EC2's dry run: it answers DryRunOperation where the call would be taken. Raises CallRefused where not."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        call()
    except ClientError as fault:
        if fault.response["Error"]["Code"] != "DryRunOperation":
            raise CallRefused(_told(fault)) from fault
    except (BotoCoreError, ResponseParserError) as fault:
        raise CallRefused(f"AWS could not be asked: {fault}") from fault


def _told(fault: Any) -> str:
    error = fault.response["Error"]
    return f"{error['Code']}: {error.get('Message', '')}"
