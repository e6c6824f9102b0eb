"""Explanations of change against what must hold: random cubes, and what is planted in the demo world."""
