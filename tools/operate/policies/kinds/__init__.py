"""What rules can be about: one kind of thing a file, each with its rows and columns."""
