"""Fixtures that every kind of test may use."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data (``BLOCKDATA_REAL_DATA``); tests that need it are skipped without."""
    folder = os.environ.get("BLOCKDATA_REAL_DATA")
    if not folder:
        pytest.skip("BLOCKDATA_REAL_DATA is not set")
    return Path(folder)
