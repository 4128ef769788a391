"""What is said about an address beside its own words: aliases, and doubts with their evidence."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, text

from blockdata.address.normalise import normalise
from blockdata.address.register.events import event
from blockdata.address.register.operations import Edit, area_of, living
from blockdata.address.register.words import clean_words
from blockdata.address.sql import query
from blockdata.errors import InputError, NotFound
from blockdata.text import Text

MAX_EVIDENCE = 500
LEAST_CONFIDENCE = 1e-6
"""The column keeps single precision, and smaller is no confidence at all."""
_CALLED = Text("写出人们怎样称呼该地址", "write what people call the address")
ATTRIBUTES = ("status", "parent", "label", "text", "name", "code", "floor", "point")
_ADD_ALIAS = text("""
    INSERT INTO register.address_alias
        (address_id, area_id, text_zh, source, confidence, valid, known, opened_by)
    SELECT :id, e.area_id, :text, e.source, :confidence, tstzrange(e.valid_from, NULL),
        tstzrange(e.known_at, NULL), e.seq
    FROM register.event AS e WHERE e.area_id = :area_id AND e.seq = :seq
""")
_ADD_DOUBT = text("""
    INSERT INTO register.address_doubt
        (address_id, area_id, attribute, evidence, source, known, opened_by)
    SELECT :id, e.area_id, :attribute, :evidence, e.source, tstzrange(e.known_at, NULL), e.seq
    FROM register.event AS e WHERE e.area_id = :area_id AND e.seq = :seq
""")
_CLEAR_DOUBT = text("""
    UPDATE register.address_doubt AS d
    SET known = tstzrange(lower(d.known), e.known_at), closed_by = e.seq
    FROM register.event AS e
    WHERE e.area_id = :area_id AND e.seq = :seq AND d.address_id = :id
      AND d.attribute = :attribute AND upper_inf(d.known)
""")


@dataclass(frozen=True)
class Alias:
    """An address that a text means although its own words are others."""

    address_id: int
    level: str
    confidence: float


def add_alias(
    connection: Connection, address_id: int, words: str, edit: Edit, *, confidence: float = 1.0
) -> int:
    """Record that ``words`` mean an address, and how sure that is (``LEAST_CONFIDENCE`` to 1).

    They are kept in normal form, as matching reads them. Returns the event's number.

    Raises:
        InputError: no words, personal details in them, or a confidence out of range.
        NotFound, Conflict: no such address; it is retired, or has this alias already.
    """
    if not LEAST_CONFIDENCE <= confidence <= 1.0:
        raise InputError(
            Text(f"置信度 {confidence} 不在 0 到 1 之间", f"{confidence} is not within 0 to 1"),
            field="confidence",
            cure=Text(
                f"给 {LEAST_CONFIDENCE} 至 1 的数", f"give a number from {LEAST_CONFIDENCE} to 1"
            ),
        )
    normal = _normal(words)
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "text_zh": normal}
    with event(
        connection, area_id, "alias", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        living(connection, address_id, edit.seen)
        given = {"id": address_id, "area_id": area_id, "seq": seq}
        connection.execute(_ADD_ALIAS, given | {"text": normal, "confidence": confidence})
    return seq


def end_alias(connection: Connection, address_id: int, words: str, edit: Edit) -> int:
    """Record that ``words`` no longer mean an address; returns the event's number.

    Raises:
        NotFound: it has no such alias.
    """
    normal = _normal(words, kept=False)
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "text_zh": normal}
    with event(
        connection, area_id, "alias_end", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        alias_id = connection.execute(
            text(
                "SELECT alias_id FROM register.address_alias WHERE address_id = :id"
                " AND text_zh = :text AND upper_inf(known) AND upper_inf(valid)"
            ),
            {"id": address_id, "text": normal},
        ).scalar()
        if alias_id is None:
            raise NotFound(
                Text(f"没有别名“{normal}”", f"there is no alias {normal!r}"),
                field="text",
                cure=Text(
                    "用 blockdata address alias list 查看", "look with blockdata address alias list"
                ),
            )
        given = {"area_id": area_id, "seq": seq, "alias_id": alias_id}
        connection.execute(text(query("register/end_alias")), given)
    return seq


def set_doubt(
    connection: Connection, address_id: int, attribute: str, evidence: str, edit: Edit
) -> int:
    """Flag an attribute as doubtful, with the evidence; returns the event's number.

    Raises:
        InputError: no such attribute, or no evidence.
        NotFound, Conflict: no such address; the flag stands already.
    """
    _check_attribute(attribute)
    why = Text("写明为何存疑", "say why it is in doubt")
    evidence = clean_words(evidence, "evidence", why, most=MAX_EVIDENCE)
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "attribute": attribute}
    with event(connection, area_id, "doubt", source=edit.source, details=details) as seq:
        living(connection, address_id, edit.seen)
        given = {"id": address_id, "area_id": area_id, "seq": seq, "attribute": attribute}
        connection.execute(_ADD_DOUBT, given | {"evidence": evidence})
    return seq


def clear_doubt(connection: Connection, address_id: int, attribute: str, edit: Edit) -> int:
    """Take a flag back; it stays in the history. Returns the event's number.

    Raises:
        NotFound: the attribute is not in doubt.
    """
    _check_attribute(attribute)
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "attribute": attribute}
    with event(connection, area_id, "doubt_clear", source=edit.source, details=details) as seq:
        given = {"id": address_id, "area_id": area_id, "seq": seq, "attribute": attribute}
        if connection.execute(_CLEAR_DOUBT, given).rowcount != 1:
            raise NotFound(
                Text(f"{attribute} 未标为存疑", f"{attribute} is not in doubt"),
                field="attribute",
                cure=Text(
                    "用 blockdata address doubt list 查看", "look with blockdata address doubt list"
                ),
            )
    return seq


def living_aliases(connection: Connection, area_id: int) -> dict[str, list[Alias]]:
    """Aliases of an area that hold now: text in normal form → what it may mean, surest first."""
    found: dict[str, list[Alias]] = defaultdict(list)
    for row in connection.execute(text(query("register/living_aliases")), {"area_id": area_id}):
        found[row.text_zh].append(Alias(row.address_id, row.level, row.confidence))
    return dict(found)


def _normal(words: str, *, kept: bool = True) -> str:
    normal: str = normalise(clean_words(words, "text", _CALLED, kept=kept)).text
    return clean_words(normal, "text", _CALLED, kept=kept)  # brackets alone leave nothing


def _check_attribute(attribute: str) -> None:
    if attribute not in ATTRIBUTES:
        raise InputError(
            Text(f"没有属性“{attribute}”", f"there is no attribute {attribute!r}"),
            field="attribute",
            cure=Text(f"可用:{', '.join(ATTRIBUTES)}", f"one of: {', '.join(ATTRIBUTES)}"),
        )
