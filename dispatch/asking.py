"""One question for the nearest responders, from words to the answer."""

from sqlalchemy import Connection

from blockdata.errors import InputError
from blockdata.text import Text
from dispatch.answering import compose
from dispatch.availability import read_moment
from dispatch.desk import Desk, Desks
from dispatch.models import NearestAnswer, NearestQuestion
from dispatch.places import Located, located_at


def ask_nearest(desks: Desks, question: NearestQuestion) -> NearestAnswer:
    """Answer a question: place it, find the nearest of each tier, say it.

    Raises:
        NotFound: no such area or address, or the area has no roads or no responders.
        UnknownAddress: no known address fits the words.
        OutsideArea, OutsideNetwork: the place lies beyond the area or far from any road.
        InputError: the moment cannot be read.
    """
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, question.area)
        moment = read_moment(question.at_time, desk.profile.district.timezone)
        located = _locate(connection, desk, question)
        incident = desk.incident(connection, located.lon, located.lat)
        k = question.k or desk.profile.dispatch.default_k
        fleet, tiers = desk.nearest(connection, incident, k, moment)
        return compose(desk, fleet, incident, located, tiers, k, moment)


def _locate(connection: Connection, desk: Desk, question: NearestQuestion) -> Located:
    if question.at is not None:
        return located_at(*question.at)
    raise InputError(
        Text("此区域暂不支持按地址查询", "this area cannot be asked by address yet"),
        field="address",
        cure=Text("改用坐标(--at)", "use coordinates (--at)"),
    )
