"""PostgreSQL's own programs, run as the user that a cluster belongs to: never as root."""

import os
import pwd
import subprocess
from pathlib import Path

from blockdata.errors import SetupError
from blockdata.storage.binaries import Binaries, find_binaries, no_binaries, unpacked_folder
from blockdata.text import Text

_LOG_TAIL_BYTES = 20_000


class Programs:
    """Runs ``initdb``, ``pg_ctl`` … for one cluster; as root, as the user that owns its data."""

    def __init__(self, data: Path | None = None) -> None:
        self.owner = server_user(data)

    def run(self, folder: Path, program: str, *arguments: str, words: str | None = None) -> None:
        """Run a program in a folder, with ``words`` on its standard input.

        Raises:
            SetupError: it failed; with what it said, or what the server's log ends with.
        """
        binaries = _binaries()
        owner = self.owner
        # What pg_ctl starts would keep a pipe of ours open for as long as it lives.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        try:
            done = subprocess.run(
                [binaries.path(program), *arguments],
                check=False,
                cwd=folder,
                input=(words or "").encode(),
                stdout=output,
                stderr=output,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"} | binaries.environment,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )
        except PermissionError:
            raise self.shut_out(folder) from None
        if done.returncode != 0:
            said = (done.stderr or b"").decode(errors="replace").strip() or last_complaint(folder)
            log = folder / "server.log"
            raise SetupError(
                Text(f"{program} 失败:{said}", f"{program} failed: {said}"),
                field="postgresql",
                cure=Text(f"查看 {log},处理后重试", f"look into {log}, mend it and try again"),
            )

    def make_folder(self, folder: Path) -> None:
        """Make a folder that only the server's user can enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.give(folder)

    def give(self, path: Path) -> None:
        """Make a file or folder the server user's own, closed to others."""
        if self.owner is not None:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        path.chmod(0o700 if path.is_dir() else 0o600)

    def give_all(self, folder: Path) -> None:
        """The same for all that a folder holds; links are not followed."""
        for root, folders, files in os.walk(folder):
            for name in (*folders, *files):
                path = Path(root) / name
                if self.owner is not None:
                    os.chown(path, self.owner.pw_uid, self.owner.pw_gid, follow_symlinks=False)
        self.give(folder)

    def can_enter(self, folder: Path) -> bool:
        """Whether the server's user may pass through every folder down to ``folder``."""
        return self.owner is None or _can_enter(self.owner, folder)

    def shut_out(self, folder: Path) -> SetupError:
        """The error of a folder that the server's user cannot enter."""
        who = self.owner.pw_name if self.owner else pwd.getpwuid(os.geteuid()).pw_name
        return SetupError(
            Text(
                f"数据库用户 {who} 进不了 {folder}",
                f"the database user {who} cannot enter {folder}",
            ),
            field="BLOCKDATA_VAR",
            cure=Text(
                f"对其上级目录 chmod o+x,或把 BLOCKDATA_VAR 指向 {who} 能进入的目录",
                f"chmod o+x its parents, or point BLOCKDATA_VAR where {who} can go",
            ),
        )


def require_programs() -> None:
    """Stop with the cure where PostgreSQL with PostGIS is missing.

    Raises:
        SetupError: it is.
    """
    _binaries()


def last_complaint(folder: Path) -> str:
    """The last line of a cluster's log that tells of something gone wrong; "" where none does."""
    try:
        with (folder / "server.log").open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - _LOG_TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    bad = [line for line in lines if any(f"{kind}: " in line for kind in ("FATAL", "PANIC"))]
    return bad[-1].strip() if bad else ""


def server_user(data: Path | None) -> pwd.struct_passwd | None:
    """The user to drop to where this process is root (the server refuses root), else None.

    That is whoever owns the data; for data of root's, or none yet, ``postgres`` or ``nobody``.
    """
    if os.geteuid() != 0:
        return None
    if data is not None and data.is_dir() and data.stat().st_uid != 0:
        try:
            return pwd.getpwuid(data.stat().st_uid)
        except KeyError:  # a number from another machine
            pass
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


def _binaries() -> Binaries:
    found = find_binaries(unpacked_folder())
    if found is None:
        raise no_binaries()
    return found


def _can_enter(user: pwd.struct_passwd, folder: Path) -> bool:
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
