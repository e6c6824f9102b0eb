"""The Model Context Protocol: the agent's reading tools and its answers, for other assistants."""
