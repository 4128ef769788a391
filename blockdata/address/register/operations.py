"""Changes of single addresses: rename, move on to another status; each is one event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from blockdata.address.register.events import event
from blockdata.address.register.former_names import keep_former_names, landmark_names
from blockdata.address.register.reading import no_address
from blockdata.address.register.words import clean_label
from blockdata.address.sql import query
from blockdata.errors import Conflict, InputError
from blockdata.text import Text

_LOCKED = text("SELECT * FROM register.address WHERE address_id = :id FOR UPDATE")
_NAME = text("SELECT name_zh FROM register.address WHERE address_id = :id")
_AREA = text("SELECT area_id FROM register.address WHERE address_id = :id")
_LAST_CHANGE = text(
    "SELECT coalesce(max(opened_by), 0) FROM register.address_version WHERE address_id = :id"
)
_RETEXT = text("""
    UPDATE register.address
    SET text_zh = :new || substr(text_zh, length(:old) + 1)
    WHERE address_id = ANY(:ids) AND starts_with(text_zh, :old)
""")
# Names made of the name above and the own label: 海裕花园 and 5栋.
NAMES_BELOW = text("""
    UPDATE register.address SET name_zh = CAST(:new AS text) || label_zh
    WHERE parent_id = :id AND name_zh = CAST(:old AS text) || label_zh AND status <> 'retired'
""")
_TWIN = text("""
    SELECT address_id FROM register.address
    WHERE parent_id = :parent_id AND label_zh = :label AND status <> 'retired'
      AND address_id <> coalesce(CAST(:but AS bigint), 0)
    LIMIT 1
""")
_FOLLOW = text("""
    INSERT INTO register.address_lineage (from_id, to_id, area_id, kind, valid_from, seq)
    SELECT p.from_id, p.to_id, e.area_id, :kind, e.valid_from, e.seq
    FROM unnest(CAST(:olds AS bigint[]), CAST(:news AS bigint[])) AS p (from_id, to_id)
    CROSS JOIN register.event AS e
    WHERE e.area_id = :area_id AND e.seq = :seq
""")
_WORDS = Text("给出 label 或 name", "give a label or a name")


@dataclass(frozen=True)
class Edit:
    """What every change states.

    Attributes:
        source: who or what says so.
        valid_from: from when it holds in the world; now where not given.
        seen: number of the last event of the address that the editor saw; the change is refused
            if the address has changed since. Not given: no such check.
    """

    source: str
    valid_from: datetime | None = None
    seen: int | None = None


def rename(
    connection: Connection,
    address_id: int,
    edit: Edit,
    *,
    label: str | None = None,
    name: str | None = None,
) -> int:
    """Give an address another label (501房, 海裕花园) or name; texts below it follow.

    Where label and name are one word, as of an estate, they stay so if one is given; names made of
    a name above and a label (海裕花园5栋) follow as well. The old name of a landmark is kept
    as its alias. Returns the event's number.

    Raises:
        InputError: nothing to change.
        NotFound, Conflict: no such address; it is retired, or changed since it was seen; another
            beside it has this label.
    """
    if label is None and name is None:
        raise InputError(
            Text("没有给出新的名称", "no new label or name is given"), field="label", cure=_WORDS
        )
    label = None if label is None else clean_label(label, "label", _WORDS)
    name = None if name is None else clean_label(name, "name", _WORDS)
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "label_zh": label, "name_zh": name}
    with event(
        connection, area_id, "rename", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        old = living(connection, address_id, edit.seen)
        label, name = _new_words(connection, old, label, name)
        if (label, name) == (old.label_zh, old.name_zh):
            raise InputError(
                Text("名称与现有的相同", "it is called that already"), field="label", cure=_WORDS
            )
        if label != old.label_zh:
            refuse_twin(connection, old.parent_id, label, but=address_id)
        new_text = _renamed_text(old, label, name)
        below = ids_below(connection, [address_id])
        former = landmark_names(connection, below)
        connection.execute(
            text(
                "UPDATE register.address SET label_zh = :label, name_zh = :name"
                " WHERE address_id = :id"
            ),
            {"id": address_id, "label": label, "name": name},
        )
        connection.execute(_RETEXT, {"ids": below, "old": old.text_zh, "new": new_text})
        if old.name_zh and name != old.name_zh:
            names = {"id": address_id, "old": old.name_zh, "new": name}
            connection.execute(NAMES_BELOW, names)
        keep_former_names(connection, area_id, seq, former)
    return seq


def activate(connection: Connection, address_id: int, edit: Edit) -> int:
    """Let a planned address become current; returns the event's number.

    Raises:
        NotFound, Conflict: no such address, or it is not planned.
    """
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id)}
    with event(
        connection, area_id, "activate", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        if living(connection, address_id, edit.seen).status != "planned":
            raise Conflict(
                Text(f"地址 {address_id} 不是规划中", f"address {address_id} is not planned"),
                field="address_id",
                cure=Text("只有规划中的地址可启用", "only a planned one can be put into use"),
            )
        set_status(connection, [address_id], "current")
    return seq


def retire(
    connection: Connection, address_id: int, edit: Edit, *, successors: tuple[int, ...] = ()
) -> int:
    """Retire an address and all below it; ``successors`` follow on it and on what was below.

    Returns the event's number.

    Raises:
        NotFound, Conflict: no such address; it is retired already; a successor does not live, is
            of another area, or is retired by this too.
    """
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "successors": [str(s) for s in successors]}
    with event(
        connection, area_id, "retire", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        living(connection, address_id, edit.seen)
        gone = ids_below(connection, [address_id], living_only=True)
        for successor in successors:
            if living(connection, successor, field="successors").area_id != area_id:
                raise _no_successor(successor, Text("属于另一区域", "is of another area"))
            if successor in gone:
                raise _no_successor(successor, Text("也被注销", "is retired by this too"))
        set_status(connection, gone, "retired")
        pairs = [(old, new) for old in gone for new in dict.fromkeys(successors)]
        follow(connection, seq, area_id, "replace", pairs)
    return seq


# --- used by the other operations too ---------------------------------------------------------


def area_of(connection: Connection, address_id: int) -> int:
    """The area of an address.

    Raises:
        NotFound: there is no such address.
    """
    area_id = connection.execute(_AREA, {"id": address_id}).scalar()
    if area_id is None:
        raise no_address(address_id)
    return int(area_id)


def living(
    connection: Connection, address_id: int, seen: int | None = None, *, field: str = "address_id"
) -> Row[Any]:
    """The row of an address, locked until commit.

    Raises:
        NotFound, Conflict: no such address; it is retired, or has changed since event ``seen``.
    """
    row = connection.execute(_LOCKED, {"id": address_id}).one_or_none()
    if row is None:
        raise no_address(address_id, field)
    if row.status == "retired":
        raise Conflict(
            Text(f"地址 {address_id} 已注销", f"address {address_id} is retired"),
            field=field,
            cure=Text("改用其后继地址", "use the addresses that follow on it"),
        )
    last = int(connection.execute(_LAST_CHANGE, {"id": address_id}).scalar_one())
    if seen is not None and last > seen:
        raise Conflict(
            Text(f"地址 {address_id} 刚被他人修改", f"address {address_id} was changed meanwhile"),
            field="seen",
            cure=Text("重新读取后再改", "read it again, then change it"),
            last_seq=last,
        )
    return row


def ids_below(
    connection: Connection, address_ids: list[int], *, living_only: bool = False
) -> list[int]:
    """Addresses and those below them that a change of words (or of status) reaches."""
    rows = connection.execute(text(query("register/below")), {"ids": address_ids})
    return [int(row.address_id) for row in rows if not living_only or row.status != "retired"]


def set_status(connection: Connection, address_ids: list[int], status: str) -> None:
    """Give living addresses another status."""
    connection.execute(
        text(
            "UPDATE register.address SET status = :status"
            " WHERE address_id = ANY(:ids) AND status <> 'retired'"
        ),
        {"ids": address_ids, "status": status},
    )


def follow(
    connection: Connection, seq: int, area_id: int, kind: str, pairs: list[tuple[int, int]]
) -> None:
    """Record that the second of each pair follows on the first, which is retired."""
    if pairs:
        given = {"kind": kind, "area_id": area_id, "seq": seq}
        olds, news = zip(*pairs, strict=True)
        connection.execute(_FOLLOW, given | {"olds": list(olds), "news": list(news)})


def refuse_twin(
    connection: Connection, parent_id: int | None, label: str, *, but: int | None = None
) -> None:
    """See that no other living address under the parent has the label.

    Raises:
        Conflict: one has.
    """
    given = {"parent_id": parent_id, "label": label, "but": but}
    twin = connection.execute(_TWIN, given).scalar()
    if twin is not None:
        raise Conflict(
            Text(f"地址 {twin} 已叫“{label}”", f"address {twin} beside it is {label!r} already"),
            field="label",
            cure=Text("换一个名称,或合并两者", "choose another label, or merge the two"),
        )


def derived_name(connection: Connection, old: Row[Any], label: str) -> str | None:
    """The name under another label: it follows where it is made of the label."""
    if old.name_zh is None or old.label_zh == label:
        known: str | None = old.name_zh
        return known
    if old.name_zh == old.label_zh:
        return label
    above = connection.execute(_NAME, {"id": old.parent_id}).scalar()
    return f"{above}{label}" if above and old.name_zh == above + old.label_zh else old.name_zh


def _new_words(
    connection: Connection, old: Row[Any], label: str | None, name: str | None
) -> tuple[str, str | None]:
    if label is None:
        label = name if old.label_zh == old.name_zh and name else old.label_zh
    return label, name or derived_name(connection, old, label)


def _no_successor(address_id: int, why: Text) -> Conflict:
    return Conflict(
        Text(f"地址 {address_id} {why.zh}", f"address {address_id} {why.en}"),
        field="successors",
        cure=Text("给出同一区域的现行地址", "give living addresses of the same area"),
    )


def _renamed_text(old: Row[Any], label: str, name: str | None) -> str:
    """The whole text with the new words in the place of the old ones at its end."""
    words: str = old.text_zh
    tail = ""
    if old.name_zh and words.endswith(old.label_zh + old.name_zh):
        words, tail = words.removesuffix(old.name_zh), name or ""
    elif old.name_zh and words.endswith(old.name_zh) and not words.endswith(old.label_zh):
        return words.removesuffix(old.name_zh) + (name or "")
    if words.endswith(old.label_zh):
        words = words.removesuffix(old.label_zh) + label
    return words + tail
