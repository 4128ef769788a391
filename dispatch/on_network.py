"""Which places have a road within reach, before anybody is asked to go there."""

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from blockdata.api_types import AreaName
from dispatch.desk import Desks
from dispatch.models import Latitude, Longitude
from dispatch.network.snapping import snap_modes


class OnNetworkQuestion(BaseModel):
    """Points, WGS 84 longitude and latitude in degrees."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    area: AreaName | None = None
    points: Annotated[list[tuple[Longitude, Latitude]], Field(max_length=100)]


class OnNetworkAnswer(BaseModel):
    """For each point: whether a road of any travel mode is within reach."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on_network: list[bool]


def ask_on_network(desks: Desks, question: OnNetworkQuestion) -> OnNetworkAnswer:
    """Say of each point whether a road is within reach, as if none were closed.

    Raises:
        NotFound: no such area, or it has no roads.
    """
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, question.area)
    lon, lat = np.array(question.points, np.float64).reshape(-1, 2).T
    graphs, rules = desk.network.graphs, desk.profile.modes
    modes = list(graphs)
    found = snap_modes(
        desk.network.geometry,
        [graphs[mode] for mode in modes],
        [rules[mode] for mode in modes],
        lon,
        lat,
    )
    reached = np.logical_or.reduce([places.on_network for places in found])
    return OnNetworkAnswer(on_network=reached.tolist())
