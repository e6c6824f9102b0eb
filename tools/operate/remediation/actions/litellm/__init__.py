"""The LiteLLM proxy, by its admin API. LiteLLM itself is never imported."""
