"""Levers on GPU machines, one file a lever."""
