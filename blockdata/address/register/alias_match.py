"""Answer with a recorded alias: what a clerk decided once is not asked again."""

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.match import Match, Place, place_of, room_place
from blockdata.address.normalise import normalise
from blockdata.address.register.remarks import Alias
from blockdata.text import Text


def match_alias(gazetteer: Gazetteer, aliases: dict[str, list[Alias]], words: str) -> Match | None:
    """The address that a whole text is recorded to mean, or None.

    One alias of several addresses shares its probability among them by confidence.
    """
    if not aliases:
        return None
    known = [
        (alias, place)
        for alias in aliases.get(normalise(words).text, [])
        if (place := _place(gazetteer, alias.address_id)) is not None
    ]
    if not known:
        return None
    best, place = known[0]
    total = sum(alias.confidence for alias, _ in known)
    return Match(
        asked=words,
        matched=place,
        level=place.level,
        probability=best.confidence * best.confidence / total,
        why=Text("已登记的别名", "a recorded alias of this address"),
        runner_up=known[1][1] if len(known) > 1 else None,
    )


def _place(gazetteer: Gazetteer, address_id: int) -> Place | None:
    node = gazetteer.node_of(address_id)
    if node >= 0:
        return place_of(gazetteer, node)
    node, room = gazetteer.room_of(address_id)
    return None if node < 0 else room_place(gazetteer, node, room)
