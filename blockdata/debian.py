"""Debian's packages on this machine: installed by apt with root or sudo, else unpacked without."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from blockdata.errors import SetupError
from blockdata.files import whole_folder
from blockdata.folders import disk_told
from blockdata.text import Text

LIBRARIES = "usr/lib/x86_64-linux-gnu"


def bring_packages(
    packages: tuple[str, ...],
    unpacked: Path,
    tell: Callable[[Text], None],
    *,
    there: Callable[[], bool],
) -> None:
    """Install Debian packages: by apt with root's rights, else by unpacking them in a folder.

    Of two processes that ask at once one brings them; the other waits and finds them ``there``.

    Raises:
        SetupError: the packages could not be had; the cure is the command to run as root.
    """
    with disk_told(unpacked):
        unpacked.parent.mkdir(parents=True, exist_ok=True)
        lock = unpacked.with_name(f"{unpacked.name}.lock").open("w")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not there():
            _bring(packages, unpacked, tell)


def _bring(packages: tuple[str, ...], unpacked: Path, tell: Callable[[Text], None]) -> None:
    names = " ".join(packages)
    privilege = _privilege()
    if privilege is not None:
        tell(Text(f"用 apt 安装 {names}", f"installing {names} by apt"))
        quiet = [
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-qq",
            "-oDPkg::Lock::Timeout=300",
        ]
        _run([*privilege, *quiet, "update"], Path.cwd(), packages)
        install = [*quiet, "install", "-y", "--no-install-recommends", *packages]
        _run([*privilege, *install], Path.cwd(), packages)
    else:
        tell(
            Text(
                f"没有 root 权限:把 {names} 解包到 {unpacked}",
                f"no root here: unpacking {names} into {unpacked}",
            )
        )
        with whole_folder(unpacked) as folder:
            _unpack(packages, folder)


def unpacked_environment(folder: Path) -> dict[str, str]:
    """What programs need that stand in ``folder`` and not in the places they were built for."""
    libraries = folder / LIBRARIES
    # Some libraries stand in folders of their own, to which an installed package would point.
    apart = [libraries / name for name in ("blas", "lapack", "pulseaudio")]
    folders = [libraries, *apart, folder / "lib/x86_64-linux-gnu"]
    return {"LD_LIBRARY_PATH": ":".join(str(folder) for folder in folders)}


def _unpack(packages: tuple[str, ...], folder: Path) -> None:
    """Download packages with all that they depend on and the machine lacks, and unpack them."""
    state = folder / "apt"
    for name in ("lists/partial", "archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", f"-oDir::State::Lists={state}/lists", f"-oDir::Cache={state}"]
    apt += [f"-oDir::Cache::archives={state}/archives", "-oDebug::NoLocking=1"]
    _run([*apt, "-qq", "update"], state, packages)
    plan = _run([*apt, "-s", "--no-install-recommends", "install", *packages], state, packages)
    wanted = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    _run([*apt, "-qq", "download", *wanted], state, packages)
    for archive in sorted(state.glob("*.deb")):
        _run(["dpkg", "-x", str(archive), str(folder)], state, packages)
    shutil.rmtree(state)


def _privilege() -> list[str] | None:
    """The prefix that gives root's rights: none for root, ``sudo -n`` where it asks nothing."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asks_nothing = subprocess.run([sudo, "-n", "true"], check=False, capture_output=True)
    return [sudo, "-n"] if asks_nothing.returncode == 0 else None


def _run(command: list[str], folder: Path, packages: tuple[str, ...]) -> str:
    names = " ".join(packages)
    cure = f"apt-get update && apt-get install -y {names}"
    try:
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        detail = Text(f"没有 {command[0]} 命令", f"there is no command {command[0]}")
    except subprocess.CalledProcessError as error:
        said = " ".join((error.stderr or error.stdout or "").strip().splitlines()[-1:])
        what = " ".join(command)
        detail = Text(f"命令失败:{what}:{said}", f"failed: {what}: {said}")
    else:
        return done.stdout
    raise SetupError(detail, field=names, cure=Text(f"以 root 运行:{cure}", f"run as root: {cure}"))
