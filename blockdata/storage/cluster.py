"""The private PostgreSQL cluster: made on demand, kept under ``var/``, never run as root."""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import blake2s
from pathlib import Path

from blockdata.errors import SetupError
from blockdata.storage.binaries import Binaries, find_binaries, no_binaries, unpacked_folder
from blockdata.text import Text

ROLE = "blockdata"
DATABASE = "blockdata"
MIN_FREE_BYTES = 1_500_000_000
SOCKET_PATH_LIMIT = 90  # the kernel allows 107 bytes, of which the socket's own name takes some
START_PATIENCE_S = 60

CONFIGURATION = """
# written by blockdata
listen_addresses = '127.0.0.1'
max_connections = 60
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
# its log says nothing of what was asked: no statements, no values that an error quotes
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
"""


@dataclass(frozen=True)
class Placement:
    """Where a cluster stands and how one reaches it; kept in ``var/cluster.json`` (0600)."""

    folder: str
    socket_folder: str
    port: int
    password: str

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return Path(self.folder) / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return Path(self.folder) / "server.log"

    def url(self, database: str = DATABASE) -> str:
        """The SQLAlchemy URL of a database, over the cluster's socket."""
        return (
            f"postgresql+psycopg://{ROLE}:{self.password}@/{database}"
            f"?host={self.socket_folder}&port={self.port}"
        )


class Cluster:
    """One private cluster, known by the ``var`` folder that describes it."""

    def __init__(self, var: Path, *, min_free_bytes: int = MIN_FREE_BYTES) -> None:
        self.var = var
        self._min_free_bytes = min_free_bytes
        self._note = var / "cluster.json"
        self._owner = _owner()

    def ensure_running(self) -> Placement:
        """Make the cluster if there is none, start it if it is down, and say where it is.

        Raises:
            SetupError: no PostGIS, no room on the disk, or a start that the server refuses.
        """
        with self._locked():
            placement = self._read()
            if placement is None or not (placement.data / "PG_VERSION").is_file():
                placement = self._create()
            if not self._answers(placement):
                placement = self._start(placement)
            return placement

    def stop(self) -> bool:
        """Stop the server cleanly; False where none was running."""
        with self._locked():
            placement = self._read()
            if placement is None or not self._answers(placement):
                return False
            self._run(
                placement.folder, "pg_ctl", "stop", "-D", str(placement.data), "-m", "fast", "-w"
            )
            return True

    def status(self) -> tuple[Placement | None, bool]:
        """Where the cluster is (None where there is none), and whether it answers."""
        placement = self._read()
        return placement, placement is not None and self._answers(placement)

    def destroy(self) -> None:
        """Stop the server and delete the cluster with everything in it."""
        self.stop()
        placement = self._read()
        if placement is not None:
            shutil.rmtree(placement.folder, ignore_errors=True)
            shutil.rmtree(placement.socket_folder, ignore_errors=True)
            self._note.unlink(missing_ok=True)

    # -- making -----------------------------------------------------------------------------

    def _create(self) -> Placement:
        self._binaries()
        folder = self._choose_folder()
        free = shutil.disk_usage(folder.parent).free
        if free < self._min_free_bytes:
            raise SetupError(
                Text(
                    f"磁盘空间不足:{folder.parent} 仅剩 {free / 1e9:.1f} GB",
                    f"the disk is full: {free / 1e9:.1f} GB left at {folder.parent}",
                ),
                field="BLOCKDATA_VAR",
                cure=Text(
                    "清理磁盘,或把 BLOCKDATA_VAR 指向别处",
                    "free some, or point BLOCKDATA_VAR elsewhere",
                ),
            )
        shutil.rmtree(folder, ignore_errors=True)
        self._make_folder(folder)
        placement = Placement(
            str(folder), str(self._socket_folder(folder)), _free_port(), secrets.token_urlsafe(24)
        )
        self._initialise(placement)
        self._write(placement)
        return placement

    def _initialise(self, placement: Placement) -> None:
        password_file = Path(placement.folder) / "password"
        password_file.write_text(placement.password, encoding="ascii")
        self._give(password_file)
        try:
            # Without these two a bare machine makes a SQL_ASCII cluster, in which pg_trgm calls
            # different Chinese texts the same.
            self._run(
                placement.folder,
                *("initdb", "-D", str(placement.data), "-U", ROLE),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
                *("--auth=scram-sha-256", f"--pwfile={password_file}"),
            )
        finally:
            password_file.unlink()
        with (placement.data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(CONFIGURATION)

    def _choose_folder(self) -> Path:
        """``var/cluster``, or a folder elsewhere where the server's user cannot come so far."""
        near = self.var.resolve() / "cluster"
        if self._owner is None or _can_enter(self._owner, near.parent):
            return near
        name = blake2s(str(near).encode(), digest_size=6).hexdigest()
        far = Path("/var/lib/blockdata") / name
        far.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not _can_enter(self._owner, far.parent):
            who = self._owner.pw_name
            raise SetupError(
                Text(
                    f"数据库用户 {who} 进不了 {near}",
                    f"the database user {who} cannot enter {near}",
                ),
                field="BLOCKDATA_VAR",
                cure=Text(
                    f"对其上级目录 chmod o+x,或把 BLOCKDATA_VAR 指向 {who} 能进入的目录",
                    f"chmod o+x its parents, or point BLOCKDATA_VAR where {who} can go",
                ),
            )
        return far

    def _socket_folder(self, folder: Path) -> Path:
        near = folder / "run"
        if len(str(near)) <= SOCKET_PATH_LIMIT:
            self._make_folder(near)
            return near
        short = Path(tempfile.mkdtemp(prefix="blockdata-"))
        self._give(short)
        return short

    # -- starting ---------------------------------------------------------------------------

    def _start(self, placement: Placement) -> Placement:
        if not _port_is_free(placement.port):
            placement = Placement(
                placement.folder, placement.socket_folder, _free_port(), placement.password
            )
            self._write(placement)
        if not Path(placement.socket_folder).is_dir():  # /tmp is emptied between boots
            self._make_folder(Path(placement.socket_folder))
        settings = f"-p {placement.port} -k {placement.socket_folder}"
        deadline = time.monotonic() + START_PATIENCE_S
        while True:
            try:
                self._run(
                    placement.folder,
                    *("pg_ctl", "start", "-w", "-t", str(START_PATIENCE_S), "-s"),
                    *("-D", str(placement.data), "-l", str(placement.log), "-o", settings),
                )
            except SetupError:
                # After a kill -9 the start is refused until the old processes are gone.
                if time.monotonic() > deadline or self._answers(placement):
                    raise
                time.sleep(1)
            else:
                return placement

    def _answers(self, placement: Placement) -> bool:
        try:
            self._run(
                placement.folder,
                *("pg_isready", "-q", "-h", placement.socket_folder, "-p", str(placement.port)),
            )
        except SetupError:
            return False
        return True

    # -- below ------------------------------------------------------------------------------

    def _binaries(self) -> Binaries:
        found = find_binaries(unpacked_folder())
        if found is None:
            raise no_binaries()
        return found

    def _run(self, folder: str, program: str, *arguments: str) -> None:
        binaries = self._binaries()
        owner = self._owner
        done = subprocess.run(
            [binaries.path(program), *arguments],
            check=False,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"} | binaries.environment,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
        if done.returncode != 0:
            said = (done.stderr or b"").decode(errors="replace").strip()
            log = Path(folder) / "server.log"
            raise SetupError(
                Text(f"{program} 失败:{said}", f"{program} failed: {said}"),
                field="postgresql",
                cure=Text(f"查看 {log}", f"look into {log}"),
            )

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give(folder)

    def _give(self, path: Path) -> None:
        if self._owner is not None:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        path.chmod(0o700 if path.is_dir() else 0o600)

    def _read(self) -> Placement | None:
        if not self._note.is_file():
            return None
        return Placement(**json.loads(self._note.read_text(encoding="utf-8")))

    def _write(self, placement: Placement) -> None:
        note = self._note.with_suffix(".new")
        note.touch(mode=0o600)
        note.write_text(json.dumps(asdict(placement), indent=1), encoding="utf-8")
        note.replace(self._note)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time make, start or stop the cluster."""
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "cluster.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _owner() -> pwd.struct_passwd | None:
    """The user to drop to where this process is root (the server refuses root), else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetupError(
        Text("系统里没有 postgres 或 nobody 用户", "there is no user postgres or nobody"),
        field="postgresql",
        cure=Text("useradd --system postgres", "useradd --system postgres"),
    )


def _can_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    """Whether a user may pass through every folder down to ``folder``."""
    for parent in (folder, *folder.parents):
        if not parent.exists():
            continue
        facts = parent.stat()
        bit = 0o001
        if facts.st_uid == user.pw_uid:
            bit = 0o100
        elif facts.st_gid == user.pw_gid:
            bit = 0o010
        if not facts.st_mode & bit:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
