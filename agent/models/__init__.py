"""A configured model behind an OpenAI-compatible endpoint: its client, its caps, and what it used.

Nothing here is imported when the built-in planner answers.
"""
