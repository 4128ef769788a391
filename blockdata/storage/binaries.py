"""PostgreSQL with PostGIS on this machine: found where Debian puts it, or unpacked without root."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from blockdata.errors import SetupError
from blockdata.text import Text

POSTGRES_VERSION = "15"
PACKAGES = ("postgresql-15-postgis-3",)
LIBRARIES = "usr/lib/x86_64-linux-gnu"

APT_CURE = Text(
    "以 root 运行:apt-get update && apt-get install -y " + " ".join(PACKAGES),
    "run as root: apt-get update && apt-get install -y " + " ".join(PACKAGES),
)


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL installation: the folder of its programs and what they need around them."""

    programs: Path
    environment: dict[str, str] = field(default_factory=dict)

    def path(self, program: str) -> str:
        """The full path of ``initdb``, ``pg_ctl`` …"""
        return str(self.programs / program)


def find_binaries(unpacked: Path) -> Binaries | None:
    """The installation of the machine, else the one unpacked under ``unpacked``, else None."""
    for root in (Path("/"), unpacked):
        programs = root / "usr/lib/postgresql" / POSTGRES_VERSION / "bin"
        extensions = root / "usr/share/postgresql" / POSTGRES_VERSION / "extension"
        if (programs / "postgres").is_file() and (extensions / "postgis.control").is_file():
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
    privilege = _privilege()
    if privilege is not None:
        tell(Text("用 apt 安装 PostgreSQL 与 PostGIS", "installing PostgreSQL and PostGIS by apt"))
        _apt_install(privilege)
    else:
        tell(
            Text(
                f"没有 root 权限:把 PostgreSQL 与 PostGIS 解包到 {unpacked}",
                f"no root here: unpacking PostgreSQL and PostGIS into {unpacked}",
            )
        )
        unpack_packages(PACKAGES, unpacked)
        _name_extensions(unpacked)
    found = find_binaries(unpacked)
    if found is None:
        raise SetupError(
            Text("安装后仍找不到 PostGIS", "PostGIS is still not there after the installation"),
            field="postgresql",
            cure=APT_CURE,
        )
    return found


def unpack_packages(packages: tuple[str, ...], folder: Path) -> None:
    """Download Debian packages with all that they depend on and unpack them, without root."""
    state = folder / "apt"
    for name in ("lists/partial", "archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    options = [f"-oDir::State::Lists={state}/lists", f"-oDir::Cache={state}"]
    options += [f"-oDir::Cache::archives={state}/archives", "-oDebug::NoLocking=1"]
    _apt(["apt-get", *options, "-qq", "update"], state)
    plan = _apt(["apt-get", *options, "-s", "--no-install-recommends", "install", *packages], state)
    wanted = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    _apt(["apt-get", *options, "-qq", "download", *wanted], state)
    for archive in sorted(state.glob("*.deb")):
        _apt(["dpkg", "-x", str(archive), str(folder)], state)
    shutil.rmtree(state)


def _environment(unpacked: Path) -> dict[str, str]:
    """What programs need that stand outside the places they were built for."""
    libraries = unpacked / LIBRARIES
    # BLAS and LAPACK stand in folders of their own, to which root's `alternatives` would point.
    folders = [
        libraries,
        libraries / "blas",
        libraries / "lapack",
        unpacked / "lib/x86_64-linux-gnu",
    ]
    return {
        "LD_LIBRARY_PATH": ":".join(str(folder) for folder in folders),
        "PROJ_DATA": str(unpacked / "usr/share/proj"),
        "GDAL_DATA": str(unpacked / "usr/share/gdal"),
    }


def _name_extensions(unpacked: Path) -> None:
    """Give ``postgis-3.control`` the name that ``alternatives`` would have given it."""
    folder = unpacked / "usr/share/postgresql" / POSTGRES_VERSION / "extension"
    for control in folder.glob("*-3.control"):
        shutil.copyfile(control, control.with_name(control.name.replace("-3", "")))


def _privilege() -> list[str] | None:
    """The prefix that gives root's rights: none for root, ``sudo -n`` where it asks nothing."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return [sudo, "-n"]
    return None


def _apt_install(privilege: list[str]) -> None:
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    _apt([*privilege, *quiet, "update"], Path.cwd())
    _apt([*privilege, *quiet, "install", "-y", "--no-install-recommends", *PACKAGES], Path.cwd())


def _apt(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise SetupError(
            Text("这台机器没有 apt", "this machine has no apt"), field="postgresql", cure=APT_CURE
        ) from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:]
        raise SetupError(
            Text(f"命令失败:{' '.join(command)}:{last}", f"failed: {' '.join(command)}: {last}"),
            field="postgresql",
            cure=APT_CURE,
        ) from None
    return done.stdout
