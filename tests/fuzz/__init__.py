"""A fuzz of the command line: every command with values, files and settings that nobody expects."""
