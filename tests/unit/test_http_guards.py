"""What stands before the routes: deadlines, sizes, slots, whose pages may ask, and what fails."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blockdata.deadline import keep_time, seconds_left
from blockdata.errors import Busy, InputError
from blockdata.text import Text
from maps.limits import BodyLimit, Deadline
from maps.problems import UnexpectedErrors, install_problems
from maps.refusing import problem_body
from maps.security import OwnPages
from maps.server import bind
from maps.slots import Slots

PATIENCE_S = 20.0


def ask(app: ASGIApp, *asked: dict[str, Any]) -> list[httpx.Response]:
    """The answers to some requests at the same time; fails where they take for ever."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            calls = [client.request(**{"method": "GET", "url": "/"} | one) for one in asked]
            return list(await asyncio.wait_for(asyncio.gather(*calls), PATIENCE_S))

    return asyncio.run(all_of_them())


def is_problem(answer: httpx.Response, status: int) -> bool:
    return (
        answer.status_code == status
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["status"] == status
    )


async def says_fine(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"fine"})


async def echoes(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


# -- deadlines


def test_an_answer_in_time_passes():
    (answer,) = ask(Deadline(says_fine, 10.0), {})
    assert (answer.status_code, answer.text) == (200, "fine")


def test_what_is_not_there_in_time_is_504_and_goes_nowhere_afterwards():
    go_on, ended = asyncio.Event(), asyncio.Event()

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await go_on.wait()
        await says_fine(scope, receive, send)
        ended.set()

    async def scenario() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        await asyncio.wait_for(Deadline(late, 0.01)({"type": "http"}, receive, send), PATIENCE_S)
        go_on.set()
        await asyncio.wait_for(ended.wait(), PATIENCE_S)
        return sent

    start, body = asyncio.run(scenario())
    assert start["status"] == 504
    assert json.loads(body["body"])["type"] == "urn:blockdata:problem:took-too-long"


def test_work_in_a_thread_knows_its_deadline_and_ends_by_itself():
    app = FastAPI()
    install_problems(app)
    ended = threading.Event()

    @app.get("/")
    def work() -> None:
        try:
            while True:
                keep_time()
        finally:
            ended.set()

    app.add_middleware(Deadline, seconds=0.05)
    (answer,) = ask(app, {})
    assert is_problem(answer, 504)
    assert ended.wait(PATIENCE_S)


def test_no_request_takes_over_the_deadline_of_another():
    left: list[float | None] = []

    async def looks(scope: Scope, receive: Receive, send: Send) -> None:
        left.append(seconds_left())
        await says_fine(scope, receive, send)

    async def scenario() -> None:
        async def nothing() -> Message:
            return {"type": "http.disconnect"}

        async def drop(_: Message) -> None:
            return None

        await Deadline(looks, 0.001)({"type": "http"}, nothing, drop)
        await asyncio.sleep(0.01)
        await Deadline(looks, 1000.0)({"type": "http"}, nothing, drop)

    asyncio.run(scenario())
    assert left[1] is not None
    assert left[1] > 100


def test_what_fails_inside_fails_outside():
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError("x")

    with pytest.raises(LookupError):
        asyncio.run(Deadline(fails, 10.0)({"type": "http"}, None, None))  # type: ignore[arg-type]


def test_answers_do_not_wait_for_the_other_side_s_acknowledgement():
    """Two writes make an answer; without this every one after the first takes 40 ms more."""

    async def accepted_without_delay() -> bool:
        found: list[bool] = []
        with bind("127.0.0.1", 0) as listener:

            def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                connection = writer.get_extra_info("socket")
                found.append(bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
                writer.close()

            async with await asyncio.start_server(accept, sock=listener):
                reader, writer = await asyncio.open_connection(*listener.getsockname())
                await asyncio.wait_for(reader.read(), PATIENCE_S)
                writer.close()
        return found == [True]

    assert asyncio.run(accepted_without_delay())


# -- bodies


def test_a_body_of_the_largest_size_arrives_whole():
    (answer,) = ask(BodyLimit(echoes, 1000, 10.0), {"method": "POST", "content": b"x" * 1000})
    assert answer.content == b"x" * 1000


def test_a_larger_one_is_413_whether_announced_or_not():
    async def pieces() -> Any:
        for _ in range(11):
            yield b"x" * 100

    app = BodyLimit(echoes, 1000, 10.0)
    for content in (b"x" * 1001, pieces()):
        (answer,) = ask(app, {"method": "POST", "content": content})
        assert is_problem(answer, 413)
        assert answer.headers["connection"] == "close"
        assert answer.json()["cure"]


def test_a_body_that_does_not_come_is_408():
    async def scenario() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def never() -> Message:
            await asyncio.sleep(PATIENCE_S)
            raise AssertionError

        scope = {"type": "http", "headers": []}
        await BodyLimit(echoes, 1000, 0.01)(scope, never, send)
        return sent

    start, _ = asyncio.run(scenario())
    assert start["status"] == 408


# -- slots


def with_slots(slots: Slots, work: Callable[[], None]) -> FastAPI:
    app = FastAPI()
    install_problems(app)

    @app.get("/", dependencies=[Depends(slots, scope="function")])
    def at_work() -> str:
        work()
        return "done"

    @app.get("/health")
    def health() -> str:
        return "ok"

    return app


def test_more_than_the_slots_and_the_queue_hold_are_told_to_come_again():
    go_on = threading.Event()
    slots = Slots(2, 3, patience_s=PATIENCE_S)
    app = with_slots(slots, lambda: bool(go_on.wait(PATIENCE_S)))

    async def scenario() -> tuple[list[httpx.Response], httpx.Response, list[httpx.Response]]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            going = [asyncio.create_task(client.get("/")) for _ in range(10)]
            refused = []
            for one in asyncio.as_completed(going):  # the first to end are those refused
                refused.append(await one)
                if len(refused) == 5:
                    break
            health = await client.get("/health")
            go_on.set()
            done = [one for one in await asyncio.gather(*going) if one.status_code == 200]
            return refused, health, done

    refused, health, done = asyncio.run(asyncio.wait_for(scenario(), PATIENCE_S))
    assert all(is_problem(answer, 503) for answer in refused)
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert health.text == '"ok"'
    assert len(done) == 5


def test_no_slot_in_time_is_503():
    go_on = threading.Event()
    app = with_slots(Slots(1, 5, patience_s=0.01), lambda: bool(go_on.wait(0.5)))
    statuses = [answer.status_code for answer in ask(app, {}, {})]
    assert sorted(statuses) == [200, 503]


def test_a_slot_comes_free_however_the_work_ends():
    def fail() -> None:
        raise InputError(Text("坏", "bad"))

    app = with_slots(Slots(1, 0, patience_s=0.01), fail)
    for _ in range(3):
        (answer,) = ask(app, {})
        assert is_problem(answer, 422)


# -- whose pages


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "anything"}, False),
        ({"origin": "http://127.0.0.1"}, True),
        ({"origin": "http://127.0.0.1:3000"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"}, False),
    ],
)
def test_pages_of_other_sites_may_not_ask(headers, allowed):
    app = OwnPages(says_fine, ["/"])
    (answer,) = ask(app, {"url": "/v1/isochrone?at=0,90", "headers": headers})
    assert answer.status_code == 200 if allowed else is_problem(answer, 403)
    (page,) = ask(app, {"url": "/", "headers": headers})  # a link from elsewhere
    assert page.text == "fine"


# -- what fails


def test_what_nobody_foresaw_is_500_without_a_word_of_it(capsys):
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError("固戍一路168号")

    (answer,) = ask(UnexpectedErrors(fails), {})
    assert is_problem(answer, 500)
    assert "固戍" not in answer.text
    said = capsys.readouterr()
    assert "LookupError" in said.out + said.err
    assert "固戍" not in said.out + said.err


def test_an_answer_that_breaks_off_is_not_taken_for_the_whole():
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise LookupError("固戍一路168号")

    async def send(_: Message) -> None:
        return None

    with pytest.raises(RuntimeError) as broken:
        asyncio.run(UnexpectedErrors(fails)({"type": "http"}, None, send))  # type: ignore[arg-type]
    assert "固戍" not in str(broken.value)
    assert broken.value.__suppress_context__


def test_a_problem_can_quote_what_is_no_text():
    error = Busy(Text("“\ud800”", "'\ud800'"), field="\udfff")
    status, body = problem_body(error)
    assert status == 503
    assert json.loads(body.decode("utf-8"))["field"] == "\udfff"


def test_every_method_of_a_path_is_allowed_for_in_405():
    app = FastAPI()
    install_problems(app)
    app.get("/")(lambda: 1)
    app.post("/")(lambda: 2)
    (answer,) = ask(app, {"method": "DELETE"})
    assert is_problem(answer, 405)
    assert answer.headers["allow"] == "GET, POST"
