"""Files that nobody expects: of another kind, cut short, nested, half text, or no files at all."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_RING = [[113.85, 22.58], [113.86, 22.58], [113.86, 22.59], [113.85, 22.59], [113.85, 22.58]]
_CSV = "address,lon,lat,grid,code,base\n"


def make_nasty_files(folder: Path, sound: Mapping[str, Path]) -> list[Path]:
    """Write them to a folder; ``sound`` are files that are as they should be, to be spoilt."""
    for name, content in _contents().items():
        (folder / name).write_bytes(content)
    for path in sound.values():
        whole = path.read_bytes()
        (folder / f"cut-{path.name}").write_bytes(whole[: len(whole) // 2])
        (folder / f"other-{path.stem}.parquet").write_bytes(whole)
        (folder / f"other-{path.stem}.geojson").write_bytes(whole)
    (folder / "a-folder.csv").mkdir()
    (folder / "ring").symlink_to(folder / "ring")
    (folder / "leads-nowhere.json").symlink_to(folder / "nothing")
    no_files = [
        Path(), Path("/"), Path("/dev/null"), Path("/dev/zero"), Path("/dev/full"),
        Path("/proc/self/mem"), Path("/dev/null/x.csv"), folder / "missing.csv", Path("x" * 5000),
        folder / ("长" * 100), Path("http://127.0.0.1:1/x.geojson"), Path("/vsizip/x.zip"),
    ]  # fmt: skip
    return sorted(folder.iterdir()) + no_files


def unwritable(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Where nothing can be written: a full disk, no folder, something else in the way."""
    (folder / "in-the-way").write_text("x", encoding="utf-8")
    (folder / "ring.csv").symlink_to(folder / "ring.csv")
    for suffix in suffixes:
        (folder / f"full{suffix}").symlink_to("/dev/full")
        (folder / f"a-folder{suffix}").mkdir()
    ways = [Path(), Path("/"), folder, Path("/proc/x"), folder / "in-the-way", Path("x" * 5000)]
    ways += [folder / "ring.csv", folder / "in-the-way" / "out.csv", Path("/dev/full")]
    ways += [folder / f"{name}{s}" for s in suffixes for name in ("full", "a-folder")]
    ways += [
        parent / f"out{s}"
        for s in suffixes
        for parent in (Path("/proc/nowhere"), folder / "in-the-way", folder / ("长" * 100))
    ]
    return [*ways, folder / "out.docx", folder / "out", folder / "new" / "deep" / "out.csv"]


def _contents() -> dict[str, bytes]:
    rows = "固戍一路168号,113.85,22.58,44030600200101,1,2\n"
    deep = "[" * 100_000 + "]" * 100_000
    return {
        "empty.csv": b"",
        "empty.json": b"",
        "empty.osm.pbf": b"",
        "header.csv": _CSV.encode(),
        "binary.csv": bytes(range(256)) * 16,
        "binary.osm.pbf": bytes(range(256)) * 16,
        "nul.csv": (_CSV + "固戍\0一路,113.85,22.58,1,1,2\n").encode(),
        "gbk.csv": (_CSV + rows).encode("gbk"),
        "utf16.csv": (_CSV + rows).encode("utf-16"),
        "quote.csv": (_CSV + '"固戍一路').encode(),
        "ragged.csv": (_CSV + "a\nb,c,d,e,f,g,h,i,j\n,,,\n").encode(),
        "infinite.csv": (_CSV + "a,inf,nan,x,1,2\nb,1e400,-1e400,,,\nc,x,y,,,\n").encode(),
        "one-column.csv": b"x\n1\n",
        "twice.csv": b"lon,lat,lon,lat,address\n1,2,3,4,a\n",
        "long-line.csv": (_CSV + "长" * 200_000 + ",113.85,22.58,1,1,2\n").encode(),
        "cut.csv.gz": gzip.compress((_CSV + rows).encode())[:-9],
        "deep.json": deep.encode(),
        "deep.toml": f"a = {deep}".encode(),
        "half.json": rb'{"incidents": [{"id": "\ud800", "address": "\ud83d"}]}',
        "nul.json": rb'{"incidents": [{"id": "a\u0000", "address": "b", "needs": []}]}',
        "nan.json": b'{"incidents": NaN}',
        "big.json": b'{"incidents": ' + b"9" * 5000 + b"}",
        "list.json": b"[1, 2]",
        "word.json": b'"word"',
        "plan.json": b'{"format": "blockdata-grid-plan-1"}',
        "plan-none.json": b'{"format": "blockdata-grid-plan-1", "about": null, "impact": {}}',
        "profile.toml": b'[district]\ncode = "440306"\n',
        **{name: json.dumps(_layer(*shapes)).encode() for name, shapes in _LAYERS.items()},
        "null.geojson": b'{"type": "FeatureCollection", "features": null}',
        "bad-crs.geojson": json.dumps(
            _layer(_polygon(_RING)) | {"crs": {"type": "name", "properties": {"name": "EPSG:1"}}}
        ).encode(),
    }


def _polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [*rings]}


_LAYERS: dict[str, tuple[dict[str, Any] | None, ...]] = {
    "no-features.geojson": (),
    "open-ring.geojson": (_polygon(_RING[:-1]),),
    "short-ring.geojson": (_polygon(_RING[:2]),),
    "no-ring.geojson": (_polygon(),),
    "no-geometry.geojson": (None, None),
    "points.geojson": ({"type": "Point", "coordinates": [113.85, 22.58]},),
    "lines.geojson": ({"type": "LineString", "coordinates": _RING},),
    "bow-tie.geojson": (_polygon([_RING[0], _RING[2], _RING[1], _RING[3], _RING[0]]),),
    "flat.geojson": (_polygon([_RING[0], _RING[1], _RING[0], _RING[0]]),),
    "far.geojson": (_polygon([[x * 1e6, y * 1e6] for x, y in _RING]),),
    "huge.geojson": (_polygon([[x * 1e300, y * 1e300] for x, y in _RING]),),
    "empty-shape.geojson": ({"type": "GeometryCollection", "geometries": []},),
    "same-code.geojson": (_polygon(_RING), _polygon(_RING)),
    "high.geojson": (_polygon([[x, y, 5.0] for x, y in _RING]),),
}


def _layer(*shapes: dict[str, Any] | None) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"code": "44030600200101"}, "geometry": shape}
        for shape in shapes
    ]
    return {"type": "FeatureCollection", "features": features}
