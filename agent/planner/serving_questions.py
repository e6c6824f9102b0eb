"""Questions on what models of one's own machines cost to serve: "is self-hosting qwen cheaper than buying tokens"."""

import re

from agent.planner.asked import Asked
from agent.planner.calls import PlannedCall
from agent.planner.periods import periods, refused_time

_OWN = re.compile(
    r"\b(self[- ]?host(?:s|ed|ing)?|our own (?:models?|gpus?|machines|servers|inference)|own hosting|"
    r"in[- ]house models?|host(?:ing)? (?:it |them )?ourselves|serv(?:e|ing) (?:it |them )?ourselves)\b"
)
_SERVES = re.compile(
    r"\b(serving cost|cost of serving|cost to serve|break[- ]?even|cheaper|dearer|more expensive|pay(?:s|ing)? off|"
    r"(?:per|a) (?:million|m|1m) tokens|worth it|versus (?:buying|an api|the api)|vs\.? (?:buying|an api|the api|buy)|"
    r"than (?:buying|an api|the api))\b"
)
_BUILD_OR_BUY = re.compile(
    r"\b(build(?:ing)?|own(?:ing)?|(?:self[- ]?)?hosting) (?:versus|vs\.?|or|against) (?:buy(?:ing)?|(?:an|the) api)\b"
)
_ADVICE = re.compile(
    r"^\s*(?:when|should|formula|definition|how (?:do|can|should)|what (?:is|are) (?:the )?(?:risks?|steps?))\b"
)


def about_serving(asked: Asked) -> tuple[PlannedCall, ...] | None:
    """The call that sets serving beside buying; None for questions of another kind, and for those that ask advice."""
    question, reading, as_of = asked.question, asked.reading, asked.as_of
    text = question.lower()
    models = [value for names in reading.names if names.dimension == "x_Model" for value in names.values]
    asks = (_OWN.search(text) and _SERVES.search(text)) or (_BUILD_OR_BUY.search(text) and (models or "our" in text))
    serving = re.search(r"\bserving costs?\b", text)
    if not (asks or (serving and not _ADVICE.match(text))) or (_ADVICE.match(text) and not models):
        return None
    if refused_time(reading) is not None:
        return None
    arguments: dict[str, object] = {}
    if len(models) == 1:
        arguments["model"] = models[0]
    when = periods(reading, as_of)
    if when.period is not None:
        arguments["period"] = when.period.model_dump(mode="json")
    return (PlannedCall("serving_costs", arguments),)
