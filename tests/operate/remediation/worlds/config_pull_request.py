"""Files on GitHub."""

from tests.operate.remediation.worlds.forges import FileWorld, GithubWorld


class TheWorld(FileWorld, GithubWorld):
    """Values and patches."""
