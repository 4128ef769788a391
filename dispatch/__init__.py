"""Getting the right people to the right place."""
