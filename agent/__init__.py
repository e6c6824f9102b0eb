"""The agent: what it is asked, how it plans and answers, and the surfaces that people reach it by."""

import os

# Without this a crafted checkpoint runs code when it is read; LangGraph looks at it once, on import.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
