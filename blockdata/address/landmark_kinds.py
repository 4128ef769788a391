"""The kinds of landmark: what they are called, and what people say for them.

The one list of them: the database, the made-up district, the search and the pages all read it.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from blockdata.clean import folded
from blockdata.text import Text

CountedKind = Literal["police_station", "hospital", "school", "metro_station", "bus_stop", "park"]
"""Those that a district has so many of; exits come with their station."""
Kind = Literal[CountedKind, "metro_exit"]
COUNTED: Final[tuple[CountedKind, ...]] = get_args(CountedKind)


@dataclass(frozen=True)
class LandmarkKind:
    """One kind.

    Attributes:
        words: what it is called.
        asked: how people ask for any of the kind, in normal form (Latin letters are capitals).
        endings: what a name of it may end in; each stands for the first, with which it is written.
    """

    words: Text
    asked: tuple[str, ...]
    endings: tuple[str, ...]


KINDS: Final[dict[Kind, LandmarkKind]] = {
    "police_station": LandmarkKind(
        Text("派出所", "police station"),
        ("派出所", "公安派出所", "警察局", "公安局", "POLICE STATION", "POLICE"),
        ("派出所", "公安派出所"),
    ),
    "hospital": LandmarkKind(
        Text("医院", "hospital"), ("医院", "急诊", "HOSPITAL", "EMERGENCY ROOM"), ("医院",)
    ),
    "school": LandmarkKind(
        Text("学校", "school"), ("学校", "小学", "中学", "SCHOOL"), ("小学", "中学")
    ),
    "metro_station": LandmarkKind(
        Text("地铁站", "metro station"),
        ("地铁站", "地铁", "METRO STATION", "SUBWAY STATION", "METRO", "SUBWAY"),
        ("地铁站", "站"),
    ),
    "metro_exit": LandmarkKind(
        Text("地铁出口", "metro exit"),
        ("地铁出口", "地铁站出口", "地铁口", "地铁站口", "METRO EXIT", "SUBWAY EXIT"),
        ("出口", "口"),
    ),
    "bus_stop": LandmarkKind(
        Text("公交站", "bus stop"),
        ("公交站", "公交车站", "公交站台", "公共汽车站", "巴士站", "BUS STOP", "BUS STATION"),
        ("公交站", "公交车站", "公交站台", "巴士站"),
    ),
    "park": LandmarkKind(Text("公园", "park"), ("公园", "PARK"), ("公园",)),
}
KIND_NAMES: Final[tuple[Kind, ...]] = tuple(KINDS)
_BY_WORD: Final[dict[str, Kind]] = {
    word: kind for kind, about in KINDS.items() for word in (kind, about.words.zh, about.words.en)
}


def kind_from(stored: str | None) -> Kind | None:
    """The kind that a row of the register states; None for one that is not known here."""
    return next((kind for kind in KIND_NAMES if kind == stored), None)


def kind_of_word(word: str) -> Kind | None:
    """The kind that has this name (metro_exit), or is called so in either language (地铁出口)."""
    return _BY_WORD.get(folded(word))


def kind_as_dict(kind: Kind | None) -> dict[str, str] | None:
    """For JSON: the kind's name, and its words in both languages; None for what is no landmark."""
    if kind is None:
        return None
    words = KINDS[kind].words
    return {"name": kind, "zh": words.zh, "en": words.en}
