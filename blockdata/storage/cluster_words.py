"""What is said of a private cluster: what was done, what is refused, and its cure."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from blockdata.errors import Conflict, SetupError, Unavailable
from blockdata.storage.belonging import NOTE, Home
from blockdata.storage.placement import Placement
from blockdata.storage.postmaster import Postmaster
from blockdata.storage.programs import last_complaint
from blockdata.storage.serving import Server
from blockdata.text import Text


def taken_over(var: Path, home: Home) -> Text | None:
    """What was done with a cluster that was moved, copied, or had lost its note."""
    if home.copied_from is not None:
        return Text(
            f"{var} 是 {home.copied_from} 的副本:数据库从此独立",
            f"{var} is a copy of {home.copied_from}: from here on its database is its own",
        )
    if home.moved_from is not None:
        return Text(
            f"{var} 由 {home.moved_from} 移来:沿用其中的数据库",
            f"{var} was moved from {home.moved_from}: its database goes on here",
        )
    if home.note is None:
        return Text(
            f"{var / NOTE} 丢失:沿用 {home.folder} 中的数据库(口令已换新)",
            f"{var / NOTE} was lost: the database in {home.folder} goes on (with a new password)",
        )
    return None


def copied_while_running(home: Home) -> Conflict:
    """The error of a copy that holds a server's pid file: it may be torn."""
    origin = home.copied_from
    stop = f"BLOCKDATA_VAR={quote(str(origin))} blockdata db stop"
    return Conflict(
        Text(
            f"{home.folder} 是在数据库运行时从 {origin} 复制的,可能不一致;未作任何改动",
            f"{home.folder} was copied from {origin} while its server was running, "
            "so it may be torn; nothing was changed",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(f"先停止:{stop};再重新复制", f"stop it first: {stop}; then copy it again"),
    )


def another_runs(home: Home, other: Postmaster) -> Conflict:
    """The error of a folder whose pid file tells of a server that runs on another folder."""
    return Conflict(
        Text(
            f"{home.data} 记着另一个仍在运行的数据库进程 {other.pid}(启动于 {other.started_in})",
            f"{home.data} tells of another server that still runs: process {other.pid}, "
            f"started in {other.started_in}",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(f"先停止它:kill {other.pid}", f"stop that one first: kill {other.pid}"),
    )


def does_not_start(placement: Placement) -> SetupError:
    """The error of a server that does not come up in time."""
    said = last_complaint(Path(placement.folder))
    return SetupError(
        Text(f"数据库没有启动:{said}", f"the database does not start: {said}"),
        field="postgresql",
        cure=Text(f"查看 {placement.log}", f"look into {placement.log}"),
    )


def no_more(var: Path) -> Unavailable:
    """The error of a cluster that was there and is no more."""
    return Unavailable(
        Text(f"{var} 中已没有数据库", f"there is no database in {var} any more"),
        field="BLOCKDATA_VAR",
        cure=Text(
            "重新启动本服务;新库由下一条 blockdata 命令建立",
            "start this server again; the next blockdata command makes a new one",
        ),
    )


def stopped_by_hand() -> Unavailable:
    """The error of a cluster that a person stopped."""
    return Unavailable(
        Text("数据库已被手动停止", "the database was stopped by hand (db stop)"),
        field="postgresql",
        cure=Text("运行 blockdata db start", "run blockdata db start"),
    )


def in_use(servers: Sequence[Server]) -> Conflict:
    """The error of deleting what a web server is using."""
    urls = ", ".join(server.url for server in servers)
    pids = " ".join(str(server.pid) for server in servers)
    return Conflict(
        Text(f"网页服务正在使用:{urls}", f"a web server is using it: {urls}"),
        field="BLOCKDATA_VAR",
        cure=Text(f"先停止它(Ctrl-C,或 kill {pids})", f"stop it first (Ctrl-C, or kill {pids})"),
    )


def is_link(folder: Path) -> Conflict:
    """The error of deleting a cluster that stands elsewhere behind a link."""
    return Conflict(
        Text(
            f"{folder} 是指向 {folder.resolve()} 的链接,不会代为删除",
            f"{folder} is a link to {folder.resolve()}, which is not deleted for you",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(
            "blockdata db stop,然后自行删除该文件夹与链接",
            "blockdata db stop, then delete that folder and the link yourself",
        ),
    )


def no_room(folder: Path, free_bytes: int) -> SetupError:
    """The error of a disk without room for a cluster."""
    return SetupError(
        Text(
            f"磁盘空间不足:{folder} 仅剩 {free_bytes / 1e9:.1f} GB",
            f"the disk is full: {free_bytes / 1e9:.1f} GB left at {folder}",
        ),
        field="BLOCKDATA_VAR",
        cure=Text(
            "清理磁盘,或把 BLOCKDATA_VAR 指向别处", "free some, or point BLOCKDATA_VAR elsewhere"
        ),
    )
