"""What of a level's words compares exactly: 3 of 3栋, -1 of 负一层, 5、7 of 5栋、7栋."""

import re
from functools import lru_cache

from blockdata.address.levels import Level
from blockdata.address.numerals import NUMERALS, to_number

COUNTED: frozenset[Level] = frozenset(
    {"number", "building", "unit", "floor", "room", "lamp_post", "grid", "postcode"}
)
_NUMBER = re.compile("[A-Z0-9][A-Z0-9.、~至-]*")
_LIST = re.compile(r"[A-Z0-9]+([号栋层室]|单元)(?:[、,.及和与]?[A-Z0-9]+\1)+")
_RANGE = re.compile(r"([A-Z0-9]+)(号|栋|层|室|单元)[-~至到]([A-Z0-9]+)\2")
_BY_ORDER = re.compile(f"第?([{NUMERALS}]+)间")
_PART_OF_DOOR = re.compile(f"([0-9]+)号之([{NUMERALS}]+)")
_BELOW_GROUND = re.compile("(?:负|地下|-)([0-9]+)层")
_BELOW_TO_BELOW = re.compile(
    f"(?:负|地下|-)([0-9]+|[{NUMERALS}]+)层?[-~至到](?:负|地下|-)([0-9]+)层"
)
_POST = re.compile(r"([0-9]+)(?:\.([0-9]+))?(?:(?:公里|千米|KM)?[加+]?([0-9]+))?")


@lru_cache(maxsize=1 << 14)
def exact_value(level: Level, words: str) -> str | None:
    """The number or letters that tell one from its neighbours; None where there are none."""
    if level == "kilometre_post":
        return _of_post(words)
    if level not in COUNTED:
        return None
    found: list[str] = _NUMBER.findall(words)
    value = found[0] if found else None
    if order := _BY_ORDER.fullmatch(words):
        number = to_number(order[1])
        value = value if number is None else str(number)
    elif part := _PART_OF_DOOR.fullmatch(words):
        value = f"{part[1]}-{to_number(part[2])}"
    elif level == "floor" and (below := _BELOW_GROUND.fullmatch(words)):
        value = f"-{below[1]}"
    elif level == "floor" and (span := _BELOW_TO_BELOW.fullmatch(words)):
        upper = span[1] if span[1].isdigit() else to_number(span[1])
        value = f"-{upper}至-{span[2]}"
    elif joined := _RANGE.fullmatch(words):
        value = f"{joined[1]}-{joined[3]}"
    elif _LIST.fullmatch(words):
        value = "、".join(found)
    return value


def _of_post(words: str) -> str | None:
    """K2876+300, and K2560 of 2560公里处."""
    match = _POST.search(words)
    if match is None:
        return None
    metres = int((match[2] or "0").ljust(3, "0")) + int(match[3] or 0)
    return f"K{int(match[1])}" + (f"+{metres:03d}" if metres else "")
