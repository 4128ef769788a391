"""What the geography of a synthetic district consists of."""

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Character = Literal["village", "residential", "industrial", "centre", "hills"]

FOOT, EBIKE, PATROL = 1, 2, 4
"""Bits of ``access_modes``."""


@dataclass(frozen=True)
class Geography:
    """The ground that buildings, grids and people are put on; all geometry WGS 84 lon, lat.

    Rows are in a fixed order, frames have a ``RangeIndex``. The same profile, seed and scale give
    bit-identical values; a community keeps its outline and inner roads at every scale.

    Attributes:
        streets: ``code`` (9 digits), ``name_zh``, ``name_en``, ``outline`` (MultiPolygon; the union
            of the street's communities that are built).
        communities: ``street_code`` (9 digits), ``code`` (12 digits), ``name_zh``, ``name_en``,
            ``people_share`` (share of the whole district's people, so that it adds up to about the
            scale), ``character`` (a ``Character``), ``outline`` (MultiPolygon). Outlines
            share their borders exactly and include the water in them.
        district_communities: all communities of the district in the order of their codes, built or
            not, with the columns of ``communities``.
        water: ``name_zh``, ``name_en``, ``kind`` (``river``, ``reservoir`` or ``sea``), ``outline``
            (MultiPolygon). No building stands and no road but a bridge runs there.
        node_lon, node_lat: float64, degrees; one pair for each junction or dead end.
        segments: one row for each piece of road between two nodes:
            ``from_node``, ``to_node`` (int32), ``length_m`` (float64, metres), ``road_class``
            (value of OpenStreetMap's highway tag), ``name_zh``, ``name_en`` (None where unnamed),
            ``oneway`` (int8: 1 along, 0 both ways), ``access_modes`` (int16, bits FOOT, EBIKE,
            PATROL), ``maxspeed_kph`` (Int16, missing where unposted), ``bridge``, ``tunnel``
            (bool), ``community`` (int32: row of ``communities`` it belongs to; a border road
            belongs to one of its two sides), ``path`` (LineString, its ends are the two nodes
            exactly).
        turn_restrictions: ``kind``, ``from_segment``, ``via_node``, ``to_segment`` (rows above).
        landmark_community: row of ``communities`` that holds the profile's landmark road.
    """

    streets: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    district_communities: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    segments: gpd.GeoDataFrame
    turn_restrictions: pd.DataFrame
    landmark_community: int
