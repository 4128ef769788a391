"""Debian's chromium for the tests of the page: found, installed by apt, or unpacked without root.

Run as ``python -m tests.chromium`` by ``make test``, before the tests.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from blockdata.console import language, report_error, say
from blockdata.debian import bring_packages, unpacked_environment
from blockdata.errors import SetupError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PACKAGES = ("chromium", "fonts-noto-cjk", "libatomic1")
"""The last is for Playwright, which brings a Node.js that needs it."""
UNPACKED = Path(__file__).resolve().parent.parent / "build" / "chromium"
_PLACES = (Path("/usr/bin/chromium"), UNPACKED / "usr/lib/chromium/chromium")

# Without these, chromium looks for hosts of its maker, which a closed network refuses.
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # The sandbox asks for rights that root, and an unpacked copy, do not have.
    "--no-sandbox",
)


def executable() -> Path | None:
    """Where chromium stands, or None."""
    return next((place for place in _PLACES if place.is_file()), None)


def environment() -> dict[str, str]:
    """The environment it runs in."""
    if not UNPACKED.is_dir():
        return dict(os.environ)
    fonts = {
        "FONTCONFIG_PATH": str(UNPACKED / "etc/fonts"),
        "XDG_DATA_HOME": str(UNPACKED / "usr/share"),
    }
    return os.environ | unpacked_environment(UNPACKED) | fonts


@contextmanager
def opened() -> Iterator["Browser"]:
    """Debian's chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    found, own = executable(), environment()
    assert found is not None, "chromium is missing; run: python -m tests.chromium"
    with patch.dict(os.environ, own):  # Playwright's own program is started with what stands here
        play = sync_playwright().start()
    try:
        browser = play.chromium.launch(executable_path=str(found), args=list(ARGUMENTS), env=own)
        yield browser
        browser.close()
    finally:
        play.stop()


def is_ready() -> bool:
    """Whether chromium is there and Playwright's own program can run."""
    from playwright._impl._driver import compute_driver_executable

    if executable() is None:
        return False
    node, _ = compute_driver_executable()
    said = subprocess.run([node, "--version"], env=environment(), capture_output=True, check=False)
    return said.returncode == 0


def main() -> None:
    if not is_ready():
        try:
            bring_packages(PACKAGES, UNPACKED, say, there=is_ready)
        except SetupError as error:
            report_error(error, as_json=False)
            raise SystemExit(1) from None
    print({"zh": "浏览器", "en": "browser"}[language()], executable())


if __name__ == "__main__":
    main()
