"""The prompt-caching lever against a direct replay of real prompts' block hashes."""
