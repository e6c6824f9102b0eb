"""Nothing in the tests depends on the clock: a slow machine fails no example for its time."""

from hypothesis import settings

settings.register_profile("outlay", deadline=None)
settings.load_profile("outlay")
