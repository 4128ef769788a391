"""The levels of an address, and how other label sets map on them."""

from typing import Literal, get_args

Level = Literal[
    "country",
    "province",
    "city",
    "district",
    "zone",  # development zones, which lie between districts and streets but are no division
    "street",  # 街道, 镇, 乡
    "community",  # 社区, 村
    "grid",
    "road",  # roads, lanes and numbered groups of houses (5组)
    "number",
    "estate",  # housing estates, urban villages, towers, parks: what buildings stand in
    "poi",  # any other named place
    "subpoi",  # a named part of an estate or poi: 东区, 南门
    "building",
    "unit",
    "floor",
    "room",
    "business",  # who is in the room: a company or shop
    "lamp_post",
    "kilometre_post",  # K12+300, 2560公里处: where on a trunk road
    "postcode",
    "landmark",  # 对面, 旁, 与…交叉口
    "remark",  # what says nothing about the place: separators, 电联, (仅限办公)
]
LEVELS: tuple[Level, ...] = get_args(Level)

# The one table from the labels of the NAACL 2019 set (lower case; the files vary) to our levels.
# None: says nothing about the place, so left out of the score on both sides. An estate is a poi
# there.
FROM_NAACL: dict[str, Level | None] = {
    "country": "country",
    "prov": "province",
    "city": "city",
    "district": "district",
    "devzone": "zone",
    "town": "street",
    "community": "community",
    "road": "road",
    "subroad": "road",  # a side road is a road
    "roadno": "number",
    "subroadno": "number",
    "poi": "poi",
    "subpoi": "subpoi",
    "houseno": "building",
    "cellno": "unit",
    "floorno": "floor",
    "roomno": "room",
    "person": "business",
    "assist": "landmark",
    "redundant": None,
    "otherinfo": None,
}
# The mapped levels over which parsing is scored: those of the register, with poi and subpoi. The
# rest (a development zone, who is in the room, a landmark) is told apart too, and scored beside it
# as "all levels", but places nothing in the register. A plain CRF trained on that set's own train
# split reaches 0.895 over these levels.
PARSE_CORE = frozenset(LEVELS) - {
    "country", "zone", "business", "landmark", "remark", "grid", "lamp_post", "estate",
    "kilometre_post", "postcode",
}  # fmt: skip
