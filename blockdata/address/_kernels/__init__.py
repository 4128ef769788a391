"""Kernels over code points and integer keys; they import numpy and numba only."""
