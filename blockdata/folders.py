"""The program's own folders under ``var``: what to say where the disk refuses them."""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from blockdata.console import say
from blockdata.errors import BadSetting, SetupError, Unwritable
from blockdata.files import why
from blockdata.text import Text

# There never can be a folder; everything else may be otherwise the next time.
_CANNOT_BE_MEANT = (errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP)
_ROOM = Text(
    "清理磁盘后重试,或把 BLOCKDATA_VAR 指向别处", "free some, or set BLOCKDATA_VAR elsewhere"
)
_RIGHTS = Text(
    "把 BLOCKDATA_VAR 指向可写的文件夹,或更改其权限后重试",
    "point BLOCKDATA_VAR to a folder that can be written, or change its rights",
)


def disk_error(error: OSError, folder: Path) -> SetupError:
    """What to tell a person where a folder cannot be read or written."""
    reason, where = why(error), error.filename or folder
    no_room = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    kind = BadSetting if error.errno in _CANNOT_BE_MEANT else SetupError
    return kind(
        Text(f"{where}:{reason.zh}", f"{where}: {reason.en}"),
        field="BLOCKDATA_VAR",
        cure=_ROOM if no_room else _RIGHTS,
    )


@contextmanager
def disk_told(folder: Path) -> Iterator[None]:
    """Say in words what the disk refuses.

    Raises:
        SetupError: it refused something.
    """
    try:
        yield
    except OSError as error:
        raise disk_error(error, folder) from error


def keep(save: Callable[[], object], tell: Callable[[Text], None] = say) -> None:
    """Save what can be made again: where the disk refuses, work goes on without it."""
    try:
        save()
    except (SetupError, Unwritable) as error:
        tell(
            Text(
                f"未能保存(下次需重新生成):{error.detail.zh}",
                f"not kept, so it has to be made again next time: {error.detail.en}",
            )
        )


def forget_others(folder: Path) -> None:
    """Delete the folders beside ``folder``, which it replaces; those being written stay."""
    if folder.parent.is_dir():
        for other in folder.parent.iterdir():
            if other.name != folder.name and not other.name.startswith("."):
                shutil.rmtree(other, ignore_errors=True)
