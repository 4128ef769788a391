"""In which encoding a text file is, and what it is where it is no text."""

import codecs
import gzip
import zlib
from io import BufferedReader
from pathlib import Path

from blockdata.errors import BadFile
from blockdata.text import Text

GZIP = b"\x1f\x8b"
"""What a gzipped file begins with."""
_HEAD_BYTES = 1024
_SAMPLE_BYTES = 64 * 1024
_GB = ("gbk", "gb2312", "gb18030", "cp936")
ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "utf-8-sig"), "utf-8-sig"),
    **dict.fromkeys(_GB, "gb18030"),
    **{name: name for name in ("big5", "utf-16", "utf-16-le", "utf-16-be")},
}
"""Names of encodings that are read, and the codec that does it (gb18030 holds all of GBK)."""


def codec_of(encoding: str) -> str:
    """The codec that reads an encoding.

    Raises:
        BadFile: an encoding that is not read, for the field ``encoding``.
    """
    known = ENCODINGS.get(encoding.lower().replace("_", "-"))
    if known is None:
        raise BadFile(
            Text(f"未知编码 {encoding}", f"unknown encoding {encoding}"),
            field="encoding",
            cure=Text("可用 utf-8 或 gbk", "use utf-8 or gbk"),
        )
    return known


def refuse_other_kinds(raw: BufferedReader, path: Path, encoding: str, field: str) -> None:
    """Look at the first bytes of a file, plain or gzipped; they are still to be read.

    Raises:
        BadFile: it is plainly UTF-16, or a spreadsheet's own file.
    """
    head = raw.peek(_HEAD_BYTES)
    if head.startswith(GZIP):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD_BYTES)
        except zlib.error:  # whoever reads on will say so
            return
    head = head[:_HEAD_BYTES]
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


def not_in(path: Path, encoding: str, field: str, *, option: bool) -> BadFile:
    """A file is not in the encoding that was said; ``option``: the command can be told another."""
    what = Text(f"{path} 不是 {encoding} 文本", f"{path} is not {encoding} text")
    if encoding.lower() in _GB or not _looks_gbk(path):
        return BadFile(what, field=field, cure=Text("请另存为 UTF-8", "save it as UTF-8"))
    again = f"iconv -f gbk -t utf-8 {path.name} > utf8{path.suffix}"
    cure = Text(f"转为 UTF-8:{again}", f"re-encode it as UTF-8: {again}")
    if option:
        cure = Text(f"加上 --encoding gbk,或{cure.zh}", f"add --encoding gbk, or {cure.en}")
    return BadFile(Text(f"{what.zh},像是 GBK", f"{what.en}; it looks GBK"), field=field, cure=cure)


def _looks_gbk(path: Path) -> bool:
    if not path.is_file():  # what comes through a pipe comes once
        return False
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP
        raw.seek(0)
        sample = (gzip.GzipFile(fileobj=raw) if packed else raw).read(_SAMPLE_BYTES)
    try:
        codecs.getincrementaldecoder("gb18030")().decode(sample)
    except UnicodeDecodeError:
        return False
    return not sample.isascii()
