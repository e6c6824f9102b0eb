"""The token counts that an endpoint reports, when they can be believed."""

from langchain_core.messages.ai import UsageMetadata

from agent.models.spending import MOST_BELIEVED, Tokens


def reported(usage: UsageMetadata | None) -> Tokens | None:
    """The reported counts as disjoint ones; None when there are none, or when they contradict themselves.

    At an OpenAI-compatible endpoint the prompt's count includes what was cached. A count of reasoning above that of
    the completion stands beside it (xAI), else inside.
    """
    if not usage:
        return None
    whole, output = usage.get("input_tokens"), usage.get("output_tokens")
    cached = (usage.get("input_token_details") or {}).get("cache_read") or 0
    reasoning = (usage.get("output_token_details") or {}).get("reasoning") or 0
    counts = (whole, output, cached, reasoning)
    if not all(isinstance(count, int) and 0 <= count <= MOST_BELIEVED for count in counts):
        return None
    if whole is None or output is None or whole == 0 or cached > whole:
        return None
    inside = reasoning if reasoning <= output else 0
    return Tokens(whole - cached, cached, output - inside, reasoning)
