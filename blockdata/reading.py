"""Files that people give, read within bounds: a small one may unpack to more than a machine holds.

Text is read line by line, unpacked as it goes (gzip) and decoded strictly; memory stays within a
line. Each bound names itself and its cure.
"""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from blockdata.errors import BadFile
from blockdata.files import unreadable
from blockdata.text import Text

_KIB = 1024
_GZIP = b"\x1f\x8b"
_SAMPLE_BYTES = 64 * _KIB
_BUFFER_BYTES = 256 * _KIB
_GB = ("gbk", "gb2312", "gb18030", "cp936")
ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "utf-8-sig"), "utf-8-sig"),
    **dict.fromkeys(_GB, "gb18030"),
    **{name: name for name in ("big5", "utf-16", "utf-16-le", "utf-16-be")},
}
"""Names of encodings that are read, and the codec that does it (gb18030 holds all of GBK)."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read.

    Attributes:
        total_bytes: of its content, unpacked.
        ratio: how many times as large a packed file may become, once it is larger than
            ``free_bytes``. Tables of text pack to a tenth, hardly ever to a hundredth.
        free_bytes: up to this the ratio says nothing.
        line_characters: of one line.
    """

    total_bytes: int = 4 * _KIB**3
    ratio: int = 200
    free_bytes: int = 64 * _KIB**2
    line_characters: int = _KIB**2


LIMITS = Limits()
SMALL = Limits(total_bytes=256 * _KIB**2)
"""For what has to stand in memory as a whole, such as a JSON document."""


@contextmanager
def open_lines(
    path: Path,
    encoding: str = "utf-8",
    *,
    field: str = "file",
    limits: Limits = LIMITS,
    option: bool = False,
    advance: Callable[[int], None] = lambda _n: None,
) -> Iterator[Iterator[str]]:
    """The lines of a text file, plain or gzipped, each with its end; a byte-order mark is left out.

    A line ends in a line feed, a carriage return, or both.

    Args:
        path: the file.
        encoding: one of ``ENCODINGS``.
        field: what the file was given for.
        limits: how much is read.
        option: whether the command has an option ``--encoding``.
        advance: is told of progress, in bytes of the file as it lies on the disk.

    Raises:
        BadFile: missing, truncated, not text in ``encoding``, or beyond a limit; also while the
            lines are read.
    """
    codec = _codec(encoding)
    with ExitStack() as opened:
        with _told(path, field):
            raw = opened.enter_context(path.open("rb"))
            _refuse_other_kinds(raw, path, encoding, field)
            source = _Bounded(raw, path, field, limits, advance)
        buffered = io.BufferedReader(source, _BUFFER_BYTES)
        text = opened.enter_context(io.TextIOWrapper(buffered, codec, newline=""))
        yield _lines(text, path, encoding, field, limits, option=option)


def read_lines(path: Path, *, field: str = "file") -> list[str]:
    """The lines of a text file in UTF-8 without their ends; within the bounds for memory.

    Raises:
        BadFile: as ``open_lines``.
    """
    with open_lines(path, field=field, limits=SMALL) as lines:
        return [line.rstrip("\r\n") for line in lines]


def read_document(path: Path, *, field: str = "file") -> str:
    """The whole text of a file in UTF-8, which may be one long line.

    Raises:
        BadFile: as ``open_lines``.
    """
    whole = Limits(total_bytes=SMALL.total_bytes, line_characters=SMALL.total_bytes)
    with open_lines(path, field=field, limits=whole) as lines:
        return "".join(lines)


def refuse_huge(path: Path, field: str, limits: Limits = LIMITS) -> None:
    """See that a file that a library reads as a whole stays within bounds, a zip archive unpacked.

    Raises:
        BadFile: it does not.
    """
    with _told(path, field):
        packed, unpacked = path.stat().st_size, path.stat().st_size
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
        refuse_beyond(unpacked, packed, path, field, limits)


def refuse_beyond(count: int, packed: int, path: Path, field: str, limits: Limits = LIMITS) -> None:
    """See that ``count`` bytes of content, from ``packed`` bytes of a file, are within the limits.

    Raises:
        BadFile: they are not.
    """
    if count > limits.total_bytes:
        most = limits.total_bytes // _KIB**2
        raise BadFile(
            Text(f"{path} 的内容超过 {most} MB", f"{path} holds more than {most} MB"),
            field=field,
            cure=Text("分成几个较小的文件", "split it into smaller files"),
        )
    if count > limits.free_bytes and count > limits.ratio * packed:
        raise BadFile(
            Text(
                f"{path} 解压后是压缩前的 {limits.ratio} 倍以上,不像正常的数据",
                f"{path} unpacks to more than {limits.ratio} times its size; data does not",
            ),
            field=field,
            cure=Text("核对来源;确有需要时先解压", "check where it is from; unpack it yourself"),
        )


class _Bounded(io.RawIOBase):
    """Bytes of a file, unpacked where it is gzipped, up to the limits."""

    def __init__(
        self,
        raw: BinaryIO,
        path: Path,
        field: str,
        limits: Limits,
        advance: Callable[[int], None],
    ) -> None:
        self._raw, self._path, self._field, self._limits = raw, path, field, limits
        self._packed = raw.read(2) == _GZIP
        raw.seek(0)
        self._source = gzip.GzipFile(fileobj=raw) if self._packed else raw
        self._advance, self._told, self._count = advance, 0, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read on, and count; io calls it."""
        got = self._source.read(len(buffer))
        buffer[: len(got)] = got
        self._count += len(got)
        at = self._raw.tell()
        self._advance(at - self._told)
        self._told = at
        packed = at if self._packed else self._count
        refuse_beyond(self._count, packed, self._path, self._field, self._limits)
        return len(got)


def _lines(
    text: io.TextIOWrapper,
    path: Path,
    encoding: str,
    field: str,
    limits: Limits,
    *,
    option: bool,
) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            with _told(path, field):
                line = text.readline(limits.line_characters + 1)
        except UnicodeDecodeError:
            raise _not_in(path, encoding, field, option=option) from None
        if not line:
            return
        if len(line) > limits.line_characters:
            raise BadFile(
                Text(
                    f"{path} 第 {number} 行超过 {limits.line_characters} 个字符",
                    f"line {number} of {path} is longer than {limits.line_characters} characters",
                ),
                field=field,
                cure=Text("请核对换行;每行一条记录", "check its line ends; one record a line"),
            )
        yield line


def _codec(encoding: str) -> str:
    known = ENCODINGS.get(encoding.lower().replace("_", "-"))
    if known is None:
        raise BadFile(
            Text(f"未知编码 {encoding}", f"unknown encoding {encoding}"),
            field="encoding",
            cure=Text("可用 utf-8 或 gbk", "use utf-8 or gbk"),
        )
    return known


def _refuse_other_kinds(raw: BinaryIO, path: Path, encoding: str, field: str) -> None:
    """Name what is plainly not text of one byte a letter: UTF-16, a spreadsheet's own file."""
    packed = raw.read(2) == _GZIP
    raw.seek(0)
    head = (gzip.GzipFile(fileobj=raw) if packed else raw).read(_KIB)
    raw.seek(0)
    kind = None
    if head[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        kind = Text("电子表格或压缩包(如 .xlsx、.zip)", "a spreadsheet or an archive (.xlsx, .zip)")
    elif not encoding.lower().startswith("utf-16") and (
        head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        or (len(head) > 1 and max(head[::2].count(0), head[1::2].count(0)) * 4 > len(head))
    ):
        kind = Text("UTF-16 文本", "text in UTF-16")
    if kind is not None:
        raise BadFile(
            Text(f"{path} 是{kind.zh}", f"{path} is {kind.en}"),
            field=field,
            cure=Text("请另存为 CSV UTF-8", "save it as CSV UTF-8"),
        )


def _not_in(path: Path, encoding: str, field: str, *, option: bool) -> BadFile:
    what = Text(f"{path} 不是 {encoding} 文本", f"{path} is not {encoding} text")
    if encoding.lower() in _GB or not _looks_gbk(path):
        return BadFile(what, field=field, cure=Text("请另存为 UTF-8", "save it as UTF-8"))
    again = f"iconv -f gbk -t utf-8 {path.name} > utf8{path.suffix}"
    cure = Text(f"转为 UTF-8:{again}", f"re-encode it as UTF-8: {again}")
    if option:
        cure = Text(f"加上 --encoding gbk,或{cure.zh}", f"add --encoding gbk, or {cure.en}")
    return BadFile(Text(f"{what.zh},像是 GBK", f"{what.en}; it looks GBK"), field=field, cure=cure)


def _looks_gbk(path: Path) -> bool:
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        sample = (gzip.GzipFile(fileobj=raw) if packed else raw).read(_SAMPLE_BYTES)
    try:
        codecs.getincrementaldecoder("gb18030")().decode(sample)
    except UnicodeDecodeError:
        return False
    return not sample.isascii()


@contextmanager
def _told(path: Path, field: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        raise BadFile(
            Text(f"压缩文件 {path} 不完整", f"the packed file {path} is truncated or damaged"),
            field=field,
            cure=Text("请重新下载或重新压缩", "download or compress it again"),
        ) from None
    except OSError as error:
        raise unreadable(path, field, error) from None
