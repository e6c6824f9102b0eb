"""What a home remembers: conversations and answers."""

import os

# Without this a crafted checkpoint runs code when it is read; LangGraph looks at it once, on import.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
