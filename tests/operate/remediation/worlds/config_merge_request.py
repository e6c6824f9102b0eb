"""Files on GitLab; patches are the same code as on GitHub."""

from tests.operate.remediation.worlds.forges import FileWorld, GitlabWorld


class TheWorld(FileWorld, GitlabWorld):
    """Values."""

    scenarios = ("a value",)
