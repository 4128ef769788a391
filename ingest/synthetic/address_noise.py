"""Degrade known addresses as people do, and mark whether the building can still be told.

The matcher is scored against this model, so the two know nothing of each other. A query is one
building written with some of its parts, in some hand:

====================  ===========================================================================
kind                  what is done
====================  ===========================================================================
full                  every level, as the register writes it
no_prefix             no province, city and district; perhaps no street or community either
no_road               estate and building only, with street or community
no_estate             road, number and building, without the estate's name
unit_words            栋 → 幢, 座, 号楼, #, or a bare hyphen (3-2-501)
numerals              Chinese numerals for buildings, units and rooms; digits within road names
script                full-width digits, traditional characters
sound                 one character of a road's or estate's name replaced by one that sounds alike
slip                  one character of a name of four or more replaced, dropped or doubled;
                      new names one character off a known one look the same: they count here
short_estate          the estate without its kind: 海裕花园 → 海裕; half of them without the road
old_division          镇 for 街道, 村 for 社区
old_district          the county of before 1993 (GB/T 2260 440321): 宝安县 for 宝安区
other_district        another district of the city: a mistake where road and number are confirmed,
                      else mostly an address of that name which lies there
other_gate            an estate at a number that the register lacks: another of its gates (half of
                      them at its own road), or (one in three) an estate of the same name at a road
                      of another community
facility              what an estate shares, after its name: 海裕花园地下车库
remark                brackets, spaces, commas, words such as 附近 or 门口
landmark              another building named beside the one meant: A附近B, B(A旁), B,A对面; one in
                      five times B is a place that nobody knows
strange_name          a known number with a name that the register lacks: a firm's or shop's (half),
                      or a place's, where one in four is at another road of that name, unless a
                      street or community is named
longer_name           a name that contains a known one: an ordinary word or the head of another
                      estate's name before it (东方海裕花园), alone, at a number that the register
                      lacks, or (one in four) at the known one's own number: then it is that one
part                  a word for a part behind an estate's name (海裕花园东区); where no road is
                      written, one in twenty is another place
other_division        a road and number with another community than theirs: a mistake if the estate
                      is named too, else as often a road of that name there
conflict              one building's number with another's name: either may be meant
side_road             an estate at another road than the register has for it, three in five times
                      one that it lacks, three in five times with a number; one in twenty, with no
                      division beside it, is another estate of that name
corner                an estate where its road meets another, known or not (A路与B路交汇处), in
                      either order; three in ten with its number and the other road as near (近B路)
second_address        a second road and number behind the known ones
namesake              an estate's bare name, one in four in its short form, for a place of that name
                      in another part of the city; the text is like those of no_road and
                      short_estate, and they count there
ambiguous             too little is left: a number without a road, a name that several places bear
nonexistent           a number, a building, a road or an estate that the register does not have;
                      new names are often close to a known one
====================  ===========================================================================

Besides, 12 % of the queries of most kinds name a quarter that is no division of the register, or a
former town, before the road or the estate: 新塘固戍一路, 宝安-新塘-固戍一路 (as portals do),
(宝安区新塘)固戍一路.

``determinable`` says whether exactly one building of the library fits the parts that are left, as
someone would read them who knows the whole library; a misspelt name counts as its original only if
no other name is as close and something beside it confirms it. ``elsewhere`` says that the address
lies where the register has none, although one of that name is known. Rooms are written for about a
third of the queries. All shares are round numbers of ours; none was taken from real data.
"""

import numpy as np
import pandas as pd

from ingest.synthetic.address_hand import Hand
from ingest.synthetic.address_library import Library, make_library, read_library

__all__ = ["COLUMNS", "KINDS", "Library", "degrade", "make_library", "read_library"]

SHARES = {
    "full": 0.06, "no_prefix": 0.10, "no_road": 0.08, "no_estate": 0.05, "unit_words": 0.08,
    "numerals": 0.06, "script": 0.04, "sound": 0.06, "slip": 0.05, "short_estate": 0.03,
    "old_division": 0.03, "old_district": 0.02, "other_district": 0.02, "other_gate": 0.02,
    "facility": 0.03, "remark": 0.04, "landmark": 0.04, "strange_name": 0.03, "longer_name": 0.02,
    "part": 0.02, "other_division": 0.015, "conflict": 0.015, "namesake": 0.001,
    "side_road": 0.02, "corner": 0.01, "second_address": 0.01,
    "ambiguous": 0.25, "nonexistent": 0.13,
}  # fmt: skip
_OF_ESTATES = (  # kinds that need an estate's name
    "longer_name", "part", "conflict", "namesake", "side_road", "corner", "second_address",
)  # fmt: skip
KINDS = tuple(SHARES)
COLUMNS = (
    "text", "kind", "address_id", "source_id", "determinable", "has_room", "elsewhere",
)  # fmt: skip


def degrade(library: Library, count: int, seed: int) -> pd.DataFrame:
    """``count`` queries.

    Columns: text, kind, address_id (-1: what is asked for does not exist), source_id (the building
    from which the query was made), determinable, has_room, elsewhere.
    """
    rng = np.random.default_rng(seed)
    shares = np.array(list(SHARES.values()))
    kinds = rng.choice(len(KINDS), count, p=shares / shares.sum())
    records = library.parts.to_dict("records")
    named = np.flatnonzero(library.parts["estate"] != "")
    chosen = rng.integers(0, len(records), count)
    if len(named):
        of_estate = np.isin(kinds, [KINDS.index(kind) for kind in _OF_ESTATES])
        chosen[of_estate] = named[chosen[of_estate] % len(named)]
    rows = []
    for kind_index, index in zip(kinds.tolist(), chosen.tolist(), strict=True):
        kind = KINDS[kind_index]
        rows.append(Hand(library, dict(records[index]), rng).write(kind))
    return pd.DataFrame(rows, columns=list(COLUMNS))
