"""The demo world: a seeded company's bills, token usage and story, written as raw files and loaded like anyone's."""

from tools.demo.world import FIRST_QUESTION, World, build_world, ensure_demo, load_world

__all__ = ["FIRST_QUESTION", "World", "build_world", "ensure_demo", "load_world"]
