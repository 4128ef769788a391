"""The ways in which people write a landmark's name: 固戍站B口 for 固戍地铁站B出口."""

import re

from blockdata.address.landmark_kinds import KINDS, Kind

_EXIT = re.compile(r"^(?P<station>.{2,})地铁站(?P<exit>[A-Z]\d{0,2})出口$")
_LEAST = 2  # characters before the ending: a form of the ending alone would name all of the kind


def other_forms(name: str, kind: Kind) -> list[str]:
    """How else a name in normal form is written; its last part in other words, or before it."""
    if kind == "metro_exit":
        return _of_exit(name)
    if kind == "school":
        return []  # 小学 and 中学 are two schools
    first, *others = KINDS[kind].endings
    if not name.endswith(first) or len(name) - len(first) < _LEAST:
        return []
    stem = name.removesuffix(first)
    forms = [stem + ending for ending in others]
    return [*forms, f"地铁{stem}站"] if kind == "metro_station" else forms


def _of_exit(name: str) -> list[str]:
    found = _EXIT.match(name)
    if found is None:
        return []
    station, letter = found["station"], found["exit"]
    stations = (f"{station}地铁站", f"{station}站", f"地铁{station}站", f"地铁站{station}站")
    exits = (f"{letter}出口", f"{letter}口", letter, f"{letter}出入口", f"{letter}出站口")
    forms = [begin + end for begin in stations for end in exits]
    return [form for form in forms if form != name]
