"""Put a drawn layer in the place of an area's grids: checked first, applied as one event."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import Connection

from blockdata.address.register.operations import Edit
from blockdata.address.register.redraw import DrawnGrid, redraw_grids
from blockdata.errors import BadLayer
from blockdata.grid.area_grids import MOST_KNOWN_POINTS, read_communities, read_grids
from blockdata.grid.counts.refresh import refresh_counts
from blockdata.grid.datum_check import KnownPoints, find_wrong_datum
from blockdata.grid.duty import Followed, follow_grids
from blockdata.grid.findings import refuse
from blockdata.grid.layers import Layer, current_layer
from blockdata.grid.sql import query
from blockdata.grid.validate import validate_layer
from blockdata.storage.areas import Area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

GRID_DIGITS = 14


@dataclass(frozen=True)
class Applied:
    """What a new version of the layer did.

    Attributes:
        layer: the version, recorded.
        kept: grids that stay as they are, with their id.
        replaced: codes of grids that are no more, or have another outline.
        drawn: codes of grids that are new, or have another outline.
        buildings: how many addresses of buildings lie in redrawn grids.
        recoded: how many addresses got another code.
        duty: who serves on, who is free, which grids have nobody.
    """

    layer: Layer
    kept: int
    replaced: tuple[str, ...]
    drawn: tuple[str, ...]
    buildings: int
    recoded: int
    duty: Followed

    def as_dict(self) -> dict[str, Any]:
        """The outcome for JSON."""
        return {
            "layer": self.layer.as_dict(),
            "kept": self.kept,
            "replaced": list(self.replaced),
            "drawn": list(self.drawn),
            "buildings": self.buildings,
            "recoded": self.recoded,
            "duty": self.duty.as_dict(),
        }


def apply_layer(
    connection: Connection,
    area: Area,
    layer: "gpd.GeoSeries",
    *,
    source: str,
    at: datetime | None = None,
) -> Applied:
    """Make a drawn layer the area's next version.

    Every community that the layer names is redrawn whole; grids of others stay, as do grids whose
    code and outline are the same. Addresses, codes, places, officers, professional grids and
    counts follow. Nothing is changed where anything is refused.

    Args:
        connection: in a transaction, which the caller commits.
        area: the area.
        layer: outlines in WGS 84, indexed by their 14-digit codes.
        source: who decided it.
        at: from when it holds; now where not given.

    Raises:
        BadLayer: the layer has a fault, or changes nothing.
        InputError, NotFound, Conflict: the register refuses it.
    """
    check_layer(connection, area, layer)
    refresh_counts(connection, area)
    before = read_grids(connection, area)
    same, replaced, drawn = _compare(before, layer)
    if not replaced and not drawn:
        raise BadLayer(
            Text("图层与现有网格相同", "the layer is what the grids are already"),
            field="polygons",
            cure=Text("无需应用", "there is nothing to apply"),
        )
    new = [DrawnGrid(code, _multi(layer[code])) for code in drawn]
    done = redraw_grids(connection, area.area_id, replaced, new, Edit(source, at))
    version = current_layer(connection, area, source=source)
    old_ids = before.set_index("code")["grid_id"]
    duty = follow_grids(connection, area, version, {c: int(old_ids[c]) for c in replaced})
    refresh_counts(connection, area)
    return Applied(
        version, same, tuple(replaced), tuple(drawn), done.buildings, done.relabelled, duty
    )


def check_layer(connection: Connection, area: Area, layer: "gpd.GeoSeries") -> None:
    """Hold a drawn layer against its communities and the points of known addresses.

    Raises:
        BadLayer: the first fault leads, all stand in its ``findings``.
    """
    communities = read_communities(connection, area)
    codes = [str(code) for code in layer.index]
    _check_codes(codes, set(communities["code"]))
    named = communities[communities["code"].isin({code[:12] for code in codes})]
    around = named["outline"].to_numpy()
    found = validate_layer(
        layer,
        communities=around,
        community_names=named["name_zh"].tolist(),
        outline=shapely.union_all(around),
    )
    refuse(found)
    shapes = np.asarray(layer, dtype=object)
    _check_places(codes, shapes, dict(zip(named["code"], around, strict=True)))
    known = read_frame(
        connection, query("known_points"), area_id=area.area_id, most=MOST_KNOWN_POINTS
    )
    own = [code[:12] for code in codes]
    whole = [
        shapely.union_all(shapes[[k for k, c in enumerate(own) if c == name]])
        for name in named["code"]
    ]
    anchors = KnownPoints.of(known["lon"], known["lat"], known["code"].str[:12])
    refuse(find_wrong_datum(np.array(whole, dtype=object), named["code"].tolist(), anchors))


def _check_codes(codes: list[str], communities: set[str]) -> None:
    for code in codes:
        if len(code) != GRID_DIGITS or not code.isdecimal() or code[:12] not in communities:
            raise BadLayer(
                Text(f"“{code}”不是本区域的网格编码", f"{code!r} is no grid code of this area"),
                field="code",
                cure=Text(
                    "社区 12 位编码加 2 位序号", "write the community's 12 digits and 2 of its own"
                ),
                polygon=code,
            )


def _check_places(codes: list[str], shapes: Any, communities: dict[str, Any]) -> None:
    for code, shape in zip(codes, shapes, strict=True):
        if not communities[code[:12]].intersects(shape.representative_point()):
            raise BadLayer(
                Text(
                    f"网格 {code} 不在其编码所指的社区内",
                    f"grid {code} does not lie in the community that its code names",
                ),
                field="code",
                cure=Text("改正编码", "correct the code"),
                polygon=code,
            )


def _compare(before: "pd.DataFrame", layer: "gpd.GeoSeries") -> tuple[int, list[str], list[str]]:
    """How many grids stay, and the codes of those that go and of those that come."""
    old = dict(zip(before["code"], before["geometry"], strict=True))
    new = {str(code): shape for code, shape in layer.items()}
    touched = {code[:12] for code in new}
    same = {c for c in new if c in old and shapely.equals(old[c], new[c])}
    replaced = sorted(c for c in old if c[:12] in touched and c not in same)
    stay = len(old) - len(replaced)
    return stay, replaced, sorted(set(new) - same)


def _multi(shape: Any) -> shapely.MultiPolygon:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
