"""The coarse hand drawing that a synthetic district starts from (``data/outlines``)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from blockdata.crs import to_metric
from blockdata.errors import NotFound
from blockdata.profile import Profile, data_folder
from blockdata.text import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DrawnWater:
    """A river (its middle line and width) or a reservoir (its ring, no width); metres."""

    name: Text
    points: Floats
    width_m: float | None


@dataclass(frozen=True)
class Drawing:
    """A district as drawn; every array is (n, 2) metres east and north, EPSG:4547.

    ``street_rings`` hold indexes into ``points``, by street code; ``coast`` likewise. ``hills`` and
    ``centres`` are rows of x, y, radius.
    """

    points: Floats
    street_rings: dict[str, list[int]]
    coast: list[int]
    sea: Text
    landmark: Floats
    waters: list[DrawnWater]
    hills: Floats
    centres: Floats
    avenue: tuple[Text, Floats]
    expressways: list[tuple[Text, Floats]]


def load_drawing(profile: Profile) -> Drawing:
    """Read the drawing of a profile and stretch it to the profile's area.

    Raises:
        NotFound: no drawing is kept for the profile.
    """
    path = data_folder() / "outlines" / f"{Path(profile.name).stem}.toml"
    if not path.is_file():
        raise NotFound(
            Text(
                f"辖区“{profile.name}”没有轮廓草图", f"no outlines are drawn for {profile.name!r}"
            ),
            field="profile",
            cure=Text(f"仿照 baoan.toml 绘制 {path}", f"draw {path} after baoan.toml"),
        )
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    order = {name: i for i, name in enumerate(raw["points"])}
    drawn = np.array(list(raw["points"].values()), dtype=np.float64)
    rings = {code: [order[name] for name in ring] for code, ring in raw["streets"].items()}
    drawn_km2 = sum(_area(drawn[ring]) for ring in rings.values())
    stretch = float(np.sqrt(profile.district.area_km2 / drawn_km2)) * 1000.0
    centre_x, centre_y = to_metric(*profile.district.centre)
    origin = np.array([float(centre_x), float(centre_y)])

    def place(points: list[list[float]]) -> Floats:
        metres: Floats = np.array(points, dtype=np.float64)[:, :2] * stretch + origin
        return metres

    def discs(rows: list[list[float]]) -> Floats:
        return np.column_stack([place(rows), np.array(rows)[:, 2] * stretch])

    waters = [
        DrawnWater(_name(river), place(river["line"]), river["width_m"]) for river in raw["rivers"]
    ] + [DrawnWater(_name(lake), place(lake["ring"]), None) for lake in raw["reservoirs"]]
    return Drawing(
        points=place(drawn.tolist()),
        street_rings=rings,
        coast=[order[name] for name in raw["coast"]["points"]],
        sea=_name(raw["coast"]),
        landmark=place([raw["landmark"]["at"]])[0],
        waters=waters,
        hills=discs(raw["hills"]["at"]),
        centres=discs(raw["centres"]["at"]),
        avenue=(_name(raw["avenue"]), place(raw["avenue"]["line"])),
        expressways=[(_name(road), place(road["line"])) for road in raw["expressways"]],
    )


def _name(row: dict[str, str]) -> Text:
    return Text(row["name_zh"], row["name_en"])


def _area(ring: Floats) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
