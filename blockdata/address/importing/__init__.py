"""Addresses from a CSV file into a named area: read, checked, and only then stored."""
