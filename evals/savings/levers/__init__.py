"""What each lever should find: one module a lever, named like it."""
