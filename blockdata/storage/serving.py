"""Which web servers use a ``var``: each keeps a locked file there for as long as it lives."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running web server: its process and its address."""

    pid: int
    url: str


@contextmanager
def serving_from(var: Path, url: str) -> Iterator[None]:
    """Let others know that this process serves ``var`` at ``url``.

    Where ``var`` cannot be written there is no private cluster either, and nothing to tell.
    """
    with ExitStack() as held:
        with suppress(OSError):
            path = _folder(var) / f"{os.getpid()}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            _forget_dead(path.parent)
            file = held.enter_context(path.open("w", encoding="utf-8"))
            held.callback(path.unlink, missing_ok=True)
            fcntl.flock(file, fcntl.LOCK_EX)
            json.dump(asdict(Server(os.getpid(), url)), file)
            file.flush()
        yield


def servers(var: Path) -> list[Server]:
    """The web servers that run on ``var`` now; the lock of one that died is free."""
    found = []
    for path in sorted(_folder(var).glob("*.json")):
        with suppress(OSError, ValueError, TypeError), path.open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append(Server(**json.load(file)))
    return found


def _forget_dead(folder: Path) -> None:
    for path in folder.glob("*.json"):
        if not Path("/proc", path.stem).exists():
            path.unlink(missing_ok=True)


def _folder(var: Path) -> Path:
    return var / "serving"
