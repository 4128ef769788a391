"""Proofs too long for every run of the tests: ``make prove NAME=…`` runs one."""
