"""Debian's chromium for the tests of the page: found, installed by apt, or unpacked without root.

Run as ``python -m tests.chromium`` by ``make test``, before the tests.
"""

import os
from pathlib import Path

from blockdata.console import language, report_error, say
from blockdata.debian import bring_packages, unpacked_environment
from blockdata.errors import SetupError

PACKAGES = ("chromium", "fonts-noto-cjk")
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
    if executable() == _PLACES[0]:
        return dict(os.environ)
    fonts = {
        "FONTCONFIG_PATH": str(UNPACKED / "etc/fonts"),
        "XDG_DATA_HOME": str(UNPACKED / "usr/share"),
    }
    return os.environ | unpacked_environment(UNPACKED) | fonts


def main() -> None:
    if executable() is None:
        try:
            bring_packages(PACKAGES, UNPACKED, say)
        except SetupError as error:
            report_error(error, as_json=False)
            raise SystemExit(1) from None
    print({"zh": "浏览器", "en": "browser"}[language()], executable())


if __name__ == "__main__":
    main()
