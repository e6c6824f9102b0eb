"""A scripted OpenAI-compatible model, well-behaved or hostile: over HTTP on loopback, or in this process."""
