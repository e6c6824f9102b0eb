"""A home whose model wants changes made that nobody approved: a cloud that counts, a person who decides, a judge."""
