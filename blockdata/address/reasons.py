"""Why an answer was given, in words."""

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels import resolving as k
from blockdata.address.gazetteer import Gazetteer
from blockdata.text import Text

_SAYS = {
    k.AGREES: Text("一致", "agrees"),
    k.SHORT: Text("简称相符", "agrees in its short form"),
    k.NEARLY: Text("疑有错字,近似", "agrees but for a misspelling"),
    k.LACKS: Text("库中未载", "is not in the register"),
    k.CONTRADICTS: Text("不符", "contradicts"),
    k.BESIDE_ROAD: Text(
        "与库中所载不同,但该路就在近旁", "is another than the known one, but passes close by"
    ),
    k.OTHER_NUMBER: Text("路名一致,门牌不同", "agree in the road only"),
}
_PARTS = (
    (k.A_NUMBER, Text("道路门牌", "road and number")),
    (k.A_ESTATE, Text("小区或村名", "estate")),
    (k.A_BUILDING, Text("楼栋", "building")),
    (k.A_COMMUNITY, Text("社区", "community")),
    (k.A_STREET, Text("街道", "street")),
    (k.A_REGION, Text("区", "district")),
)
_LONGER = Text("可能只是更长名称的一部分", "is perhaps part of a longer name")
_MAIN_NUMBER = Text(
    "库中没有这个附号,按主门牌", "the register lacks this sub-number, but has its main number"
)
_STRANGE = Text(
    "该门牌处未载这个地名,写明街道或社区更可靠",
    "no place of that name is known at this number: its street or community would help",
)


def explain(gazetteer: Gazetteer, said: NDArray[np.int64], found: NDArray[np.int64]) -> Text:
    """One sentence on the evidence behind an answer."""
    level = int(found[k.A_LEVEL])
    clauses = _landmark(int(said[k.S_LANDMARK]))
    if k.NOTHING < level <= k.L_ROAD:
        clauses.append(_coarse(gazetteer, said, int(found[k.A_NAME])))
    elif found[k.A_NODE] >= 0:
        for column, part in _PARTS:
            evidence = int(found[column])
            about = part
            if column == k.A_NUMBER and evidence >= 10:
                about, evidence = Text("道路", "road"), evidence - 10
            if evidence != k.SILENT:
                says = _says(column, evidence, said)
                clauses.append(Text(f"{about.zh}{says.zh}", f"{about.en} {says.en}"))
    if found[k.A_MAIN_NUMBER]:
        clauses.append(_MAIN_NUMBER)
    if found[k.A_ROOM_SAID]:
        clauses.append(_room(int(found[k.A_ROOM_SAID])))
    if found[k.A_TIES] > 1:
        clauses.append(_ties(level, int(found[k.A_TIES])))
    if said[k.S_UNKNOWN_ROAD]:
        clauses.append(Text("所写道路不在库中", "the road is not in the register"))
    if said[k.S_STRANGE_PLACE] and found[k.A_NUMBER] == k.AGREES:
        clauses.append(_STRANGE)
    if said[k.S_UNKNOWN] > 0:
        count = int(said[k.S_UNKNOWN])
        clauses.append(Text(f"有 {count} 个字无法解释", f"{count} characters are unexplained"))
    if not clauses:
        clauses.append(Text("没有可识别的地名", "no known name was read"))
    return Text(";".join(c.zh for c in clauses), "; ".join(c.en for c in clauses))


def _says(column: int, evidence: int, said: NDArray[np.int64]) -> Text:
    if column == k.A_ESTATE and evidence == k.NEARLY and said[k.S_ESTATE_EDIT] == k.PREFIXED:
        return _LONGER
    return _SAYS[evidence]


def _ties(level: int, ties: int) -> Text:
    if level in (k.L_ESTATE, k.L_NUMBER):  # they all lie in what was said
        return Text(
            f"其下有 {ties} 处,未说是哪一处",
            f"{ties} addresses lie there, and it was not said which",
        )
    return Text(f"{ties} 处同样相符", f"{ties} addresses fit equally")


def _landmark(state: int) -> list[Text]:
    if state == k.NEAR_KNOWN:
        return [Text("同时写到的另一处只是参照物", "another place that is named is a landmark")]
    if state == k.NEAR_ONLY:
        return [
            Text(
                "所写地点只是参照物,实际位置在其附近",
                "what is named is only a landmark: the place lies near it",
            )
        ]
    if state == k.NEAR_ROOM:
        return [
            Text(
                "所写房号只是参照物,实际位置在其附近",
                "the room named is only a landmark: the place lies near it",
            )
        ]
    if state == k.NEAR_UNKNOWN:
        return [
            Text(
                "所说地点不在库中,只知其参照物",
                "the place is unknown, but what it lies beside is not",
            )
        ]
    return []


def _coarse(gazetteer: Gazetteer, said: NDArray[np.int64], name: int) -> Text:
    known = gazetteer.name(name)
    if said[k.S_NUMBER] and said[k.S_ROAD] >= 0:
        return Text(f"{known}上没有这个门牌", f"{known} has no such number")
    return Text(f"只认出{known}", f"only {known} is known")


def _room(state: int) -> Text:
    return {
        1: Text("房号一致", "room agrees"),
        2: Text("楼内没有这个房号", "the building has no such room"),
        4: Text("库中只有别的楼层或房号", "only other storeys or rooms of it are known"),
    }.get(state, Text("多个单元有此房号", "several units have such a room"))
