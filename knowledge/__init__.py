"""What Outlay knows, as text and data files; each kind of file has one typed loader in tools/.

`read("metrics.yaml")` works from a checkout and from an installed wheel.
"""

from importlib.resources import files


def read(name: str) -> str:
    """The text of a file in this package. Raises FileNotFoundError when there is none."""
    return (files(__name__) / name).read_text(encoding="utf-8")
