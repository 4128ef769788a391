"""Numbers only: every file here imports numpy and numba, and nothing else."""
