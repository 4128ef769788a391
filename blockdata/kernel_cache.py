"""Where compiled kernels are kept when neither the install nor the home folder can be written.

numba keeps them beside the source, or where that is read-only in the user's cache folder
(``~/.cache/numba``). A service account may have no home; then numba refuses to start at all.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def place_kernel_cache() -> None:
    """Name a folder for numba where it would find none; call it before numba is imported."""
    folder = fallback_folder(os.environ, PACKAGE)
    if folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(folder)


def fallback_folder(environment: Mapping[str, str], package: Path) -> Path | None:
    """A folder of our own under the temporary one; None where numba finds a place by itself.

    Compiled code is run as it is found, so a folder that is another's is passed over.
    """
    if environment.get("NUMBA_CACHE_DIR") or os.access(package, os.W_OK):
        return None
    try:
        home = Path(environment.get("HOME") or "~").expanduser()
    except RuntimeError:  # a user without an entry has no home
        home = Path("/nonexistent")
    if _can_be_made(Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "numba"):
        return None
    own = Path(tempfile.gettempdir()) / f"blockdata-kernels-{os.getuid()}"
    try:
        own.mkdir(mode=0o700, exist_ok=True)
        state = own.lstat()
    except OSError:
        return None
    ours = own.is_dir() and not own.is_symlink() and state.st_uid == os.getuid()
    return own if ours and not state.st_mode & 0o077 else Path(tempfile.mkdtemp(prefix=own.name))


def _can_be_made(folder: Path) -> bool:
    """Whether a folder is there to be written, made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
