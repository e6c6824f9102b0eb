"""Changes to files in git repositories, asked for by pull request and merge request."""
