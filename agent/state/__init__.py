"""What a home remembers: conversations and answers."""
