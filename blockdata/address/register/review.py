"""The clerical queue: texts that matching left undecided. A decision teaches an alias.

Callers' words come with names and telephone numbers: they are taken out before anything is kept.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, text

from blockdata.address.match import Match
from blockdata.address.normalise import normalise
from blockdata.address.register.events import with_text_ids
from blockdata.address.register.operations import Edit
from blockdata.address.register.remarks import add_alias
from blockdata.address.register.words import clean_words
from blockdata.errors import Conflict, InputError, NotFound, UnknownAddress
from blockdata.personal import Kind, strip_personal
from blockdata.text import Text

SURE, HOPELESS = 0.95, 0.05
"""Answers above the first need no clerk; below the second there is nothing to choose from."""
MAX_TEXT, MAX_NOTE, MAX_SOURCE = 200, 500, 80
_WHO = Text("说明谁作的结论或来自何处", "say who decides, or where it comes from")
_WRITE = Text("写出地址文字", "write the words of an address")
Status = Literal["open", "matched", "unmatched", "skipped"]

_ADD = text("""
    INSERT INTO register.address_review AS r (area_id, text_zh, written, source, candidates)
    VALUES (:area_id, :text, :written, :source, CAST(:candidates AS jsonb))
    ON CONFLICT (area_id, text_zh) DO UPDATE
    SET times_seen = r.times_seen + 1,
        candidates = CASE WHEN r.status = 'open' THEN excluded.candidates ELSE r.candidates END
    RETURNING review_id, status
""")
# Decided, but the alias was ended since, or the address is retired: a clerk is needed again.
_REOPEN = text("""
    UPDATE register.address_review AS r
    SET status = 'open', decided_id = NULL, decided_by = NULL, decided_at = NULL,
        asked_at = district.transaction_now()
    WHERE r.area_id = :area_id AND r.text_zh = :text AND r.status = 'matched' AND NOT EXISTS (
        SELECT FROM register.address_alias AS l
        JOIN register.address AS a USING (address_id)
        WHERE l.address_id = r.decided_id AND l.text_zh = r.text_zh
          AND upper_inf(l.known) AND upper_inf(l.valid) AND a.status <> 'retired'
    )
""")
_LIST = text("""
    SELECT review_id, text_zh, written, source, candidates, times_seen, status, decided_id,
           decided_by, note, asked_at, decided_at
    FROM register.address_review
    WHERE area_id = :area_id AND status = :status
    ORDER BY times_seen DESC, review_id
    LIMIT :limit
""")
_CLOSE = text("""
    UPDATE register.address_review
    SET status = :status, decided_id = :decided_id, decided_by = :decided_by, note = :note,
        decided_at = district.transaction_now()
    WHERE review_id = :review_id
""")
# Where the bare words stand in the queue already, the number tells the two apart.
_STRIP = text("""
    UPDATE register.address_review AS r
    SET written = :written, text_zh = CASE
        WHEN EXISTS (SELECT FROM register.address_review AS o
                     WHERE o.area_id = r.area_id AND o.text_zh = :text)
        THEN :text || ' ' || r.review_id ELSE :text END
    WHERE r.review_id = :review_id
    RETURNING *
""")


@dataclass
class Asked:
    """What became of texts: how many matching is sure of, or has nothing to offer for.

    ``queued`` counts those that wait for a clerk, in ``review_ids``; ``decided`` those that one
    decided before. ``stripped`` counts the texts out of which personal details were taken, by kind.
    """

    sure: int = 0
    hopeless: int = 0
    queued: int = 0
    decided: int = 0
    review_ids: list[int] = field(default_factory=list)
    stripped: Counter[Kind] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "asked": self.sure + self.hopeless + self.queued + self.decided,
            "sure": self.sure, "hopeless": self.hopeless, "queued": self.queued,
            "decided": self.decided,
            "review_ids": [str(review_id) for review_id in self.review_ids],
            "stripped": dict(self.stripped),
        }  # fmt: skip


def ask_for_review(
    connection: Connection,
    area_id: int,
    texts: Iterable[str],
    match: Callable[[str], Match],
    *,
    source: str,
    advance: Callable[[int], None] = lambda _n: None,
) -> Asked:
    """Match texts and queue those that are neither sure nor hopeless, without personal details.

    A text that is queued already only counts up, and one that was decided stays decided as long as
    what it taught holds.

    Raises:
        InputError: a text is blank, too long, or no text; no source is given, or one with
            personal details.
    """
    who = clean_words(source, "source", _WHO, most=MAX_SOURCE)
    asked = Asked()
    for given in texts:
        said = check_text(given)
        written, normal, kinds = _without_details(said)
        asked.stripped.update(kinds)
        candidates, sure = _candidates(written, match) if written else ([], False)
        advance(1)
        if sure:
            asked.sure += 1
        elif not candidates:
            asked.hopeless += 1
        else:
            row = {
                "area_id": area_id, "text": normal, "written": written,
                "source": who, "candidates": json.dumps(candidates, ensure_ascii=False),
            }  # fmt: skip
            connection.execute(_REOPEN, {"area_id": area_id, "text": row["text"]})
            review = connection.execute(_ADD, row).one()
            if review.status in ("matched", "unmatched"):
                asked.decided += 1
                continue
            asked.queued += 1
            if review.review_id not in asked.review_ids:
                asked.review_ids.append(int(review.review_id))
    return asked


def check_text(given: str) -> str:
    """A text as it is taken into the queue, personal details still in it.

    Raises:
        InputError: it is blank, too long, or no text.
    """
    return clean_words(given, "text", _WRITE, most=MAX_TEXT, kept=False)


def read_status(words: str) -> Status:
    """A status by its name.

    Raises:
        InputError: there is no such status.
    """
    for status in get_args(Status):
        if words == status:
            known: Status = status
            return known
    raise InputError(
        Text(f"没有状态“{words}”", f"there is no status {words!r}"),
        field="status",
        cure=Text(f"可用:{'、'.join(get_args(Status))}", f"one of: {', '.join(get_args(Status))}"),
    )


def list_reviews(
    connection: Connection, area_id: int, *, status: Status = "open", limit: int = 50
) -> list[dict[str, Any]]:
    """Texts of one status, the most often seen first."""
    given = {"area_id": area_id, "status": status, "limit": limit}
    return [with_text_ids(dict(row)) for row in connection.execute(_LIST, given).mappings()]


def count_reviews(connection: Connection, area_id: int) -> dict[str, int]:
    """How many texts there are of each status."""
    rows = connection.execute(
        text(
            "SELECT status, count(*) AS n FROM register.address_review WHERE area_id = :area_id"
            " GROUP BY status"
        ),
        {"area_id": area_id},
    )
    return {"open": 0, "matched": 0, "unmatched": 0, "skipped": 0} | {r.status: r.n for r in rows}


def decide(
    connection: Connection,
    review_id: int,
    address_id: int | None,
    *,
    source: str,
    note: str | None = None,
) -> dict[str, Any]:
    """Say which address a text means (None: none there is); the first teaches an alias.

    Raises:
        NotFound, Conflict: no such review or address; it was decided already.
    """
    review = _open(connection, review_id)
    who = clean_words(source, "source", _WHO, most=MAX_SOURCE)
    seq = None
    if address_id is not None:
        area = connection.execute(
            text("SELECT area_id FROM register.address WHERE address_id = :id"), {"id": address_id}
        ).scalar()
        if area is not None and area != review.area_id:
            raise InputError(
                Text("地址属于另一区域", "the address is of another area"),
                field="address_id",
                cure=Text("给出同一区域的地址", "give an address of the text's area"),
            )
        if not _is_alias(connection, address_id, review.text_zh):
            seq = add_alias(connection, address_id, review.written, Edit(who))
    status = "unmatched" if address_id is None else "matched"
    return _close(connection, review, status, address_id, who, note) | {"seq": seq}


def skip(
    connection: Connection, review_id: int, *, source: str, note: str | None = None
) -> dict[str, Any]:
    """Lay a text aside undecided.

    Raises:
        NotFound, Conflict: no such review, or it was decided already.
    """
    review = _open(connection, review_id)
    who = clean_words(source, "source", _WHO, most=MAX_SOURCE)
    return _close(connection, review, "skipped", None, who, note)


def _without_details(said: str) -> tuple[str, str, tuple[Kind, ...]]:
    """The words as written and in normal form, both without personal details, and which went."""
    written, kinds = strip_personal(said)
    normal, joined = strip_personal(normalise(written).text)  # what a normal form puts together
    return (normal if joined else written), normal, tuple(dict.fromkeys([*kinds, *joined]))


def _candidates(written: str, match: Callable[[str], Match]) -> tuple[list[dict[str, Any]], bool]:
    """What a clerk chooses from, best first, or nothing; and whether none is needed."""
    try:
        answer = match(written)
    except UnknownAddress as unknown:
        closest = unknown.facts.get("closest", [])
        return [_candidate(place, None) for place in closest if place["address_id"]], False
    if not HOPELESS <= answer.probability < SURE:
        return [], answer.probability >= SURE
    best = answer.matched.as_dict()
    found = [_candidate(best, answer.probability)] if best["address_id"] else []
    if answer.runner_up is not None and answer.runner_up.address_id is not None:
        found.append(_candidate(answer.runner_up.as_dict(), None))
    return found, False


def _candidate(place: dict[str, Any], probability: float | None) -> dict[str, Any]:
    told = {key: place[key] for key in ("address_id", "text", "name", "level", "lon", "lat")}
    return told | {"probability": None if probability is None else round(probability, 4)}


def _open(connection: Connection, review_id: int) -> Row[Any]:
    row = connection.execute(
        text("SELECT * FROM register.address_review WHERE review_id = :id FOR UPDATE"),
        {"id": review_id},
    ).one_or_none()
    if row is None:
        raise NotFound(
            Text(f"没有待定文字 {review_id}", f"there is no review {review_id}"),
            field="review_id",
            cure=Text(
                "用 blockdata address review list 查看", "look with blockdata address review list"
            ),
        )
    if row.status not in ("open", "skipped"):
        raise Conflict(
            Text("该文字已有结论", "this text was decided already"),
            field="review_id",
            cure=Text("刷新列表", "load the list again"),
        )
    written, normal, kinds = _without_details(row.written)
    if not kinds:
        return row
    # queued before details were taken out
    given = {"review_id": review_id, "written": written, "text": normal}
    return connection.execute(_STRIP, given).one()


def _close(
    connection: Connection,
    review: Row[Any],
    status: str,
    decided_id: int | None,
    who: str,
    note: str | None,
) -> dict[str, Any]:
    kept = None if not note else clean_words(note, "note", _WRITE, most=MAX_NOTE)
    given = {"review_id": review.review_id, "status": status, "note": kept, "decided_by": who}
    connection.execute(_CLOSE, given | {"decided_id": decided_id})
    area = connection.execute(
        text("SELECT name FROM district.area WHERE area_id = :area_id"), {"area_id": review.area_id}
    ).scalar_one()
    return {
        "area": area,
        "review_id": str(review.review_id),
        "text_zh": review.text_zh,
        "status": status,
        "decided_id": None if decided_id is None else str(decided_id),
    }


def _is_alias(connection: Connection, address_id: int, words: str) -> bool:
    found = connection.execute(
        text(
            "SELECT 1 FROM register.address_alias WHERE address_id = :id AND text_zh = :text"
            " AND upper_inf(known) AND upper_inf(valid)"
        ),
        {"id": address_id, "text": words},
    )
    return found.scalar() is not None
