"""Levers on token spend, one file a lever."""
