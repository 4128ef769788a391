"""Collections of features for others: divisions and published counts, kept while they are valid."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import Connection, Engine, text

from blockdata.errors import NotFound
from blockdata.grid.area_grids import read_grids
from blockdata.grid.publish.layers import published_layer
from blockdata.grid.publish.publication import list_publications
from blockdata.storage.areas import Area, find_area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

if TYPE_CHECKING:
    import geopandas as gpd

_PUBLISHED = "published_"
_MOST_KEPT = 32
_DIVISIONS = {
    "grids": Text("网格", "grids"),
    "communities": Text("社区", "communities"),
    "streets": Text("街道", "streets"),
}
_TABLES = {"grids": "grid", "communities": "community", "streets": "street"}
_ANY = "SELECT 1 FROM district.{} WHERE area_id = :id LIMIT 1"


@dataclass(frozen=True)
class Page:
    """Some features of a collection (GeoJSON), and how many fit the question."""

    features: list[dict[str, Any]]
    matched: int


class Collections:
    """The collections of every area, read once for each state of what they show."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: OrderedDict[tuple[Any, ...], gpd.GeoDataFrame] = OrderedDict()
        self._lock = Lock()

    def names(self, area_name: str) -> dict[str, Text]:
        """Name and title of each collection that an area has.

        Raises:
            NotFound: there is no such area.
        """
        with self._engine.connect() as connection:
            area = find_area(connection, area_name)
            issued = list_publications(connection, area)
            found = {
                name: title
                for name, title in _DIVISIONS.items()
                if connection.execute(
                    text(_ANY.format(_TABLES[name])), {"id": area.area_id}
                ).first()
            }
        for division in issued[-1].issue.divisions if issued else ():
            title = Text(f"已发布统计:{division}", f"published counts by {division}")
            found[_PUBLISHED + division] = title
        return found

    def layer(self, area_name: str, name: str) -> "gpd.GeoDataFrame":
        """The features of a collection as a layer, indexed by their code.

        Raises:
            NotFound: no such area or collection.
        """
        with self._engine.connect() as connection:
            area = find_area(connection, area_name)
            state = self._state(connection, area, name)
            key = (area.area_id, name, state)
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
            made = self._read(connection, area, name).set_index("code")
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def page(
        self,
        area_name: str,
        name: str,
        *,
        bounds: tuple[float, float, float, float] | None,
        limit: int,
        offset: int,
    ) -> Page:
        """Features whose outline meets the bounds (west, south, east, north; WGS 84), by code."""
        layer = self.layer(area_name, name)
        if bounds is not None:
            window = shapely.box(*bounds)
            layer = layer.iloc[sorted(layer.sindex.query(window, predicate="intersects"))]
        some = layer.iloc[offset : offset + limit]
        return Page(_features(some), len(layer))

    def feature(self, area_name: str, name: str, code: str) -> dict[str, Any]:
        """One feature.

        Raises:
            NotFound: no such area, collection or feature.
        """
        layer = self.layer(area_name, name)
        if code not in layer.index:
            raise NotFound(
                Text(f"{name} 中没有 {code}", f"there is no {code!r} in {name}"), field="featureId"
            )
        return _features(layer.loc[[code]])[0]

    def _state(self, connection: Connection, area: Area, name: str) -> Any:
        """What changes whenever the collection does."""
        if name.startswith(_PUBLISHED):
            issued = list_publications(connection, area)
            return issued[-1].publication_id if issued else None
        return area.version

    def _read(self, connection: Connection, area: Area, name: str) -> "gpd.GeoDataFrame":
        import geopandas as gpd

        issued = list_publications(connection, area)
        if name.startswith(_PUBLISHED) and issued:
            return published_layer(connection, area, issued[-1], name.removeprefix(_PUBLISHED))
        if name == "grids":
            grids = read_grids(connection, area)
            return grids.drop(columns=["grid_id", "community_id", "street_id"])
        if name not in _TABLES:
            raise no_collection(name)
        frame = read_frame(
            connection,
            "SELECT code, name_zh, name_en, ST_AsBinary(outline) AS outline"
            f" FROM district.{_TABLES[name]} WHERE area_id = :area_id ORDER BY code",
            area_id=area.area_id,
        )
        if frame.empty:
            raise no_collection(name)
        shapes = shapely.from_wkb([bytes(outline) for outline in frame.pop("outline")])
        return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)


def no_collection(name: str) -> NotFound:
    """The error of a collection that an area does not have."""
    return NotFound(
        Text(f"没有图层 {name}", f"there is no collection {name!r}"), field="collectionId"
    )


def _features(layer: "gpd.GeoDataFrame") -> list[dict[str, Any]]:
    facts = layer.drop(columns="geometry").astype(object)
    rows = facts.where(facts.notna(), None).to_dict("records")
    return [
        {
            "type": "Feature",
            "id": code,
            "properties": {"code": code} | row,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for code, row, shape in zip(layer.index, rows, layer.geometry, strict=True)
    ]
