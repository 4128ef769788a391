"""Files that people give, read within bounds: a small one may unpack to more than a machine holds.

Text is read line by line, unpacked as it goes (gzip) and decoded strictly; memory stays within a
line. Each bound names itself and its cure.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from blockdata.errors import BadFile
from blockdata.files import unreadable
from blockdata.text import Text
from blockdata.text_encoding import GZIP, codec_of, not_in, refuse_other_kinds

_KIB = 1024
_BUFFER_BYTES = 256 * _KIB


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
PARQUET = frozenset({".parquet", ".geoparquet"})
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
        encoding: one of ``text_encoding.ENCODINGS``.
        field: what the file was given for.
        limits: how much is read.
        option: whether the command has an option ``--encoding``.
        advance: is told of progress, in bytes of the file as it lies on the disk.

    Raises:
        BadFile: missing, truncated, not text in ``encoding``, or beyond a limit; also while the
            lines are read.
    """
    codec = codec_of(encoding)
    with ExitStack() as opened:
        with _told(path, field):
            raw = opened.enter_context(path.open("rb"))
            refuse_other_kinds(raw, path, encoding, field)
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
    """See that a file that a library reads stays within bounds unpacked: zip archives and Parquet.

    What is no sound file of its kind is left to that library.

    Raises:
        BadFile: it does not.
    """
    with _told(path, field):
        packed, unpacked = path.stat().st_size, path.stat().st_size
        if path.suffix.lower() in PARQUET:
            unpacked = _parquet_bytes(path)
        elif path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
    refuse_beyond(unpacked, packed, path, field, limits)


def _parquet_bytes(path: Path) -> int:
    """The size of a Parquet file's content, as it says itself; 0 where it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        about = pq.read_metadata(path)
    except pa.ArrowException:
        return 0
    return sum(about.row_group(k).total_byte_size for k in range(about.num_row_groups))


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
        raw: io.BufferedReader,
        path: Path,
        field: str,
        limits: Limits,
        advance: Callable[[int], None],
    ) -> None:
        self._raw, self._path, self._field, self._limits = raw, path, field, limits
        self._packed = raw.peek(2).startswith(GZIP)
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
        at = self._raw.tell() if self._raw.seekable() else self._count
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
            raise not_in(path, encoding, field, option=option) from None
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
