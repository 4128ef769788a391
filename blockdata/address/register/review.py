"""The clerical queue: texts that matching left undecided. A decision teaches an alias."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Literal

from sqlalchemy import Connection, Row, text

from blockdata.address.match import Match
from blockdata.address.normalise import normalise
from blockdata.address.register.events import with_text_ids
from blockdata.address.register.operations import Edit
from blockdata.address.register.remarks import add_alias
from blockdata.errors import Conflict, InputError, NotFound, UnknownAddress
from blockdata.text import Text

SURE, HOPELESS = 0.95, 0.05
"""Answers above the first need no clerk; below the second there is nothing to choose from."""
MAX_TEXT = 200
Status = Literal["open", "matched", "unmatched", "skipped"]

_ADD = text("""
    INSERT INTO register.address_review AS r (area_id, text_zh, written, source, candidates)
    VALUES (:area_id, :text, :written, :source, CAST(:candidates AS jsonb))
    ON CONFLICT (area_id, text_zh) DO UPDATE
    SET times_seen = r.times_seen + 1,
        candidates = CASE WHEN r.status = 'open' THEN excluded.candidates ELSE r.candidates END
    RETURNING review_id
""")
_LIST = text("""
    SELECT review_id, text_zh, written, source, candidates, times_seen, status, decided_id, note,
           asked_at, decided_at
    FROM register.address_review
    WHERE area_id = :area_id AND status = :status
    ORDER BY times_seen DESC, review_id
    LIMIT :limit
""")
_CLOSE = text("""
    UPDATE register.address_review
    SET status = :status, decided_id = :decided_id, note = :note, decided_at = now()
    WHERE review_id = :review_id
""")


def ask_for_review(
    connection: Connection,
    area_id: int,
    words: Iterable[str],
    match: Callable[[str], Match],
    *,
    source: str,
) -> list[int]:
    """Match texts and queue those that are neither sure nor hopeless; returns their review ids.

    A text that is queued already only counts up, and one that was decided stays decided.

    Raises:
        InputError: a text is too long.
    """
    queued = []
    for written in words:
        if len(written) > MAX_TEXT:
            raise InputError(
                Text(f"文字超过 {MAX_TEXT} 字", f"a text is longer than {MAX_TEXT} characters"),
                field="text",
            )
        candidates = _candidates(written, match)
        if not candidates:
            continue
        given = {
            "area_id": area_id,
            "text": normalise(written).text,
            "written": written,
            "source": source,
            "candidates": json.dumps(candidates, ensure_ascii=False),
        }
        queued.append(int(connection.execute(_ADD, given).scalar_one()))
    return queued


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
    seq = None
    if address_id is not None:
        area = connection.execute(
            text("SELECT area_id FROM register.address WHERE address_id = :id"), {"id": address_id}
        ).scalar()
        if area is not None and area != review.area_id:
            raise InputError(
                Text("地址属于另一区域", "the address is of another area"), field="address_id"
            )
        if not _is_alias(connection, address_id, review.text_zh):
            seq = add_alias(connection, address_id, review.written, Edit(source))
    status = "unmatched" if address_id is None else "matched"
    return _close(connection, review, status, address_id, note) | {"seq": seq}


def skip(connection: Connection, review_id: int, *, note: str | None = None) -> dict[str, Any]:
    """Lay a text aside undecided.

    Raises:
        NotFound, Conflict: no such review, or it was decided already.
    """
    return _close(connection, _open(connection, review_id), "skipped", None, note)


def _candidates(written: str, match: Callable[[str], Match]) -> list[dict[str, Any]]:
    """What a clerk chooses from, best first; nothing where no clerk is needed or none can help."""
    try:
        answer = match(written)
    except UnknownAddress as unknown:
        return [
            _candidate(place, None)
            for place in unknown.facts.get("closest", [])
            if place["address_id"]
        ]
    if not HOPELESS <= answer.probability < SURE:
        return []
    best = answer.matched.as_dict()
    found = [_candidate(best, answer.probability)] if best["address_id"] else []
    if answer.runner_up is not None and answer.runner_up.address_id is not None:
        found.append(_candidate(answer.runner_up.as_dict(), None))
    return found


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
            Text(f"没有待定文字 {review_id}", f"there is no review {review_id}"), field="review_id"
        )
    if row.status not in ("open", "skipped"):
        raise Conflict(
            Text("该文字已有结论", "this text was decided already"),
            field="review_id",
            cure=Text("刷新列表", "load the list again"),
        )
    return row


def _close(
    connection: Connection, review: Row[Any], status: str, decided_id: int | None, note: str | None
) -> dict[str, Any]:
    given = {"review_id": review.review_id, "status": status, "note": note}
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
