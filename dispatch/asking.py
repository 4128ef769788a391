"""One question for the nearest responders, from words to the answer."""

from blockdata.ids import read_id
from blockdata.profile import Tier
from dispatch.answering import compose, tier_part
from dispatch.desk import Desk, Desks
from dispatch.masked import look_nearby, masked_part
from dispatch.models import MaskedTierPart, NearestAnswer, NearestQuestion, TierPart, WherePart
from dispatch.nearest import nearest
from dispatch.places import Located, located_at, located_by_id, located_by_match


def ask_nearest(desks: Desks, question: NearestQuestion) -> NearestAnswer:
    """Answer a question: place it, find the nearest of each tier or count the masked, say it.

    Raises:
        NotFound: no such area or address, or the area has no roads or no responders.
        UnknownAddress: no known address fits the words.
        PlaceNotSaid: the address names no point, and no rough one was confirmed.
        OutsideArea, OutsideNetwork: the place lies beyond the area or far from any road.
        InputError: the moment cannot be read.
    """
    with desks.engine.connect() as connection:
        desk, now = desks.desk(connection, question.area), desks.now()
        profile = desk.profile
        moment = desk.moment(question.at_time, now)
        located = locate(desks, desk, question)
        k = question.k or profile.dispatch.default_k
        counted = desk.cell_counts(connection, moment, now)
        with desk.standing(connection, moment, now) as fleet:
            incident = desk.incident(connection, located.lon, located.lat, fleet.travel)
            at = (incident.lon, incident.lat)
            found = nearest(fleet, profile, at, incident.places, k, moment, profile.told)
            tiers: dict[Tier, TierPart | MaskedTierPart] = {
                answer.tier: tier_part(desk, fleet, incident, answer) for answer in found
            }
            for tier in profile.masked:
                target_s = profile.tiers[tier].target_s
                seen = look_nearby(desk, fleet, counted, incident, tier, target_s, moment)
                tiers[tier] = masked_part(profile, fleet, tier, target_s, seen)
            return compose(desk, fleet, incident, located, tiers, k, moment)


def locate(desks: Desks, desk: Desk, question: WherePart) -> Located:
    """The place that a question means."""
    if question.at is not None:
        return located_at(*question.at)
    if question.address_id is not None:
        address_id = read_id(question.address_id, "address_id")
        row, name = desks.addresses.show(address_id), desk.area.name
        several = row["level"] in ("estate", "place") and row["area"] == name
        reach = desks.addresses.reach(name, address_id) if several else None
        return located_by_id(row, name, reach, confirmed=question.confirmed)
    assert question.address is not None  # the question holds exactly one of the three
    match = desks.addresses.match(desk.area.name, question.address, near=question.near)
    return located_by_match(match, confirmed=question.confirmed)
