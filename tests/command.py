"""Where the one command stands in the environment that runs the tests."""

import sys
from pathlib import Path

BLOCKDATA = str(Path(sys.executable).with_name("blockdata"))
