"""Read the parts of an address that a register wrote out in full, in normal form.

Registers write level after level; that is far easier to read than what people say, and 300,000 of
them must be read when a gazetteer is built, so one pattern does it.
"""

import csv
import gzip
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from blockdata.address.normalise_rules import STEMS
from blockdata.address.wordlists import STOREYS
from blockdata.profile import data_folder

_HAN = "㐀-䶿一-鿿〇"
_NUMBER = rf"[A-Z]?\d+[A-Z]?(?:-[A-Z]?\d+[A-Z]?){{0,2}}[{STEMS}]?"
# 前进二路甲8号, and 8号甲 unless more words follow: 8号甲级写字楼
_STEM_BEFORE = re.compile(f"(?<=[路街巷道里弄条同村])[{STEMS}]$")
_STEM_BEHIND = re.compile(f"[{STEMS}](?![{_HAN}])")
_LEVELS = re.compile(
    rf"^(?P<road>[{_HAN}A-Z]*?(?:\d+(?=[巷区坊弄街路村队组])[{_HAN}]+?)*?)"
    rf"(?:(?P<number>{_NUMBER})号(?!线|路|楼))"
    r"(?P<rest>.*)$"
)
_BARE_NUMBER = re.compile(
    rf"^(?P<road>[{_HAN}]{{1,9}}?(?:大道|路|街|道|巷))(?P<number>{_NUMBER})号?(?P<rest>)(?=$|[,( ])"
)
_INNER = re.compile(
    r"^(?P<estate>.*?)(?:(?P<building>[A-Z]?\d+[A-Z]?|[A-Z]\d*|[东南西北]\d*)栋)?"
    r"(?:(?P<unit>[A-Z]?\d+[A-Z]?|[A-Z])单元)?"
    rf"(?:(?P<storey>{'|'.join(STOREYS)})|(?P<floor>-?\d+)层)?"
    r"(?:(?P<room>[A-Z]?\d+[A-Z]?)室)?$"
)
_BARE_ROAD = re.compile(
    rf"(?P<road>[{_HAN}]{{1,9}}?(?:大道|路|街|巷|道))(?=$|[,( ]|与|和|口|旁|附近|东|西|南|北)"
)
# the other road of a corner, or a second address: 民主大道与锦绣路交汇处, 悦和路11号,兴业路3003号
_SECOND = re.compile(
    rf"[与和,;/](?P<road>[{_HAN}]{{1,9}}?(?:大道|路|街|巷|道))"
    rf"(?:(?P<number>{_NUMBER})号?(?=$|[,;/( ])|(?=口|交|$|[,;/( ]))"
)
_BRACKETS = re.compile(r"^\(([^()]*)\)")
_PROVINCE = re.compile(rf"^[{_HAN}]{{2,8}}?(?:省|自治区)")
_CITY = re.compile(rf"^[{_HAN}]{{2,6}}?市(?!场)")
_STREET = re.compile(rf"^[{_HAN}]{{2,5}}?街道(?!办)")
_COMMUNITY = re.compile(rf"^[{_HAN}]{{2,7}}?社区")
_LONGEST_DISTRICT = 8


class Written(NamedTuple):
    """The parts of a written address in normal form; those it does not have are empty."""

    district: str = ""
    street: str = ""
    community: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    floor: str = ""
    goes_on: bool = False  # an estate stands behind the number, as the text itself says
    road2: str = ""  # the other road of a corner, or of a second address
    number2: str = ""
    quarter: str = ""  # what a portal writes behind the district: (福田区新洲)


@cache
def district_names() -> frozenset[str]:
    """Names of the country's districts and counties, and of Shenzhen's new areas."""
    return frozenset(_cities_of())


def neighbours(districts: set[str]) -> set[str]:
    """All districts, past ones too, of the city to which the most of ``districts`` belong."""
    cities = Counter(city for name in districts for city in set(_cities_of().get(name, ())))
    best = cities.most_common(2)
    if not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return set()  # names that several cities have
    return {name for name, where in _cities_of().items() if best[0][0] in where}


@cache
def _cities_of() -> dict[str, tuple[str, ...]]:
    """District → the codes (four digits) of the cities that have one of that name."""
    path = data_folder() / "gazetteer" / "divisions.csv.gz"
    found: dict[str, tuple[str, ...]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["level"] == "district":
                found[row["name"]] = (*found.get(row["name"], ()), row["code"][:4])
    return found


def read_written(text: str, name: str | None = None) -> Written:
    """The parts of a text in normal form; ``name`` is what stands there (an estate, a car park)."""
    divisions, rest = _divisions(text)
    divisions = _with_second(divisions, rest)
    found = _LEVELS.match(rest) or _BARE_NUMBER.match(rest)
    if found is None:
        bare = _BARE_ROAD.match(rest)
        within = Written() if bare else _within(rest)
        return _joined(divisions, within, name, bare["road"] if bare else "", "")
    road, number, rest = found["road"], found["number"], found["rest"]
    if before := _STEM_BEFORE.search(road):
        road, number = road[:-1], before[0] + number
    elif behind := _STEM_BEHIND.match(rest):
        number, rest = number + behind[0], rest[1:]
    return _joined(divisions, _within(rest), name, road, number)


def _within(rest: str) -> Written:
    """The estate, building, storey, unit and room that stand behind a road and number."""
    inner = _INNER.match(rest)
    if inner is None:
        return Written()
    storey = STOREYS[inner["storey"]] if inner["storey"] else inner["floor"] or ""
    return Written(
        estate=inner["estate"],
        building=inner["building"] or "",
        unit=inner["unit"] or "",
        room=inner["room"] or "",
        floor=storey,
    )


def _joined(
    divisions: Written, within: Written, name: str | None, road: str, number: str
) -> Written:
    return within._replace(
        district=divisions.district,
        street=divisions.street,
        community=divisions.community,
        quarter=divisions.quarter,
        road2=divisions.road2 if divisions.road2 != road else "",
        number2=divisions.number2 if divisions.road2 != road else "",
        road=road,
        number=number,
        estate=name or within.estate,
        goes_on=number != "" and within.estate != "",
    )


def road_of(text: str) -> str | None:
    """The road that a text in normal form names, or None."""
    return read_written(text).road or None


def _with_second(divisions: Written, rest: str) -> Written:
    second = _SECOND.search(rest)
    if second is None:
        return divisions
    return divisions._replace(road2=second["road"], number2=second["number"] or "")


def _divisions(text: str) -> tuple[Written, str]:
    """District, quarter, street and community before the road, and what is left."""
    district = quarter = ""
    bracket = _BRACKETS.match(text)
    if bracket:
        # portals put the district and its quarter in front: (福田区新洲)新洲三街15号
        district = _district_at(bracket[1])
        quarter = bracket[1][len(district) :] if district else ""
        text = text[bracket.end() :]
    text = _cut(_CITY, _cut(_PROVINCE, text)[1])[1]
    again = _district_at(text)
    if again:
        district = again
        text = text[len(again) :]
    street, text = _cut(_STREET, text)
    community, text = _cut(_COMMUNITY, text)
    return Written(district=district, street=street, community=community, quarter=quarter), text


def _district_at(text: str) -> str:
    for length in range(min(_LONGEST_DISTRICT, len(text)), 1, -1):
        if text[:length] in district_names():
            return text[:length]
    return ""


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)
