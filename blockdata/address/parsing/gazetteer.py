"""Names of divisions: which words are a province, a city, a district, a street."""

import csv
import gzip
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address.parsing._tagger_kernel import hash_names

KINDS = ("province", "city", "district", "street")
_ETHNIC = (
    "壮族|回族|维吾尔|土家族|苗族|侗族|布依族|彝族|哈尼族|傣族|白族|景颇族|傈僳族|藏族|羌族|蒙古族?|"
    "朝鲜族|哈萨克|柯尔克孜|瑶族|黎族|畲族|满族|仡佬族|水族|仫佬族|毛南族|拉祜族|佤族|纳西族|独龙族|怒族|各族|"
    "布朗族|普米族|东乡族|保安族|撒拉族|土族|裕固族|塔吉克|锡伯|达斡尔族|鄂温克族|鄂伦春|俄罗斯族"
)
_SUFFIX = {
    "province": re.compile(f"(?:{_ETHNIC})*(?:特别行政区|自治区|省|市)$"),
    "city": re.compile(f"(?:{_ETHNIC})*(?:自治州|地区|盟|市|林区)$"),
    "district": re.compile(f"(?:{_ETHNIC})*(?:自治县|自治旗|新区|左旗|右旗|区|县|市|旗)$"),
    "street": re.compile("(?:街道|地区|镇|乡|苏木)$"),
}


class Division(NamedTuple):
    """One row of the gazetteer."""

    level: str
    code: str
    name: str
    status: str


class NameTable(NamedTuple):
    """An open-addressed hash table: name hashes, and of which kinds each name is (a bit each).

    Bits 0-3 are full names of province, city, district and street, bits 4-7 their short ones.
    """

    slots: NDArray[np.uint64]
    masks: NDArray[np.uint8]


def data_folder() -> Path:
    """Where the shipped data lie: in the wheel, or in the work tree."""
    installed = Path(str(files("blockdata") / "_data"))
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "data"


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions, by code."""
    path = data_folder() / "gazetteer" / "divisions.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        return tuple(Division(*row) for row in rows)


def short_name(level: str, name: str) -> str | None:
    """What people say for short: 西乡街道 → 西乡; None where nothing or too little is left."""
    short = _SUFFIX[level].sub("", name)
    return short if 2 <= len(short) < len(name) else None


@cache
def name_table() -> NameTable:
    """The names of all divisions as the tagger looks them up."""
    kinds: dict[str, int] = {}
    for row in divisions():
        bit = KINDS.index(row.level)
        kinds[row.name] = kinds.get(row.name, 0) | 1 << bit
        short = short_name(row.level, row.name)
        if short is not None:
            kinds[short] = kinds.get(short, 0) | 1 << (bit + 4)
        if row.level == "city" and row.code[:2] in ("11", "12", "31", "50"):
            kinds[row.name] |= 1
    for name in ("北京", "天津", "上海", "重庆"):
        kinds[name + "市"] = kinds.get(name + "市", 0) | 0b11
        kinds[name] = kinds.get(name, 0) | 0b110000
    return _hash_table(kinds)


def _hash_table(kinds: dict[str, int]) -> NameTable:
    size = 1 << (2 * len(kinds)).bit_length()
    slots = np.zeros(size, dtype=np.uint64)
    masks = np.zeros(size, dtype=np.uint8)
    names = [name for name in kinds if 2 <= len(name) <= 12]
    offsets = np.zeros(len(names) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum([len(name) for name in names])
    points = np.frombuffer("".join(names).encode("utf-32-le"), dtype=np.uint32)
    for name, h in zip(names, hash_names(points, offsets), strict=True):
        at = int(h) & (size - 1)
        while slots[at] and slots[at] != h:
            at = (at + 1) & (size - 1)
        slots[at] = h
        masks[at] |= kinds[name]
    return NameTable(slots, masks)
