"""Making a private cluster, taking one over that was moved or copied, and deleting one."""

import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from blockdata.folders import disk_told
from blockdata.storage import belonging, postmaster
from blockdata.storage import cluster_words as words
from blockdata.storage.belonging import Home, Mark, Note
from blockdata.storage.placement import ROLE, free_port
from blockdata.storage.programs import Programs, require_programs
from blockdata.storage.running import stop_server

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


def make_cluster(var: Path, min_free_bytes: int) -> Home:
    """Make a cluster for a ``var`` that has none: whole, or not at all.

    Raises:
        SetupError: no PostGIS, no room on the disk, or no folder that the server's user can enter.
    """
    require_programs()
    programs = Programs()
    id_ = belonging.new_id()
    folder = _choose_folder(var, programs, id_)
    with disk_told(folder):
        free = shutil.disk_usage(folder.parent).free
        if free < min_free_bytes:
            raise words.no_room(folder.parent, free)
        sweep(var)
        made = folder.with_name(f"{folder.name}.new")
        programs.make_folder(made)
        belonging.write_mark(made, Mark(id_, str(var)))
        password = secrets.token_urlsafe(24)
        _initialise(programs, made, password)
        _remove_empty(folder)
        made.rename(folder)
        note = Note(id_, str(folder), free_port(), password)
        belonging.write_note(var, note)
    return Home(folder, note, id_)


def adopt(var: Path, home: Home) -> Home:
    """Write anew what a move, a copy or a loss has made untrue of a cluster.

    Raises:
        Conflict: it was copied while its server was running, or another server runs on it.
        SetupError: the disk, or the server, refuses.
    """
    mark = Mark(home.id, str(var))
    if home.note is not None and belonging.read_mark(home.folder) == mark:
        note = replace(home.note, id=home.id, folder=str(home.folder))
        if note != home.note:
            belonging.write_note(var, note)
        return replace(home, note=note)
    if home.copied_from is not None and postmaster.left_by(home.data) is not None:
        raise words.copied_while_running(home)
    programs = Programs(home.data)
    with disk_told(home.folder):
        programs.give_all(home.folder)
        belonging.write_mark(home.folder, mark)
        programs.give(home.folder / belonging.MARK)
        note = home.note or _new_note(programs, home)
        note = replace(note, id=home.id, folder=str(home.folder))
        belonging.write_note(var, note)
    return Home(home.folder, note, home.id)


def delete_cluster(folder: Path) -> None:
    """Delete a cluster's folder. It is renamed first, so that no half of it is taken for one."""
    gone = folder.with_name(f"{folder.name}.deleted")
    if gone.exists():
        shutil.rmtree(gone)
    folder.rename(gone)
    shutil.rmtree(gone)
    with suppress(OSError):
        belonging.FAR_ROOT.rmdir()  # where it is empty


def sweep(var: Path) -> None:
    """Delete what an interrupted making or deleting of this ``var``'s own cluster left behind."""
    near = belonging.near_folder(var)
    for ending in ("new", "deleted"):
        left = near.with_name(f"{near.name}.{ending}")
        if left.is_dir():
            shutil.rmtree(left)
        for left in belonging.FAR_ROOT.glob(f"*.{ending}"):
            mark = belonging.read_mark(left) if os.access(left, os.R_OK | os.X_OK) else None
            if mark is not None and Path(mark.var) == var:
                shutil.rmtree(left)


def _choose_folder(var: Path, programs: Programs, id_: str) -> Path:
    """``var/cluster``, or a folder elsewhere where the server's user cannot come so far."""
    near = belonging.near_folder(var)
    if programs.can_enter(near.parent):
        return near
    with disk_told(belonging.FAR_ROOT):
        belonging.FAR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not programs.can_enter(belonging.FAR_ROOT):
        raise programs.shut_out(near)
    return belonging.FAR_ROOT / id_


def _initialise(programs: Programs, folder: Path, password: str) -> None:
    data, password_file = folder / "data", folder / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password, encoding="ascii")
    programs.give(password_file)
    try:
        # Without these two a bare machine makes a SQL_ASCII cluster, in which pg_trgm calls
        # different Chinese texts the same.
        programs.run(
            folder,
            *("initdb", "-D", str(data), "-U", ROLE),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
            *("--auth=scram-sha-256", f"--pwfile={password_file}"),
        )
    finally:
        password_file.unlink()
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(CONFIGURATION)


def _new_note(programs: Programs, home: Home) -> Note:
    """Give the role a new password: the old one was in ``cluster.json``, which is lost."""
    stop_server(home.folder)
    other = postmaster.running_elsewhere(home.data)
    if other is not None:
        raise words.another_runs(home, other)
    password = secrets.token_urlsafe(24)
    # a single-user server asks for no password, and only the owner of the data can run it
    programs.run(
        home.folder,
        *("postgres", "--single", "-D", str(home.data), "postgres"),
        words=f"ALTER ROLE {ROLE} WITH LOGIN SUPERUSER PASSWORD '{password}'\n",
    )
    return Note(home.id, str(home.folder), free_port(), password)


def _remove_empty(folder: Path) -> None:
    """Remove a folder in which there are folders only; nothing else is ever taken away here."""
    for root, _, _ in os.walk(folder, topdown=False):
        Path(root).rmdir()
