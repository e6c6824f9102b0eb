"""Files on GitLab."""

from tests.operate.remediation.worlds.forges import FileWorld, GitlabWorld


class TheWorld(FileWorld, GitlabWorld):
    """Values and patches."""
