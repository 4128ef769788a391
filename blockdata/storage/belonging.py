"""Whose a cluster is: found from a ``var`` folder, also where that was moved or copied.

``var/cluster.json`` (0600) tells of the cluster, ``belongs.json`` in the cluster's folder of its
``var``. A cluster stands in ``var/cluster``; only where the server's user cannot come so far does
it stand under ``/var/lib/blockdata``, and then it is this ``var``'s only if both agree.
"""

import errno
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from hashlib import blake2s
from pathlib import Path
from shlex import quote
from typing import Any

from blockdata.errors import Conflict, SetupError
from blockdata.folders import disk_error
from blockdata.storage.binaries import POSTGRES_VERSION
from blockdata.text import Text

FAR_ROOT = Path("/var/lib/blockdata")
NOTE, MARK = "cluster.json", "belongs.json"


@dataclass(frozen=True)
class Note:
    """What ``var/cluster.json`` tells."""

    id: str
    folder: str
    port: int
    password: str


@dataclass(frozen=True)
class Mark:
    """What ``belongs.json`` in the cluster's folder tells."""

    id: str
    var: str


@dataclass(frozen=True)
class Home:
    """A cluster that belongs to a ``var``; what has to be written anew before it is used.

    Attributes:
        folder: the cluster's folder.
        note: None where ``cluster.json`` is lost.
        id: the id that note and mark should bear.
        moved_from: the ``var`` it was moved here with.
        copied_from: the ``var`` whose cluster it is a copy of.
    """

    folder: Path
    note: Note | None
    id: str
    moved_from: Path | None = None
    copied_from: Path | None = None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"


def find_home(var: Path) -> Home | None:
    """The cluster of a ``var`` folder; None where it never had one. Writes nothing.

    Raises:
        SetupError: there is one that cannot be used as it stands; the cure is the exact step.
        Conflict: the one it tells of belongs to another ``var``.
    """
    note = read_note(var)
    near = near_folder(var)
    if near.exists() and not os.access(near, os.R_OK | os.X_OK):
        raise disk_error(PermissionError(errno.EACCES, "", str(near)), near)
    if holds_files(near):
        home = _near_home(var, near, note)
        _check_whole(near)
        return home
    if note is None:
        folder = _far_folder_of(var)
        return None if folder is None else _far_home(var, folder, None)
    folder = Path(note.folder)
    if FAR_ROOT in folder.parents and holds_files(folder):
        return _far_home(var, folder, note)
    raise _gone(var, near if FAR_ROOT not in folder.parents else folder)


def near_folder(var: Path) -> Path:
    """Where the cluster stands, unless the server's user cannot come so far."""
    return var / "cluster"


def holds_files(folder: Path) -> bool:
    """Whether there is any file below a folder, or a link in its place."""
    if folder.is_symlink():
        return True
    return any(files for _, _, files in os.walk(folder))


def new_id() -> str:
    """An id for a cluster."""
    return secrets.token_hex(6)


def read_note(var: Path) -> Note | None:
    """What ``cluster.json`` says; None where it is lost or broken.

    Raises:
        SetupError: this user may not read it.
    """
    facts = _read_json(var / NOTE)
    try:
        # Notes of earlier versions have no id, and say where the socket was.
        id_ = str(facts.get("id", ""))
        return Note(id_, str(facts["folder"]), int(facts["port"]), str(facts["password"]))
    except (KeyError, ValueError, TypeError):
        return None


def write_note(var: Path, note: Note) -> None:
    """Write ``cluster.json``, all or nothing, readable by its owner only."""
    fresh = var / f"{NOTE}.new"
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(note), indent=1), encoding="utf-8")
    fresh.replace(var / NOTE)


def read_mark(folder: Path) -> Mark | None:
    """Which ``var`` a cluster's folder says it belongs to; None for one without a mark."""
    facts = _read_json(folder / MARK)
    try:
        return Mark(str(facts["id"]), str(facts["var"]))
    except (KeyError, TypeError):
        return None


def write_mark(folder: Path, mark: Mark) -> None:
    """Mark a cluster's folder."""
    fresh = folder / f"{MARK}.new"
    fresh.write_text(json.dumps(asdict(mark), indent=1), encoding="utf-8")
    fresh.replace(folder / MARK)


def _near_home(var: Path, near: Path, note: Note | None) -> Home:
    mark = read_mark(near)
    if mark is not None:
        origin = Path(mark.var)
    else:
        before = Path(note.folder) if note is not None else near
        origin = before.parent if before.name == near.name else var
    home = Home(near, note, mark.id if mark else (note and note.id) or new_id())
    if origin == var or _same(origin, var):
        return home
    twin = near_folder(origin)
    if _same(twin, near):
        raise _shared(var, near, origin)
    if not (twin / "data" / "PG_VERSION").is_file() or not _same_cluster(mark, read_mark(twin)):
        return replace(home, moved_from=origin)
    return replace(home, id=new_id(), copied_from=origin)


def _far_home(var: Path, folder: Path, note: Note | None) -> Home:
    mark = read_mark(folder)
    if mark is None:
        if folder.name != _name_of_old(var):
            raise _unmarked(folder)
        mark = Mark((note and note.id) or new_id(), str(var))
    _check_whole(folder)
    home = Home(folder, note, mark.id)
    origin = Path(mark.var)
    if origin == var or _same(origin, var):
        return home
    if note is None or note.id != mark.id:
        raise _of_another(var, folder, origin)
    theirs = read_note(origin)
    if theirs is not None and Path(theirs.folder) == folder:
        raise _of_another(var, folder, origin)
    return replace(home, moved_from=origin)


def _far_folder_of(var: Path) -> Path | None:
    """The cluster under ``/var/lib/blockdata`` that bears this ``var``'s name, if there is one."""
    if not FAR_ROOT.is_dir() or not os.access(FAR_ROOT, os.R_OK):
        return None
    for folder in sorted(FAR_ROOT.iterdir()):
        if folder.suffix or not os.access(folder, os.R_OK | os.X_OK):
            continue
        mark = read_mark(folder)
        named = folder.name == _name_of_old(var) if mark is None else Path(mark.var) == var
        if named and holds_files(folder):
            return folder
    return None


def _name_of_old(var: Path) -> str:
    """How folders under ``/var/lib/blockdata`` were named before they bore a mark."""
    return blake2s(str(near_folder(var)).encode(), digest_size=6).hexdigest()


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _same_cluster(one: Mark | None, other: Mark | None) -> bool:
    return one is None or other is None or one.id == other.id


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    except OSError as error:
        raise disk_error(error, path) from None
    return found if isinstance(found, dict) else {}


# -- what is refused, and its cure ---------------------------------------------------------------


def _check_whole(folder: Path) -> None:
    data = folder / "data"
    for name in ("PG_VERSION", "global/pg_control"):
        if not (data / name).is_file():
            raise _incomplete(folder, data / name)
    version = (data / "PG_VERSION").read_text(encoding="ascii", errors="replace").strip()
    if version != POSTGRES_VERSION:
        raise SetupError(
            Text(
                f"{data} 是 PostgreSQL {version} 的数据,这里用的是 {POSTGRES_VERSION}",
                f"{data} was made by PostgreSQL {version}, and this is {POSTGRES_VERSION}",
            ),
            field="BLOCKDATA_VAR",
            cure=Text(
                f"用 PostgreSQL {version} 导出后再导入;未作任何改动",
                f"dump it with PostgreSQL {version} and restore it here; nothing was changed",
            ),
        )


def _incomplete(folder: Path, missing: Path) -> SetupError:
    move = f"mv {_q(folder)} {_q(folder.with_name(folder.name + '.aside'))}"
    again = f"echo {POSTGRES_VERSION} > {_q(missing)}"
    by_hand = Text("", "")
    if missing.name == "PG_VERSION":
        by_hand = Text(
            f"若只是丢了这个文件:{again};", f"if only that file was lost: {again}; else "
        )
    return SetupError(
        Text(
            f"{folder} 里有文件,但数据库不完整:缺少 {missing};未删除任何内容",
            f"{folder} holds files but no whole database: {missing} is missing; "
            "nothing was deleted",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(
            f"{by_hand.zh}从备份恢复,或挪开后重新开始:{move}",
            f"{by_hand.en}restore a backup, or begin anew beside it: {move}",
        ),
    )


def _gone(var: Path, folder: Path) -> SetupError:
    return SetupError(
        Text(
            f"{var / NOTE} 指向的数据库 {folder} 不见了",
            f"{var / NOTE} tells of a database in {folder}, which is gone",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(
            f"把它放回(或挂载)到 {folder};若确已不要:blockdata db destroy --yes",
            f"bring (or mount) it back to {folder}; "
            "if it was given up on purpose: blockdata db destroy --yes",
        ),
    )


def _of_another(var: Path, folder: Path, origin: Path) -> Conflict:
    return Conflict(
        Text(
            f"{var} 是 {origin} 的副本,而数据库 {folder} 属于 {origin},没有随之复制",
            f"{var} is a copy of {origin}; the database {folder} belongs to {origin} "
            "and was not copied with it",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(
            f"要用原库:BLOCKDATA_VAR={_q(origin)};要在此另建空库:rm {_q(var / NOTE)}",
            f"to use it: BLOCKDATA_VAR={_q(origin)}; "
            f"to begin here with an empty one: rm {_q(var / NOTE)}",
        ),
    )


def _shared(var: Path, folder: Path, origin: Path) -> Conflict:
    links = f"{_q(folder)} {_q(var / NOTE)}"
    return Conflict(
        Text(
            f"{folder} 与 {origin} 的数据库是同一个文件夹",
            f"{folder} is the very folder of the database of {origin}",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(
            f"用 BLOCKDATA_VAR={_q(origin)};或删除链接,在此另建:rm {links}",
            f"use BLOCKDATA_VAR={_q(origin)}; or, for a database of its own: rm {links}",
        ),
    )


def _unmarked(folder: Path) -> SetupError:
    return SetupError(
        Text(
            f"数据库 {folder} 没有归属标记,而 var 的路径变过",
            f"the database {folder} bears no mark of its var, and the var's path has changed",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(
            "把 var 移回原处,运行一次 blockdata db start,再移动",
            "move var back, run blockdata db start once, then move it again",
        ),
    )


def _q(path: Path) -> str:
    return quote(str(path))
