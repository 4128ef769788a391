"""``/v1/addresses``: by id and by any code ever valid, as of two times, history, events, reviews.

Only addresses are shown, never who lives or works at one.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine

from blockdata.address.register import reading, review
from blockdata.address.register.events import last_seq, read_events
from blockdata.address.register.review import MAX_NOTE, MAX_SOURCE, MAX_TEXT, Status
from blockdata.address.service import AddressService
from blockdata.api_types import AreaName, Id, IdWords, Moment, Offset, SafeText
from blockdata.ids import read_id
from blockdata.moments import moment_at
from blockdata.storage.areas import find_area

_WEB = "web"


class Question(BaseModel):
    """A text for the clerical queue."""

    model_config = ConfigDict(extra="forbid")

    text: SafeText = Field(min_length=1, max_length=MAX_TEXT)
    area: AreaName | None = None
    source: SafeText = Field(default=_WEB, min_length=1, max_length=MAX_SOURCE)


class Decision(BaseModel):
    """What a text means; no ``address_id``: no address that is known."""

    model_config = ConfigDict(extra="forbid")

    address_id: IdWords | None = None
    note: SafeText | None = Field(default=None, max_length=MAX_NOTE)
    source: SafeText = Field(default=_WEB, min_length=1, max_length=MAX_SOURCE)


class Note(BaseModel):
    """Who lays a text aside, and why."""

    model_config = ConfigDict(extra="forbid")

    note: SafeText | None = Field(default=None, max_length=MAX_NOTE)
    source: SafeText = Field(default=_WEB, min_length=1, max_length=MAX_SOURCE)


def router(engine: Engine, addresses: AddressService, default_area: str) -> APIRouter:
    """Routes over the register; to be included after the other routes under /v1/addresses."""
    routes = APIRouter(prefix="/v1/addresses", tags=["register"])
    _add_review_routes(routes, engine, addresses, default_area)
    _add_reading_routes(routes, engine, addresses, default_area)
    return routes


def _add_review_routes(
    routes: APIRouter, engine: Engine, addresses: AddressService, default_area: str
) -> None:
    @routes.get("/review")
    def list_(
        area: AreaName = default_area,
        status: Status = "open",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> dict[str, Any]:
        """Texts that wait for a clerk (or were decided), the most often seen first."""
        with engine.connect() as connection:
            area_id = find_area(connection, area).area_id
            return {
                "counts": review.count_reviews(connection, area_id),
                "reviews": review.list_reviews(connection, area_id, status=status, limit=limit),
            }

    @routes.post("/review")
    def ask(question: Question) -> dict[str, Any]:
        """Match a text, and queue it where the answer is neither sure nor hopeless."""
        area = question.area or default_area
        with engine.begin() as connection:
            area_id = find_area(connection, area).area_id
            asked = review.ask_for_review(
                connection,
                area_id,
                [question.text],
                lambda words: addresses.match(area, words),
                source=question.source,
            )
        return asked.as_dict()

    @routes.post("/review/{review_id}/decide")
    def decide(review_id: Id, decision: Decision) -> dict[str, Any]:
        """Say which address a text means; matching knows it from then on."""
        given = decision.address_id
        address_id = None if given is None else read_id(given, "address_id")
        with engine.begin() as connection:
            result = review.decide(
                connection, review_id, address_id, source=decision.source, note=decision.note
            )
        addresses.look_again(result["area"])
        return result

    @routes.post("/review/{review_id}/skip")
    def skip(review_id: Id, note: Note) -> dict[str, Any]:
        """Lay a text aside undecided."""
        with engine.begin() as connection:
            return review.skip(connection, review_id, source=note.source, note=note.note)


def _add_reading_routes(
    routes: APIRouter, engine: Engine, addresses: AddressService, default_area: str
) -> None:
    @routes.get("/events")
    def events(
        area: AreaName = default_area,
        after: Offset = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> dict[str, Any]:
        """Changes after a number, in order and without gaps; for copies that follow the register.

        Where ``loaded_at`` is another than before, the area was loaded anew: start again.
        """
        with engine.connect() as connection:
            found = find_area(connection, area)
            return {
                "area": found.name,
                "loaded_at": reading.loaded_at(connection, found.area_id),
                "last_seq": last_seq(connection, found.area_id),
                "events": read_events(connection, found.area_id, after=after, limit=limit),
            }

    @routes.get("/by-code/{code}")
    def by_code(
        code: Annotated[str, Path(max_length=80)],
        at: Moment | None = None,
        area: AreaName | None = None,
    ) -> dict[str, Any]:
        """Who held a code of 14, 19 or 25 digits on a date; without one all holders."""
        with engine.connect() as connection:
            area_id = None if area is None else find_area(connection, area).area_id
            digits = reading.plain_code(code)
            holders = reading.resolve(connection, digits, at=moment_at(at, "at"), area_id=area_id)
            return {"code": digits, "holders": holders}

    @routes.get("/{address_id}")
    def by_id(
        address_id: Id, valid: Moment | None = None, known: Moment | None = None
    ) -> dict[str, Any]:
        """One address with the levels above it, or what it said at ``valid`` as known ``known``."""
        if valid is None and known is None:
            return addresses.show(address_id)
        with engine.connect() as connection:
            return reading.as_of(
                connection,
                address_id,
                valid=moment_at(valid, "valid"),
                known=moment_at(known, "known"),
            )

    @routes.get("/{address_id}/history")
    def history(address_id: Id) -> dict[str, Any]:
        """What an address said over time, its records on both axes, lineage, aliases, doubts."""
        with engine.connect() as connection:
            return reading.history(connection, address_id)

    @routes.get("/{address_id}/successors")
    def successors(address_id: Id, at: Moment | None = None) -> dict[str, Any]:
        """The living addresses that follow on a retired one at a date."""
        with engine.connect() as connection:
            found = reading.successors(connection, address_id, at=moment_at(at, "at"))
            return {"address_id": str(address_id), "successors": found}

    @routes.get("/{address_id}/neighbours")
    def neighbours(
        address_id: Id, limit: Annotated[int, Query(ge=1, le=50)] = 12
    ) -> dict[str, Any]:
        """Addresses under the same parent, and the nearest ones."""
        with engine.connect() as connection:
            return reading.neighbours(connection, address_id, limit=limit)
