"""Tickets, for what has no API of its own: the ticket holds the plan in words, and people do it."""
