"""The private PostgreSQL cluster: made on demand, kept under ``var/``, never run as root."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from blockdata.console import say
from blockdata.errors import Conflict, SetupError
from blockdata.folders import disk_told
from blockdata.storage import belonging, postmaster
from blockdata.storage import cluster_words as words
from blockdata.storage.making import adopt, delete_cluster, make_cluster, sweep
from blockdata.storage.placement import Placement, place
from blockdata.storage.running import answers, start_server, stop_server
from blockdata.storage.serving import servers
from blockdata.text import Text

MIN_FREE_BYTES = 1_500_000_000


class Cluster:
    """One private cluster, known by the ``var`` folder that it belongs to.

    Nothing here deletes a folder that holds a database, but ``destroy``.
    """

    def __init__(
        self,
        var: Path,
        *,
        min_free_bytes: int = MIN_FREE_BYTES,
        tell: Callable[[Text], None] = say,
    ) -> None:
        self.var = var.resolve()
        # A server that a person stopped is not started again by whoever finds it down.
        self._stopped = self.var / "cluster.stopped"
        self._min_free_bytes = min_free_bytes
        self._tell = tell

    def ensure_running(self) -> Placement:
        """Make the cluster if there is none, start it if it is down, and say where it is.

        One that was moved with its ``var``, or copied, or whose ``cluster.json`` was lost, is
        taken over as it stands.

        Raises:
            SetupError: no PostGIS, no room on the disk, files that are no whole database, or a
                start that the server refuses.
            Conflict: the database belongs to another ``var``.
        """
        with self._locked():
            found = belonging.find_home(self.var)
            if found is None:
                home = make_cluster(self.var, self._min_free_bytes)
            else:
                home = adopt(self.var, found)
                changed = words.taken_over(self.var, found)
                if changed is not None:
                    self._tell(changed)
            self._stopped.unlink(missing_ok=True)
            return start_server(self.var, home)

    def revive(self) -> Placement:
        """Start a cluster that went down by itself; it is never made, nor taken over.

        Raises:
            Unavailable: there is none any more, or a person stopped it.
            SetupError: the server refuses to start.
        """
        with self._locked():
            return start_server(self.var, self.revivable())

    def revivable(self) -> belonging.Home:
        """The cluster that ``revive`` would start; for its errors, see there."""
        home = belonging.find_home(self.var)
        if home is None or home.note is None:
            raise words.no_more(self.var)
        if self._stopped.exists() and postmaster.running_on(home.data) is None:
            raise words.stopped_by_hand()
        return home

    def running(self) -> Placement | None:
        """Where the cluster is, if a server runs on it; a quick look that starts nothing."""
        home = belonging.find_home(self.var)
        if home is None or home.note is None:
            return None
        server = postmaster.running_on(home.data)
        return None if server is None else place(home, server)

    def stop(self) -> bool:
        """Stop the server cleanly, until it is asked for again; False where none was running."""
        if not self.var.is_dir():
            return False
        with self._locked():
            home = belonging.find_home(self.var)
            if home is None:
                return False
            with suppress(OSError):  # an empty file: also where the disk is full
                self._stopped.touch()
            return stop_server(home.folder)

    def status(self) -> tuple[Placement | None, bool]:
        """Where the cluster is (None where there is none), and whether it answers."""
        home = belonging.find_home(self.var)
        if home is None:
            return None, False
        server = postmaster.running_on(home.data)
        placement = place(home, server)
        return placement, server is not None and answers(placement)

    def destroy(self) -> Path | None:
        """Stop the server and delete the cluster with everything in it.

        Only what stands in ``var``, or is proven to be this ``var``'s own elsewhere, is deleted.

        Returns:
            The folder that was deleted; None where there was none of its own.

        Raises:
            Conflict: a web server is using it.
        """
        if not self.var.is_dir():
            return None
        with self._locked():
            folder = self._own_folder()
            using = servers(self.var)
            if folder is not None and using:
                raise words.in_use(using)
            if folder is not None:
                stop_server(folder)
                delete_cluster(folder)
            for left in (self.var / belonging.NOTE, self._stopped):
                left.unlink(missing_ok=True)
            sweep(self.var)
            return folder

    def _own_folder(self) -> Path | None:
        """The folder that ``destroy`` may delete: in ``var``, or proven to be this ``var``'s."""
        near = belonging.near_folder(self.var)
        if near.is_symlink():
            raise words.is_link(near)
        if belonging.holds_files(near):
            return near
        try:
            home = belonging.find_home(self.var)
        except (Conflict, SetupError):  # another's, or gone: nothing of its own to delete
            return None
        return None if home is None else home.folder

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time make, start or stop the cluster; say what the disk refuses."""
        with disk_told(self.var):
            self.var.mkdir(parents=True, exist_ok=True)
            with (self.var / "cluster.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
