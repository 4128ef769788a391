"""Which city and province a division lies in today, by its name alone.

A code lives longer than the names that it had: 2102 was 旅大市 and is 大连市. What follows from a
district is what its code is called now; a code that is no longer given says its province only.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

from blockdata.address.levels import Level
from blockdata.address.parsing.gazetteer import divisions, short_name

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_COUNTY_CODE = 6  # digits; without them a row (台湾's) has no place in the list of codes
_DIVISIONS: tuple[Level, ...] = ("province", "city", "district")
_BELOW: tuple[Level, ...] = ("district", "city")
# One rank for each way of saying a name, the surest first: in full or for short, now or formerly.
_Ranks = tuple[set[str], set[str], set[str], set[str]]


def levels_above(said: Mapping[Level, str]) -> dict[Level, str]:
    """The city and province that were left out but follow, where the names leave no choice.

    Args:
        said: what the address says of its ``province``, ``city`` and ``district``.
    """
    named = {level: said[level] for level in _DIVISIONS if level in said}
    return dict(_above(tuple(named.items())))


@lru_cache(maxsize=1 << 14)  # a file names few divisions, and many times
def _above(named: tuple[tuple[Level, str], ...]) -> tuple[tuple[Level, str], ...]:
    said = dict(named)
    for level in _BELOW:
        codes = _fitting(said[level], level, said) if level in said else set()
        provinces = {code[:2] for code in codes}
        if len(provinces) == 1:
            province = _province_today()[provinces.pop()]
            city = _city_today().get(min(codes)) if len(codes) == 1 else None
            above: tuple[tuple[Level, str | None], ...] = (("province", province), ("city", city))
            return tuple((key, name) for key, name in above if name and key not in said)
    return ()


def could_lie_there(said: Mapping[Level, str]) -> bool:
    """Whether one division of each name lies in the next, as far as the gazetteer knows them."""
    return all(_fitting(said[level], level, said) for level in _BELOW if level in said)


def city_codes(said: Mapping[Level, str]) -> frozenset[str]:
    """The codes of the cities in which the named district, or else city, may lie."""
    return _city_codes(tuple((level, said[level]) for level in _DIVISIONS if level in said))


@lru_cache(maxsize=1 << 14)
def _city_codes(named: tuple[tuple[Level, str], ...]) -> frozenset[str]:
    said = dict(named)
    level = next((level for level in _BELOW if level in said), None)
    return frozenset(_fitting(said[level], level, said)) if level else frozenset()


def _fitting(name: str, level: Level, said: Mapping[Level, str]) -> set[str]:
    """Codes of the cities in which the name may lie, of the surest rank that agrees."""
    city = said.get("city", "") if level == "district" else ""
    for codes in _lies_in(level).get(name, ()):
        agree = {
            code
            for code in codes
            if _is_called(city, _city_names().get(code, set()))
            and _is_called(said.get("province", ""), {_province_today()[code[:2]]})
        }
        if agree:
            return (agree & _in_force()) or agree
    return set()


def _is_called(said: str, names: set[str]) -> bool:
    """Whether what is said, if anything, is one of the names or its beginning (恩施州, 恩施)."""
    root = said[:-1] if len(said) > 2 and said[-1] in "省市州盟" else said
    return not said or any(name.startswith((said, root)) for name in names)


@cache
def _lies_in(level: Level) -> dict[str, _Ranks]:
    """For each name of a district or city, the codes of its city (four digits) by rank."""
    found: dict[str, _Ranks] = {}
    for row in divisions():
        if row.level == level and (level == "city" or len(row.code) == _COUNTY_CODE):
            rank = 0 if row.status == "current" else 2
            for name, later in ((row.name, 0), (short_name(level, row.name), 1)):
                if name:
                    ranks = found.setdefault(name, (set(), set(), set(), set()))
                    ranks[rank + later].add(row.code[:4])
            if row.name.endswith("自治州"):  # 恩施州
                short = f"{short_name(level, row.name)}州"
                found.setdefault(short, (set(), set(), set(), set()))[rank + 1].add(row.code)
    if level == "city":
        for code in _MUNICIPALITIES:
            name = _province_today()[code]
            for said in (name, name.removesuffix("市")):
                found[said] = ({code}, set(), set(), set())
    return found


@cache
def _in_force() -> frozenset[str]:
    """Codes of cities that a division has today."""
    return frozenset(row.code[:4] for row in divisions() if row.status == "current")


@cache
def _province_today() -> dict[str, str]:
    return {row.code: row.name for row in divisions() if row.level == "province"}


@cache
def _city_today() -> dict[str, str]:
    """The name that each code of a city has now."""
    return {
        row.code: row.name
        for row in divisions()
        if row.level == "city" and row.status == "current" and len(row.code) == 4
    }


@cache
def _city_names() -> dict[str, set[str]]:
    """All names that a city's code has or had; of a municipality's, the municipality's."""
    names: dict[str, set[str]] = {}
    for row in divisions():
        if row.level == "city":
            names.setdefault(row.code, set()).add(row.name)
        elif row.level == "district" and row.code[:2] in _MUNICIPALITIES:
            names.setdefault(row.code[:4], set()).add(_province_today()[row.code[:2]])
    return names
