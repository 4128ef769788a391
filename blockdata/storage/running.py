"""Starting and stopping a private cluster's server."""

import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shlex import quote

from blockdata.errors import SetupError
from blockdata.folders import disk_told
from blockdata.storage import belonging, postmaster
from blockdata.storage import cluster_words as words
from blockdata.storage.belonging import Home
from blockdata.storage.placement import LOOPBACK, Placement, free_port, place, port_is_free
from blockdata.storage.programs import Programs, last_complaint

START_PATIENCE_S = 60
ORPHAN_PATIENCE_S = 3
PAUSE_S = 0.1
FULL_BYTES = 32_000_000  # two files of the write-ahead log: with less, no server starts

# What a start may be refused for that passes: after a kill -9 the old processes take a while to
# go, and a port may be taken between a look at it and its use.
_PASSING = ("shared memory block", "lock file", "could not create any TCP/IP sockets")


def start_server(var: Path, home: Home) -> Placement:
    """Start a cluster's server where it is down, wait until it answers, and say where it is.

    Raises:
        Conflict: another server may still be writing what was moved or copied here.
        SetupError: the server refuses to start.
    """
    began = time.monotonic()
    while True:
        server = postmaster.running_on(home.data)
        if server is None:
            home = _with_free_port(var, home)
            try:
                _start(home)
            except SetupError:
                if not _may_pass(home.folder):
                    raise
        else:
            placement = place(home, server)
            if answers(placement):
                return placement
        waited_s = time.monotonic() - began
        if waited_s > START_PATIENCE_S:
            raise words.does_not_start(place(home, None))
        if waited_s > ORPHAN_PATIENCE_S:
            _end_orphans(home)
        time.sleep(PAUSE_S)


def stop_server(folder: Path) -> bool:
    """Stop the server that runs on a cluster's folder; False where none does."""
    data = folder / "data"
    if postmaster.running_on(data) is None:
        return False
    Programs(data).run(folder, "pg_ctl", "stop", "-D", str(data), "-m", "fast", "-w")
    return True


def answers(placement: Placement) -> bool:
    """Whether a server takes connections."""
    try:
        Programs(placement.data).run(
            Path(placement.folder),
            *("pg_isready", "-q", "-h", placement.host, "-p", str(placement.port)),
        )
    except SetupError:
        return False
    return True


def _with_free_port(var: Path, home: Home) -> Home:
    other = postmaster.running_elsewhere(home.data)
    if other is not None:
        raise words.another_runs(home, other)
    assert home.note is not None
    if port_is_free(home.note.port):
        return home
    note = replace(home.note, port=free_port())
    belonging.write_note(var, note)
    return replace(home, note=note)


def _may_pass(folder: Path) -> bool:
    """Whether a refused start is worth another try.

    Raises:
        SetupError: the disk is full, of which the log could not tell.
    """
    free = shutil.disk_usage(folder).free
    if free < FULL_BYTES:
        raise words.no_room(folder, free)
    said = last_complaint(folder)
    return any(passing in said for passing in _PASSING)


def _start(home: Home) -> None:
    programs = Programs(home.data)
    if not programs.can_enter(home.folder.parent):
        raise programs.shut_out(home.folder)
    placement = place(home, None)
    socket_folder = ""
    if placement.host != LOOPBACK:
        socket_folder = placement.host
        with disk_told(home.folder):
            programs.make_folder(Path(socket_folder))
    postmaster.forget_stale(home.data)
    programs.run(
        home.folder,
        *("pg_ctl", "start", "-w", "-t", str(START_PATIENCE_S), "-s"),
        *("-D", str(home.data), "-l", str(placement.log)),
        *("-o", f"-p {placement.port} -k {quote(socket_folder)}"),
    )


def _end_orphans(home: Home) -> None:
    """End what a dead postmaster left working on the data; it would hold up every start."""
    if postmaster.running_on(home.data) is None:
        for pid in postmaster.orphans(home.data):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM)
