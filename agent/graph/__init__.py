"""The LangGraph of a question: plan → tools → write → check → answer."""

import os

# LangChain would send every prompt, and the cost data in it, to a tracing service that the environment names.
for _switch in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[_switch] = "false"
