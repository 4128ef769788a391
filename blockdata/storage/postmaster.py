"""Which server runs on a data folder: read from what it wrote there, proven by the system."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Postmaster:
    """A PostgreSQL server process that is alive, as its pid file tells of it."""

    pid: int
    started_in: Path
    port: int
    socket_folder: str
    ready: bool


def running_on(data: Path) -> Postmaster | None:
    """The server that runs on exactly this folder, also where the folder was moved since.

    A copy of a data folder brings the pid file of the original's server along: so the process'
    own working directory has to be this folder.
    """
    found = _read(data)
    return found if found is not None and _works_in(found, data) is True else None


def running_elsewhere(data: Path) -> Postmaster | None:
    """The living server whose pid file was moved or copied to ``data``, and that runs elsewhere.

    A pid file that tells of any other process is only stale: the number was given again.
    """
    found = _read(data)
    if found is None or _works_in(found, data) is not False or found.started_in == data:
        return None
    try:
        where = Path(f"/proc/{found.pid}/cwd").readlink()
    except OSError:
        return None
    return found if str(where).endswith(" (deleted)") or where == found.started_in else None


def forget_stale(data: Path) -> None:
    """Remove a pid file whose server is dead and whose number another process has by now.

    PostgreSQL itself would refuse to start, as it does not look what that process is.
    """
    lines = _lines(data)
    alive = bool(lines) and lines[0].strip().isdigit() and Path("/proc", lines[0].strip()).exists()
    if not alive or running_on(data) or running_elsewhere(data):
        return
    if any(here is not False for here in _servers_here(data).values()):
        return
    found = _read(data)
    if found is None or _works_in(found, data) is False:
        (data / "postmaster.pid").unlink(missing_ok=True)


def left_by(data: Path) -> Path | None:
    """The folder in which a server ran that left its pid file here; None after a clean stop."""
    lines = _lines(data)
    return Path(lines[1]) if len(lines) > 1 else None


def orphans(data: Path) -> list[int]:
    """Processes of a server that still work on ``data`` though their postmaster is dead."""
    return [pid for pid, here in _servers_here(data).items() if here]


def _servers_here(data: Path) -> dict[int, bool | None]:
    """Every PostgreSQL process, and whether it works in ``data``; None where none may look."""
    found: dict[int, bool | None] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _is_postgres(int(entry.name)):
            try:
                found[int(entry.name)] = (entry / "cwd").samefile(data)
            except PermissionError:
                found[int(entry.name)] = None
            except OSError:
                continue
    return found


def _read(data: Path) -> Postmaster | None:
    lines = _lines(data)
    try:
        pid, port = int(lines[0]), int(lines[3])
    except (IndexError, ValueError):
        return None
    if not _is_postgres(pid):
        return None
    socket_folder = lines[4] if len(lines) > 4 else ""
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Postmaster(pid, Path(lines[1]), port, socket_folder, ready)


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def _is_postgres(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    name, rest = state.rsplit(")", 1)
    return name.endswith("(postgres") and not rest.lstrip().startswith("Z")


def _works_in(server: Postmaster, data: Path) -> bool | None:
    """Whether a server works in a folder; None for one that is just ending."""
    try:
        return Path(f"/proc/{server.pid}/cwd").samefile(data)
    except PermissionError:  # root without the right to look into others' processes
        return server.started_in == data
    except OSError:
        return None if not Path(f"/proc/{server.pid}/cwd").exists() else False
