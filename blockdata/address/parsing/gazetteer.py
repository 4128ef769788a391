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

from blockdata.address.parsing._tagger_kernel import hash_names, put_local_names

KINDS = ("province", "city", "district", "street")
_MANY_PLACES = 8
_ETHNIC = (
    "壮族|回族|维吾尔|土家族|苗族|侗族|布依族|彝族|哈尼族|傣族|白族|景颇族|傈僳族|藏族|羌族|(?<!^内)蒙古族?|"
    "朝鲜族|哈萨克|柯尔克孜|瑶族|黎族|畲族|满族|仡佬族|水族|仫佬族|毛南族|拉祜族|佤族|纳西族|独龙族|怒族|各族|"
    "布朗族|普米族|东乡族|保安族|撒拉族|土族|裕固族|塔吉克|锡伯|达斡尔族|鄂温克族|鄂伦春|俄罗斯族"
)
_SUFFIX = {
    "province": re.compile(f"(?:{_ETHNIC})*(?:特别行政区|自治区|省|市)$"),
    "city": re.compile(f"(?:{_ETHNIC})*(?:自治州|地区|盟|市|林区)$"),
    # 神农架林区, 六枝特区; but 新林区 is 新林
    "district": re.compile(
        f"(?:{_ETHNIC})*(?:自治县|自治旗|新区|左旗|右旗|(?<=...)林区|(?<=..)特区|区|县|市|旗)$"
    ),
    "street": re.compile("(?:街道|地区|镇|乡|苏木)$"),
}


class Division(NamedTuple):
    """One row of the gazetteer."""

    level: str
    code: str
    name: str
    status: str


class NameTable(NamedTuple):
    """An open-addressed hash table: name hashes, of which kinds each name is, and where it lies.

    Bits 0-3 are full names of province, city, district and street, bits 4-7 their short ones.
    Slot s lies in ``places[place_first[s]:place_first[s + 1]]``: the codes of the divisions of that
    name; names of more than eight places tell nothing and have none. ``local_slots`` and
    ``local_masks`` hold the names known in one city or province (``put_local_names``; the kinds are
    district, street in full, street for short, community without its ending).
    """

    slots: NDArray[np.uint64]
    masks: NDArray[np.uint8]
    place_first: NDArray[np.int32]
    places: NDArray[np.int32]
    local_slots: NDArray[np.uint64]
    local_masks: NDArray[np.uint64]


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
def communities() -> dict[str, list[str]]:
    """Names of communities and villages, without what they end in, by the code of their street."""
    lines = _communities_text().splitlines()
    return {line[:9]: line.split(" ")[1:] for line in lines}


@cache
def quarters() -> dict[str, list[str]]:
    """Quarters that are known by name but are no division, by the code of their district."""
    return {line[:6]: line.split(" ")[1:] for line in _quarters_text().splitlines()}


def _communities_text() -> str:
    path = data_folder() / "gazetteer" / "communities.txt.gz"
    return gzip.decompress(path.read_bytes()).decode("utf-8")


def _quarters_text() -> str:
    return (data_folder() / "gazetteer" / "quarters.txt").read_text(encoding="utf-8")


@cache
def name_table() -> NameTable:
    """The names of all divisions as the tagger looks them up."""
    kinds: dict[str, int] = {}
    lies_in: dict[str, dict[int, set[int]]] = {}
    local: tuple[list[str], list[str], list[str]] = ([], [], [])

    def add(name: str, bits: int, place: str) -> None:
        kinds[name] = kinds.get(name, 0) | bits
        rank = 2 if bits == 0x80 else int(bits > 15)
        lies_in.setdefault(name, {}).setdefault(rank, set()).add(int(place))

    for row in divisions():
        bit = KINDS.index(row.level)
        place = row.code
        short = short_name(row.level, row.name)
        add(row.name, 1 << bit, place)
        if short is not None:
            add(short, 1 << (bit + 4), place)
        if row.level == "city" and row.code[:2] in ("11", "12", "31", "50"):
            kinds[row.name] |= 1
        if row.level == "street":
            local[1].append(f"{place} {row.name}")
            if short is not None:
                local[2].append(f"{place} {short}")
        elif row.level != "province":
            # a district is also known in its province, whose city is often left out
            where = {place, place[:2]} if row.level == "district" else {place[:2]}
            for name in (row.name, short):
                local[0].extend(f"{some} {name}" for some in where if name)
    for code, name in (("11", "北京"), ("12", "天津"), ("31", "上海"), ("50", "重庆")):
        add(name + "市", 0b11, code)
        add(name, 0b110000, code)
    return NameTable(
        *_hash_table(kinds, {name: _where(ranked) for name, ranked in lies_in.items()}),
        *_local_table(local),
    )


def _where(ranked: dict[int, set[int]]) -> set[int]:
    """Where a name may lie, by the places of each rank: 0 full names, 1 short ones, 2 of streets.

    Of names that are alike the fuller one tells where, then the one of the larger division, unless
    all places are so few (西乡 is a county and a street) that what follows can choose.
    """
    short = ranked.get(1, set()) | ranked.get(2, set())
    if 0 not in ranked and len(short) <= _MANY_PLACES:
        return short
    return ranked[min(ranked)]


def _local_table(
    named: tuple[list[str], list[str], list[str]],
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    texts = ["\n".join(lines) + "\n" for lines in named]
    texts.append(_communities_text() + _quarters_text())
    size = 1 << (2 * sum(text.count(" ") for text in texts)).bit_length()
    slots = np.zeros(size, dtype=np.uint64)
    masks = np.zeros(size, dtype=np.uint64)
    for kind, text in enumerate(texts):
        points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        put_local_names(points, kind, slots, masks)
    return slots, masks


def _hash_table(
    kinds: dict[str, int], lies_in: dict[str, set[int]]
) -> tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32]]:
    size = 1 << (2 * len(kinds)).bit_length()
    slots = np.zeros(size, dtype=np.uint64)
    masks = np.zeros(size, dtype=np.uint8)
    names = [name for name in kinds if 2 <= len(name) <= 12]
    offsets = np.zeros(len(names) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum([len(name) for name in names])
    points = np.frombuffer("".join(names).encode("utf-32-le"), dtype=np.uint32)
    where: dict[int, set[int]] = {}
    for name, h in zip(names, hash_names(points, offsets), strict=True):
        at = int(h) & (size - 1)
        while slots[at] and slots[at] != h:
            at = (at + 1) & (size - 1)
        slots[at] = h
        masks[at] |= kinds[name]
        if len(lies_in[name]) <= _MANY_PLACES:
            where[at] = lies_in[name]
    counts = np.zeros(size + 1, dtype=np.int32)
    for at, codes in where.items():
        counts[at + 1] = len(codes)
    places = [code for at in sorted(where) for code in sorted(where[at])]
    first = np.cumsum(counts, dtype=np.int32)
    return slots, masks, first, np.array(places, dtype=np.int32)
