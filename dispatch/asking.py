"""One question for the nearest responders, from words to the answer."""

from blockdata.ids import read_id
from dispatch.answering import compose
from dispatch.desk import Desk, Desks
from dispatch.models import NearestAnswer, NearestQuestion, WherePart
from dispatch.nearest import nearest
from dispatch.places import Located, located_at, located_by_id, located_by_match


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
        moment = desk.moment(question.at_time)
        located = locate(desks, desk, question)
        k = question.k or desk.profile.dispatch.default_k
        with desk.standing(connection, moment) as fleet:
            incident = desk.incident(connection, located.lon, located.lat, fleet.travel)
            at = (incident.lon, incident.lat)
            tiers = nearest(fleet, desk.profile, at, incident.places, k, moment)
            return compose(desk, fleet, incident, located, tiers, k, moment)


def locate(desks: Desks, desk: Desk, question: WherePart) -> Located:
    """The place that a question means."""
    if question.at is not None:
        return located_at(*question.at)
    if question.address_id is not None:
        row = desks.addresses.show(read_id(question.address_id, "address_id"))
        return located_by_id(row, desk.area.name)
    assert question.address is not None  # the question holds exactly one of the three
    return located_by_match(desks.addresses.match(desk.area.name, question.address))
