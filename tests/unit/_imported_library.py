"""A gazetteer of imported places, as an address table of our own makes it."""

import numpy as np
import pandas as pd

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.match import Match, match_one
from blockdata.address.normalise import normalise_many
from blockdata.errors import UnknownAddress

_NO_ROOMS = pd.DataFrame(columns=["address_id", "level", "parent_id", "label_zh"])


def imported(*texts: str, city: str = "广东省深圳市宝安区") -> Gazetteer:
    """One place for each text, in the normal form in which an import stores it."""
    rows = pd.DataFrame({"text_zh": normalise_many([city + text for text in texts])})
    for column in ("code", "name_zh", "grid_code", "community_zh", "street_zh"):
        rows[column] = None
    rows = rows.assign(
        address_id=range(1, len(texts) + 1),
        level="place",
        parent_id=np.nan,
        # a kilometre apart, so that the road of one does not pass by another
        lon=[113.9 + 0.01 * i for i in range(len(texts))],
        lat=22.6,
    )
    return build_gazetteer(rows, _NO_ROOMS)


def answered(library: Gazetteer, asked: str) -> int | None:
    """The id of the address that is answered; None where it is not sure enough."""
    found = answer(library, asked)
    return None if found is None else found.matched.address_id


def answer(library: Gazetteer, asked: str) -> Match | None:
    """The answer; None where it is not sure enough."""
    try:
        return match_one(library, asked)
    except UnknownAddress:
        return None


def closest(library: Gazetteer, asked: str) -> list[str]:
    """What is listed as closest where there is no answer; nothing where there is one."""
    try:
        match_one(library, asked)
    except UnknownAddress as error:
        return [str(place["address_id"]) for place in error.facts["closest"]]
    return []
