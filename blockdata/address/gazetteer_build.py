"""Build a gazetteer from the rows of the register."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from blockdata.address._kernels.lookup import label_codes
from blockdata.address._kernels.reading import (
    ABOVE,
    BESIDE,
    COMMUNITY,
    ESTATE,
    IGNORE,
    QUARTER,
    REGION,
    RELATION,
    ROAD,
    SHORT_FORM,
    STOREY,
    STOREY_SHIFT,
    STREET,
    WHOLE_FORM,
    delete_keys,
    fill_trie,
)
from blockdata.address.arrays import Codepoints, Ints, Multimap, codepoints, multimap, pair_keys
from blockdata.address.gazetteer import NODE_LEVELS, Gazetteer
from blockdata.address.gazetteer_leads import leads
from blockdata.address.landmark_kinds import KIND_NAMES
from blockdata.address.landmark_names import other_forms
from blockdata.address.normalise import normalise_many
from blockdata.address.numerals import NUMERALS, to_number
from blockdata.address.sounds import sound_ids
from blockdata.address.wordlists import (
    ABOVE_WORDS,
    ESTATE_SUFFIXES,
    FIXED_CHARACTERS,
    FORMER_DISTRICTS,
    IGNORED,
    LANDMARK_WORDS,
    RELATIONS,
    STOREYS,
)
from blockdata.address.written import Written, neighbours, read_written

_NUMERALS = re.compile(f"([{NUMERALS}]+)(?=路|街|大道|巷)")
# 71区创业花园 is 创业花园 to those who live there
_AREA = re.compile(r"[0-9]+区([^0-9]{3,})$")
_SHORTEST_FUZZY = 3
# columns C_… of ``resolving``
CONTEXT_PARTS = ("region", "street", "community", "road", "estate", "road2")
_STREET_TAILS = ("", "镇", "街道办", "街道办事处", "办事处")
_COMMUNITY_TAILS = ("", "村", "社区居委会", "居委会", "村委")


@dataclass
class _NameTable:
    """Names and the ways in which they are written, while they are gathered."""

    ids: dict[str, int] = field(default_factory=dict)
    kinds: list[int] = field(default_factory=list)
    forms: dict[str, dict[int, bool]] = field(default_factory=dict)  # surface → name → short?
    form_kinds: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, kind: int) -> int:
        """The id of a name; its full form becomes a surface."""
        if not name:
            return -1
        number = self.ids.setdefault(name, len(self.ids))
        if number == len(self.kinds):
            self.kinds.append(0)
        self.kinds[number] |= kind
        self.write(name, number, kind, short=False)
        return number

    def write(self, surface: str, name: int, kind: int, *, short: bool) -> None:
        """Let ``surface`` mean a name."""
        forms = self.forms.setdefault(surface, {})
        forms[name] = forms.get(name, True) and short
        form = (SHORT_FORM if short else WHOLE_FORM) if kind & ESTATE else 0
        self.form_kinds[surface] = self.form_kinds.get(surface, 0) | kind | form

    def column(self, values: Iterable[str], kind: int) -> NDArray[np.int32]:
        """Ids of a column of names."""
        series = pd.Series(list(values), dtype=object)
        unique = {value: self.add(value, kind) for value in sorted(series.unique())}
        return series.map(unique).to_numpy(np.int32)


def build_gazetteer(
    nodes: pd.DataFrame, rooms: pd.DataFrame, nicknames: pd.DataFrame | None = None
) -> Gazetteer:
    """Make the arrays.

    Args:
        nodes: numbers, estates, buildings and places, one row each: address_id, level, parent_id,
            code, text_zh, name_zh, lon, lat, grid_code, community_zh, street_zh; and kind, where
            there are landmarks.
        rooms: units and rooms: address_id, level, parent_id, label_zh.
        nicknames: what else estates and places are called, in normal form: text_zh, address_id.
    """
    nodes = nodes.sort_values("address_id", ignore_index=True)
    kind = _kinds(nodes)
    written = _read(nodes)
    names = _NameTable()
    columns = _name_columns(nodes, written, names)
    _short_forms(names)
    for quarter in sorted({w.quarter for w in written} - {""} - names.forms.keys()):
        names.write(quarter, -1, IGNORE | QUARTER, short=True)
    # the city's other districts are known by name, so that they contradict
    for other in sorted(neighbours({w.district for w in written} - {""}) - names.forms.keys()):
        names.add(other, REGION)
    _landmark_forms(names, columns["estate"], kind)
    if nicknames is not None:
        _nicknames(names, nodes, columns["estate"], kind, nicknames)
    labels = {
        part: label_codes(*codepoints([getattr(w, part) for w in written]))
        for part in ("number", "building", "number2")
    }
    inner = _inner(nodes, written)
    tree = _tree(nodes, kind)
    keys = _keys(columns, labels)
    rooms_below = _rooms(nodes["address_id"].to_numpy(np.int64), rooms)
    grids = sorted({g for g in nodes["grid_code"] if isinstance(g, str)})
    grid_index = {g: i for i, g in enumerate(grids)}
    texts = {
        "text": codepoints(nodes["text_zh"].tolist()),
        "title": _optional(nodes["name_zh"]),
        "code": _optional(nodes["code"]),
        "grid": codepoints(grids),
        "name": codepoints(list(names.ids)),
    }
    return Gazetteer(
        address_id=nodes["address_id"].to_numpy(np.int64),
        level=nodes["level"].map({k: i for i, k in enumerate(NODE_LEVELS)}).to_numpy(np.int8),
        kind=kind,
        lon=nodes["lon"].to_numpy(np.float64),
        lat=nodes["lat"].to_numpy(np.float64),
        grid=nodes["grid_code"].map(grid_index).fillna(-1).to_numpy(np.int32),
        **{f"{k}_cps": v.cps for k, v in texts.items()},
        **{f"{k}_offsets": v.offsets for k, v in texts.items()},
        **columns,
        **labels,
        inner=inner,
        **tree,
        **keys,
        **_contexts(columns),
        **leads(columns, labels["number"], len(names.ids)),
        **rooms_below,
        weight=_weights(tree["parent"], rooms_below["room_starts"]),
        **_surfaces(names),
        sound=sound_ids(),
        fixed=_fixed(),
    )


def _read(nodes: pd.DataFrame) -> list[Written]:
    texts = normalise_many(nodes["text_zh"].tolist())
    titles = normalise_many([t if isinstance(t, str) else "" for t in nodes["name_zh"]])
    places = (nodes["level"] == "place").tolist()
    return [
        read_written(text, (title or None) if place else None)
        for text, title, place in zip(texts, titles, places, strict=True)
    ]


def _inner(nodes: pd.DataFrame, written: list[Written]) -> Ints:
    """What the text of a place says below its building: storey, unit, room; and whether more.

    Addresses of a register's own tree have nodes for what lies below them, and zeros here; no rows
    at all where there are no places.
    """
    places = np.flatnonzero(nodes["level"] == "place")
    out = np.zeros((len(written) if len(places) else 0, 4), np.int64)
    of_places = [written[i] for i in places.tolist()]
    for column, part in enumerate(("floor", "unit", "room")):
        out[places, column] = label_codes(*codepoints([getattr(w, part) for w in of_places]))
    out[places, 3] = [w.goes_on for w in of_places]
    return out


def _name_columns(
    nodes: pd.DataFrame, written: list[Written], names: _NameTable
) -> dict[str, NDArray[np.int32]]:
    """Name ids of each node's parts; divisions of the grid count where the text says none."""
    street = [
        w.street or (g if isinstance(g, str) else "")
        for w, g in zip(written, nodes["street_zh"], strict=True)
    ]
    community = [
        w.community or (g if isinstance(g, str) else "")
        for w, g in zip(written, nodes["community_zh"], strict=True)
    ]
    return {
        "region": names.column((w.district for w in written), REGION),
        "street": names.column(street, STREET),
        "community": names.column(community, COMMUNITY),
        "road": names.column((w.road for w in written), ROAD),
        "estate": names.column((w.estate for w in written), ESTATE),
        "road2": names.column((w.road2 for w in written), ROAD),
    }


def _short_forms(names: _NameTable) -> None:
    """The shorter and older ways of writing each name."""
    for name, number in list(names.ids.items()):
        kind = names.kinds[number]
        if kind & REGION and len(name) > 2:
            for known in (name, *FORMER_DISTRICTS.get(name, ())):
                short = known[:-2] if known.endswith("新区") else known[:-1]
                for form in (known, short):
                    names.write(form, number, REGION, short=True)
        if kind & STREET and name.endswith("街道"):
            for tail in _STREET_TAILS:
                names.write(name[:-2] + tail, number, STREET, short=True)
        if kind & COMMUNITY and name.endswith("社区") and len(name) > 3:
            for tail in _COMMUNITY_TAILS:
                names.write(name[:-2] + tail, number, COMMUNITY, short=True)
    _digit_roads(names)
    for name, number in list(names.ids.items()):
        if names.kinds[number] & ESTATE:
            for short in _estate_shorts(name):
                # a short form that is a division's name as well would turn every mention into it
                if not names.form_kinds.get(short, 0) & (REGION | STREET | COMMUNITY | ROAD):
                    names.write(short, number, ESTATE, short=True)
    words = (
        (RELATION | BESIDE, LANDMARK_WORDS), (RELATION, RELATIONS), (IGNORE, IGNORED),
        (IGNORE | ABOVE, ABOVE_WORDS),
    )  # fmt: skip
    codes = label_codes(*codepoints(list(STOREYS.values()))).tolist()
    storeys = [(STOREY | code << STOREY_SHIFT, w) for w, code in zip(STOREYS, codes, strict=True)]
    for kind, word in [(k, w) for k, ws in words for w in ws] + storeys:
        if word not in names.forms:
            names.write(word, -1, kind, short=True)
    for word in ("广东省", "广东", "深圳市", "深圳"):
        names.write(word, -1, IGNORE, short=True)


def _kinds(nodes: pd.DataFrame) -> NDArray[np.int8]:
    """Of landmarks their kind; a kind that is not known (of a later version) is none."""
    if "kind" not in nodes:
        return np.full(len(nodes), -1, np.int8)
    numbers: dict[object, int] = {kind: number for number, kind in enumerate(KIND_NAMES)}
    return np.array([numbers.get(kind, -1) for kind in nodes["kind"]], np.int8)


def _landmark_forms(names: _NameTable, estate: NDArray[np.int32], kind: NDArray[np.int8]) -> None:
    """固戍站B口 for 固戍地铁站B出口: names of landmarks as people shorten them.

    Such a form is all of the name, and no part of it: it is not in doubt as 海裕 for 海裕花园 is.
    """
    spelt = list(names.ids)
    landmarks = np.flatnonzero((kind >= 0) & (estate >= 0))
    pairs = zip(estate[landmarks].tolist(), kind[landmarks].tolist(), strict=True)
    for name, number in dict.fromkeys(pairs):
        for form in other_forms(spelt[name], KIND_NAMES[number]):
            if form not in names.ids:  # what is another's own name is not this one's
                names.write(form, name, ESTATE, short=False)


def _nicknames(
    names: _NameTable,
    nodes: pd.DataFrame,
    estate: NDArray[np.int32],
    kind: NDArray[np.int8],
    nicknames: pd.DataFrame,
) -> None:
    """Names that the register records for an estate or a landmark beside its own."""
    of_node = zip(estate.tolist(), kind.tolist(), strict=True)
    known = dict(zip(nodes["address_id"].tolist(), of_node, strict=True))
    for words, address_id in zip(nicknames["text_zh"], nicknames["address_id"], strict=True):
        name, number = known.get(address_id, (-1, -1))
        if name < 0:
            continue
        names.write(words, name, ESTATE, short=number < 0)
        for form in other_forms(words, KIND_NAMES[number]) if number >= 0 else ():
            if form not in names.ids:
                names.write(form, name, ESTATE, short=False)


def _digit_roads(names: _NameTable) -> None:
    """惠楼7路 for 惠楼七路: the normaliser leaves digits after some characters as they are."""
    roads = [n for n, i in names.ids.items() if names.kinds[i] & ROAD and _NUMERALS.search(n)]
    digits = [_NUMERALS.sub(lambda m: str(to_number(m[1]) or m[1]), road) for road in roads]
    for road, written, settled in zip(roads, digits, normalise_many(digits), strict=True):
        if settled == written != road:
            names.write(written, names.ids[road], ROAD, short=False)


def _estate_shorts(name: str) -> list[str]:
    shorts = [
        name[: -len(suffix)]
        for suffix in ESTATE_SUFFIXES
        if name.endswith(suffix) and len(name) - len(suffix) >= 2
    ][:1]
    area = _AREA.match(name)
    return [*shorts, area[1]] if area and area[1] not in ESTATE_SUFFIXES else shorts


def _surfaces(names: _NameTable) -> dict[str, NDArray[np.generic]]:
    surfaces = sorted(names.forms)
    texts = codepoints(surfaces)
    kinds = np.array([names.form_kinds[s] for s in surfaces], np.int64)
    meanings = [sorted((n, s) for n, s in names.forms[w].items() if n >= 0) for w in surfaces]
    starts = np.zeros(len(surfaces) + 1, np.int64)
    np.cumsum([len(m) for m in meanings], out=starts[1:])
    mask = (1 << int(len(texts.cps) * 2 + 16).bit_length()) - 1
    trie_keys, trie_values = fill_trie(*texts, mask)
    deletes = _deletes(texts, kinds)
    return {
        "surface_cps": texts.cps,
        "surface_offsets": texts.offsets,
        "surface_kind": kinds,
        "surface_starts": starts,
        "surface_names": np.array([n for m in meanings for n, _ in m], np.int64),
        "surface_short": np.array([s for m in meanings for _, s in m], np.bool_),
        "trie_keys": trie_keys,
        "trie_values": trie_values,
        "delete_starts": deletes.starts,
        "delete_keys": deletes.keys,
        "delete_values": deletes.nodes,
    }


def _deletes(texts: Codepoints, kinds: Ints) -> Multimap:
    keys, surfaces = delete_keys(*texts)
    lengths = np.diff(texts.offsets)
    wanted = (lengths >= _SHORTEST_FUZZY) & ((kinds & (ROAD | ESTATE)) != 0)
    kept = wanted[surfaces]
    return multimap(keys[kept], surfaces[kept])


def _tree(nodes: pd.DataFrame, kind: NDArray[np.int8]) -> dict[str, NDArray[np.generic]]:
    """Parents, leaves, and each node's number and estate node.

    A landmark is a leaf whatever lies below it: a metro station is meant by its name, and its exits
    by theirs.
    """
    ids = nodes["address_id"].to_numpy(np.int64)
    parent_ids = nodes["parent_id"].fillna(-1).to_numpy(np.int64)
    at = np.searchsorted(ids, parent_ids).clip(0, max(len(ids) - 1, 0))
    parent = np.where((parent_ids >= 0) & (ids[at] == parent_ids), at, -1).astype(np.int32)
    leaf = np.ones(len(ids), np.bool_)
    leaf[parent[parent >= 0]] = False
    leaf |= kind >= 0
    level = nodes["level"].to_numpy(object)
    above: dict[str, NDArray[np.generic]] = {}
    for wanted in ("number", "estate"):
        found = np.full(len(ids), -1, np.int32)
        walker = np.arange(len(ids), dtype=np.int32)
        for _ in range(len(NODE_LEVELS)):
            hit = (walker >= 0) & (found < 0) & (level[walker] == wanted)
            found[hit] = walker[hit]
            walker = np.where(walker >= 0, parent[walker], -1).astype(np.int32)
        above[f"{wanted}_node"] = found
    return {"parent": parent, "leaf": leaf, **above}


def _keys(
    columns: dict[str, NDArray[np.int32]], labels: dict[str, Ints]
) -> dict[str, NDArray[np.generic]]:
    """Multimaps from (road, number), (estate, building) and every name to nodes."""
    nodes = np.arange(len(columns["road"]), dtype=np.int32)
    out: dict[str, NDArray[np.generic]] = {}
    for key, pairs_of in (
        ("number", (("road", "number"), ("road2", "number2"))),
        ("building", (("estate", "building"),)),
    ):
        pairs, rows = [], []
        for name, label in pairs_of:
            these = nodes[(columns[name] >= 0) & (labels[label] != 0)]
            pairs.append(pair_keys(columns[name][these].astype(np.int64), labels[label][these]))
            rows.append(these)
        found = multimap(np.concatenate(pairs), np.concatenate(rows))
        out |= {f"{key}_starts": found.starts, f"{key}_keys": found.keys}
        out[f"{key}_values"] = found.nodes
    named_pairs = [
        (columns[name][columns[name] >= 0].astype(np.uint64), nodes[columns[name] >= 0])
        for name in ("road", "estate", "community", "street")
    ]
    named = multimap(
        np.concatenate([k for k, _ in named_pairs]), np.concatenate([v for _, v in named_pairs])
    )
    return out | {
        "named_starts": named.starts,
        "named_keys": named.keys,
        "named_values": named.nodes,
    }


def _contexts(columns: dict[str, NDArray[np.int32]]) -> dict[str, NDArray[np.generic]]:
    """Number the sets of names that nodes bear, so that a matcher weighs each set once."""
    frame = pd.DataFrame({part: columns[part] for part in CONTEXT_PARTS})
    context = frame.groupby(list(CONTEXT_PARTS), sort=False).ngroup()
    return {
        "context": context.to_numpy(np.int32),
        "contexts": np.ascontiguousarray(frame[~context.duplicated()].to_numpy(np.int32)),
    }


def _rooms(node_ids: Ints, rooms: pd.DataFrame) -> dict[str, NDArray[np.generic]]:
    """Units and rooms sorted by node and label; a unit has the label 0."""
    ids = rooms["address_id"].to_numpy(np.int64)
    parents = rooms["parent_id"].fillna(-1).to_numpy(np.int64)
    is_unit = (rooms["level"] == "unit").to_numpy(np.bool_)
    label = label_codes(*codepoints(rooms["label_zh"].tolist()))
    unit_ids, unit_labels, unit_parents = ids[is_unit], label[is_unit], parents[is_unit]
    order = np.argsort(unit_ids)
    unit = np.where(is_unit, label, 0)
    if len(unit_ids):
        at = order[np.searchsorted(unit_ids, parents, sorter=order).clip(0, len(order) - 1)]
        in_unit = ~is_unit & (unit_ids[at] == parents)
        unit = np.where(in_unit, unit_labels[at], unit)
        parents = np.where(in_unit, unit_parents[at], parents)
    node = np.searchsorted(node_ids, parents).clip(0, max(len(node_ids) - 1, 0))
    known = node_ids[node] == parents if len(node_ids) else np.zeros(len(ids), np.bool_)
    label = np.where(is_unit, 0, label)
    order = np.lexsort((unit, label, node))
    order = order[known[order]]
    starts = np.zeros(len(node_ids) + 1, np.int64)
    np.cumsum(np.bincount(node[order], minlength=len(node_ids)), out=starts[1:])
    return {
        "room_starts": starts,
        "room_label": label[order],
        "room_unit": unit[order],
        "room_id": ids[order],
    }


def _weights(parent: NDArray[np.generic], room_starts: NDArray[np.generic]) -> NDArray[np.int32]:
    weight = np.diff(room_starts).astype(np.int64) + 1
    own = weight.copy()
    walker = np.asarray(parent, np.int64).copy()
    for _ in range(len(NODE_LEVELS)):
        rows = np.flatnonzero(walker >= 0)
        np.add.at(weight, walker[rows], own[rows])
        walker[rows] = np.asarray(parent, np.int64)[walker[rows]]
    return weight.astype(np.int32)


def _optional(column: "pd.Series[str]") -> Codepoints:
    return codepoints([v if isinstance(v, str) else "" for v in column])


def _fixed() -> NDArray[np.bool_]:
    flags = np.zeros(65536, np.bool_)
    flags[[ord(c) for c in FIXED_CHARACTERS]] = True
    flags[ord("A") : ord("Z") + 1] = True
    return flags
