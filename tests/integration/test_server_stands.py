"""A server that nobody can stop from outside, and that stops when it is told to."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import Engine

import dispatch.road_api
from blockdata.settings import Settings
from blockdata.text import Text
from maps.assets import fetch_assets
from maps.limits import Limits
from tests.conftest import PROJECT
from tests.integration._maps_area import SIDE, SOUTH, WEST, build_maps_area
from tests.serving import serving

QUICK = Limits(request_s=2.0, body_s=0.5, head_s=0.5, write_s=0.5, connections=60)
PATIENCE_S = 60.0
POLE = "/v1/isochrone?at=0,90&area=trial"
MIDDLE = f"{WEST + SIDE / 2},{SOUTH + SIDE / 2}"


@pytest.fixture(scope="module")
def address(settings: Settings, database: Engine) -> Iterator[str]:
    fetch_assets(PROJECT / "build")
    with database.begin() as connection:
        build_maps_area(connection, "trial")
    with serving(settings, QUICK) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=PATIENCE_S) as found:
        yield found


def connect(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def read_all(connection: socket.socket) -> bytes:
    """What the server sends until it closes, which it has to."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def until(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold before patience ends."""
    for _ in range(int(PATIENCE_S / 0.1)):
        if holds():
            return True
        time.sleep(0.1)
    return False


# -- questions that take long


def test_forty_questions_that_hang_leave_the_rest_alone(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), threading.Semaphore(0)

    def hangs(*_: object) -> None:
        begun.release()
        go_on.wait(PATIENCE_S)

    monkeypatch.setattr(dispatch.road_api, "ask_isochrone", hangs)
    with httpx.Client(base_url=address, timeout=PATIENCE_S) as client:

        def ask(_: int) -> httpx.Response:
            with httpx.Client(base_url=address, timeout=PATIENCE_S) as own:
                return own.get(f"/v1/isochrone?at={MIDDLE}")

        with ThreadPoolExecutor(40) as askers:
            asked = [askers.submit(ask, n) for n in range(40)]
            assert begun.acquire(timeout=PATIENCE_S)
            assert client.get("/v1/health").json()["status"] == "ok"
            assert client.get("/").status_code == 200
            assert client.get("/static/js/main.js").status_code == 200
            assert client.get("/v1/areas").status_code == 200
            assert client.get("/tiles/trial/14/0/0.mvt").status_code == 204
            answers = [one.result() for one in asked]
        for answer in answers:
            assert answer.status_code in (503, 504)
            assert answer.headers["content-type"] == "application/problem+json"
            assert (answer.status_code == 503) == ("retry-after" in answer.headers)
        assert {answer.status_code for answer in answers} == {503, 504}
        # threads that hang keep their places, until they go on
        assert client.get(f"/v1/isochrone?at={MIDDLE}").status_code == 503
        go_on.set()
        monkeypatch.undo()
        assert until(lambda: client.get(POLE).status_code not in (503, 504))


def test_what_one_request_had_left_of_its_time_is_not_the_next_one_s(client: httpx.Client) -> None:
    body = json.dumps({"at": [0, 0]}) + " " * 200_000  # so large that reading is paused
    headers = {"content-type": "application/json"}
    first = client.post("/v1/dispatch/nearest", content=body, headers=headers)
    assert first.status_code in (404, 422)
    for _ in range(4):  # on the same connection, beyond the first one's deadline
        time.sleep(0.6)
        assert client.get("/v1/areas").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_computes_nothing_here(client: httpx.Client, site: str) -> None:
    refused = client.get(POLE, headers={"sec-fetch-site": site})
    assert (refused.status_code, refused.json()["field"]) == (403, "Sec-Fetch-Site")
    assert "content-security-policy" in refused.headers
    assert client.get("/", headers={"sec-fetch-site": site}).status_code == 200


def test_a_body_without_end_is_refused(client: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(1000):
            yield b" " * 10_000

    for content in (b" " * 300_000, pieces()):
        headers = {"content-type": "application/json"}
        try:
            answer = client.post("/v1/table", content=content, headers=headers)
        except httpx.WriteError:  # it had closed before all was sent
            continue
        assert answer.status_code == 413
        assert answer.json()["field"] == "body"


# -- connections


def test_a_head_that_trickles_in_is_cut_off(address: str, client: httpx.Client) -> None:
    with connect(address) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(0.05):
                try:
                    slow.sendall(b"x-more: 1\r\n")
                except OSError:
                    return

        threading.Thread(target=trickle, daemon=True).start()
        assert read_all(slow) == b""
        stop.set()
    assert client.get("/v1/health").status_code == 200


def test_a_connection_that_says_nothing_is_cut_off(address: str) -> None:
    with connect(address) as silent:
        assert read_all(silent) == b""


@pytest.mark.parametrize("path", [b"/v1/table", b"/v1/nothing"])
def test_a_body_that_trickles_in_is_cut_off(address: str, path: bytes) -> None:
    with connect(address) as slow:
        slow.sendall(
            b"POST " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
        )
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(0.05):
                try:
                    slow.sendall(b" ")
                except OSError:
                    return

        threading.Thread(target=trickle, daemon=True).start()
        said = read_all(slow)
        stop.set()
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in said


def test_bytes_after_an_early_answer_do_not_hold_the_connection(address: str) -> None:
    with connect(address) as slow:
        slow.sendall(b"POST /v1/table HTTP/1.1\r\nHost: elsewhere\r\nContent-Length: 9999\r\n\r\n")
        assert slow.recv(12) == b"HTTP/1.1 403"
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(0.05):
                try:
                    slow.sendall(b" ")
                except OSError:
                    return

        threading.Thread(target=trickle, daemon=True).start()
        read_all(slow)  # it ends
        stop.set()


def test_an_answer_that_is_left_unread_is_cut_off(address: str, client: httpx.Client) -> None:
    with connect(address) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        request = b"GET /static/vendor/maplibre/maplibre-gl.mjs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        deaf.sendall(request * 20)

        def is_cut_off() -> bool:
            try:
                deaf.sendall(b"\r\n")
            except OSError:
                return True
            return False

        assert until(is_cut_off)
    assert client.get("/v1/health").status_code == 200


def test_what_is_no_http_is_a_problem_document(address: str) -> None:
    with connect(address) as odd:
        odd.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        said = read_all(odd)
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == 400


def test_one_connection_too_many_is_told_to_come_again(address: str, client: httpx.Client) -> None:
    held = [connect(address) for _ in range(QUICK.connections + 20)]
    try:
        turned_away = [one for one in (read_all(one) for one in held) if one]
    finally:
        for one in held:
            one.close()
    assert turned_away
    assert all(one.startswith(b"HTTP/1.1 503 ") for one in turned_away)
    assert all(b"retry-after: " in one for one in turned_away)
    assert until(lambda: client.get("/v1/health").status_code == 200)


# -- the end


class Server:
    """A server of its own process that hangs where it is asked to."""

    def __init__(self, settings: Settings) -> None:
        command = [sys.executable, "-m", "tests.stuck_server", str(settings.var)]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        port = int(self.process.stdout.readline())
        self.address = f"http://127.0.0.1:{port}"
        self.held: list[socket.socket] = []

        def is_up() -> bool:
            try:
                return httpx.get(f"{self.address}/v1/health").status_code == 200
            except httpx.TransportError:
                return False

        assert until(is_up)

    def leave_hanging(self, path: str) -> None:
        """Ask for something that never ends, and do not wait for it."""
        connection = connect(self.address)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        self.held.append(connection)
        time.sleep(0.3)

    def end(self) -> None:
        for connection in self.held:
            connection.close()
        self.process.kill()
        self.process.communicate(timeout=PATIENCE_S)


@pytest.fixture
def server(settings: Settings, address: str) -> Iterator[Server]:
    found = Server(settings)
    yield found
    found.end()


@pytest.mark.parametrize(
    ("hanging", "number"),
    [
        ([], signal.SIGINT),
        (["/stream", "/thread", "/thread"], signal.SIGTERM),
        (["/stream", "/thread", "/loop"], signal.SIGTERM),
        (["/loop"], signal.SIGINT),
    ],
)
def test_it_ends_when_it_is_told_to(
    server: Server, hanging: list[str], number: signal.Signals
) -> None:
    for path in hanging:
        server.leave_hanging(path)
    server.process.send_signal(number)
    code = server.process.wait(PATIENCE_S)
    # by the signal, as a shell says it, by Ctrl-C, or of itself where Ctrl-C is not heeded
    assert code in (-number, 128 + number, 1, 0)


def test_no_log_says_what_was_asked(
    settings: Settings, database: Engine, command_environment: dict[str, str]
) -> None:
    secret = "固戍九路777号"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", "from blockdata.cli import main; main()", "maps", "serve"],
        env=command_environment | {"BLOCKDATA_PORT": str(port), "BLOCKDATA_LOG_LEVEL": "DEBUG"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"

        def is_up() -> bool:
            try:
                return httpx.get(f"{address}/v1/health").status_code == 200
            except httpx.TransportError:
                return False

        for _ in range(4):
            if until(is_up):
                break
        for path in ("/v1/addresses/match", "/v1/addresses/suggest", "/nothing", "/v1/grids"):
            httpx.get(address + path, params={"q": secret, "area": "trial"}, timeout=PATIENCE_S)
        for path in ("/v1/dispatch/nearest", "/v1/closures", "/v1/addresses/review"):
            body = {"text": secret, "address": secret, "road": secret, "area": "trial"}
            httpx.post(address + path, json=body, timeout=PATIENCE_S)
        with connect(address) as odd:
            odd.sendall(f"GET /?q={secret} HTTP/9\r\n\r\n".encode())
            read_all(odd)
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=PATIENCE_S)
    assert Text("已启动", "serving").en in said
    assert secret not in said
    assert "777" not in said
    # the database's own log, also of statements that fail on what they are given
    with database.connect() as connection, pytest.raises(Exception, match="777"):
        connection.exec_driver_sql("SELECT %(secret)s::int", {"secret": secret})
    log = settings.var / "cluster" / "server.log"
    if log.is_file():  # elsewhere the cluster stands under /var/lib
        assert "777" not in log.read_text(encoding="utf-8", errors="replace")
