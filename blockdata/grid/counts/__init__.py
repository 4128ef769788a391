"""Counts of everything registered, by place; kept up to date by the register's changes."""
