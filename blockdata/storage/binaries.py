"""PostgreSQL with PostGIS on this machine: found where Debian puts it, or brought there."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from blockdata.debian import bring_packages, unpacked_environment
from blockdata.errors import SetupError
from blockdata.settings import project_root
from blockdata.text import Text

POSTGRES_VERSION = "15"
PACKAGES = ("postgresql-15-postgis-3",)


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL installation: the folder of its programs and what they need around them."""

    programs: Path
    environment: dict[str, str] = field(default_factory=dict)

    def path(self, program: str) -> str:
        """The full path of ``initdb``, ``pg_ctl`` …"""
        return str(self.programs / program)


def unpacked_folder() -> Path:
    """Where PostgreSQL is unpacked without root: once for a checkout, whatever ``var`` is."""
    return project_root() / "var" / "postgresql"


def find_binaries(unpacked: Path) -> Binaries | None:
    """The installation of the machine, else the one unpacked under ``unpacked``, else None."""
    for root in (Path("/"), unpacked):
        programs = root / "usr/lib/postgresql" / POSTGRES_VERSION / "bin"
        if (programs / "postgres").is_file() and (_extensions(root) / "postgis.control").is_file():
            return Binaries(programs, {} if root == Path("/") else _environment(unpacked))
    return None


def install_binaries(unpacked: Path, tell: Callable[[Text], None]) -> Binaries:
    """Find PostgreSQL with PostGIS, or bring it: with root or sudo by apt, else by unpacking.

    Raises:
        SetupError: Debian's packages could not be had; the cure is the command to run as root.
    """
    found = find_binaries(unpacked)
    if found is not None:
        return found
    bring_packages(PACKAGES, unpacked, tell, there=lambda: find_binaries(unpacked) is not None)
    # Debian's `alternatives` name the control files; where nothing was installed, we do.
    for control in _extensions(unpacked).glob("*-3.control"):
        shutil.copyfile(control, control.with_name(control.name.replace("-3", "")))
    found = find_binaries(unpacked)
    if found is None:
        raise no_binaries()
    return found


def no_binaries() -> SetupError:
    """The error of a machine without PostgreSQL and PostGIS, with its cure."""
    by_root = f"apt-get update && apt-get install -y {' '.join(PACKAGES)}"
    return SetupError(
        Text("没有 PostgreSQL 15 与 PostGIS", "there is no PostgreSQL 15 with PostGIS"),
        field="postgresql",
        cure=Text(f"make setup,或以 root 运行:{by_root}", f"make setup; or, as root: {by_root}"),
    )


def _extensions(root: Path) -> Path:
    return root / "usr/share/postgresql" / POSTGRES_VERSION / "extension"


def _environment(unpacked: Path) -> dict[str, str]:
    return unpacked_environment(unpacked) | {
        "PROJ_DATA": str(unpacked / "usr/share/proj"),
        "GDAL_DATA": str(unpacked / "usr/share/gdal"),
    }
