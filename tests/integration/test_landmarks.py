"""Landmarks by command and over HTTP: by name, kind and nearness; and under a new name at once."""

import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from blockdata.address.importing.load import import_addresses
from blockdata.address.landmark_kinds import KIND_NAMES
from blockdata.profile import load_profile
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area
from ingest.synthetic.load import build_district
from tests.running import Run, runner
from tests.serving import serving

AREA, PLAIN = "landmarks", "landmarks-none"
SOON_S = 60.0  # where the machine is at rest, two


@pytest.fixture(scope="module")
def built(settings: Settings, database: Engine, tmp_path_factory: Any) -> Iterator[Engine]:
    """An area of its own, as names change here; and an import without landmarks beside it."""
    build_district(database, load_profile("baoan"), area=AREA, seed=1, scale=0.01)
    file: Path = tmp_path_factory.mktemp("plain") / "plain.csv"
    file.write_text("text,lon,lat\n深圳市宝安区前进路1号,113.9,22.6\n", encoding="utf-8")
    import_addresses(database, settings, file, area=PLAIN, datum="wgs84")
    yield database
    with database.begin() as connection:
        for name in (AREA, PLAIN):
            drop_area(connection, name)


@pytest.fixture(scope="module")
def client(settings: Settings, built: Engine) -> Iterator[httpx.Client]:
    assert built
    with (
        serving(settings, warm=AREA) as address,
        httpx.Client(base_url=address, timeout=120) as client,
    ):
        yield client


def asked(client: httpx.Client, route: str, area: str = AREA, **given: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/addresses/{route}", params={"area": area} | given)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
def command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    run = runner(settings, monkeypatch, capsys)
    return lambda *words, **more: run("address", *words, **more)


def matched(command: Run, words: str) -> dict[str, Any]:
    found = json.loads(command("match", words, "--area", AREA, "--json"))["matched"]
    return dict(found)


def rename(command: Run, place: dict[str, Any], name: str) -> None:
    command("edit", "rename", place["address_id"], name, "--source", "现场核实")


def first(client: httpx.Client, kind: str) -> dict[str, Any]:
    return dict(asked(client, "landmarks", kind=kind)["landmarks"][0])


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + SOON_S
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def test_the_list_counts_every_kind(client: httpx.Client, built: Engine) -> None:
    found = asked(client, "landmarks", limit=1000)
    with built.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT kind, count(*) FROM register.address JOIN district.area a USING (area_id)"
                " WHERE a.name = :name AND kind IS NOT NULL GROUP BY kind"
            ),
            {"name": AREA},
        ).all()
    counted = {kind["name"]: kind["count"] for kind in found["kinds"]}
    assert counted == dict(map(tuple, rows))
    assert set(counted) == set(KIND_NAMES)
    assert all(counted.values())
    assert len(found["landmarks"]) == sum(counted.values())
    assert found["left_off"] == 0
    assert found["synthetic"] is True


def test_the_nearest_come_first(client: httpx.Client, built: Engine) -> None:
    lon, lat = 113.8466, 22.5917
    found = asked(client, "landmarks", kind="school", near=f"{lon},{lat}")
    with built.connect() as connection:
        ids = connection.execute(
            text(
                "SELECT address_id FROM register.address JOIN district.area a USING (area_id)"
                " WHERE a.name = :name AND kind = 'school' ORDER BY"
                " point::geography <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography"
            ),
            {"name": AREA, "lon": lon, "lat": lat},
        ).scalars()
        assert [one["address_id"] for one in found["landmarks"]] == [str(i) for i in ids]
    away = [one["distance_m"] for one in found["landmarks"]]
    assert away == sorted(away)
    assert found["near"] is None
    by_words = asked(client, "landmarks", kind="school", near="固戍一路168号")
    assert "168号" in by_words["near"]
    assert by_words["landmarks"][0]["distance_m"] > 0


def test_a_part_of_the_name_finds_it(client: httpx.Client) -> None:
    names = [one["name"] for one in asked(client, "landmarks", name="地铁站")["landmarks"]]
    assert "固戍地铁站" in names
    assert all("地铁站" in name for name in names)
    assert asked(client, "landmarks", name="没有的名字")["landmarks"] == []


@pytest.mark.parametrize(
    ("given", "field"), [({"kind": "zoo"}, "kind"), ({"near": "拉萨市布达拉宫"}, "near")]
)
def test_what_is_not_known_is_refused(
    client: httpx.Client, given: dict[str, str], field: str
) -> None:
    answer = client.get("/v1/addresses/landmarks", params={"area": AREA} | given)
    assert answer.status_code == 422
    assert field in answer.json()["field"]


def test_a_name_is_matched_and_suggested_with_its_kind(client: httpx.Client) -> None:
    hospital = first(client, "hospital")
    answer = asked(client, "match", q=f"{hospital['name']}门口")
    assert answer["matched"]["address_id"] == hospital["address_id"]
    assert answer["confirm_needed"] is False
    assert answer["matched"]["kind"] == {"name": "hospital", "zh": "医院", "en": "hospital"}
    found = asked(client, "suggest", q="gsyy")["suggestions"]
    assert hospital["address_id"] in [one["address_id"] for one in found]


def test_a_station_is_no_point_and_its_exits_are(client: httpx.Client) -> None:
    station = first(client, "metro_station")
    said = asked(client, "match", q=station["name"])
    assert said["confirm_needed"] is True
    assert said["extent"]["type"] == "Polygon"
    assert len(said["offers"]) == 4
    assert {offer["kind"]["name"] for offer in said["offers"]} == {"metro_exit"}
    asking = {"area": AREA, "address_id": station["address_id"]}
    refused = client.post("/v1/dispatch/nearest", json=asking)
    assert refused.status_code == 422
    assert "出口" in refused.json()["detail_zh"]
    assert client.post("/v1/dispatch/nearest", json=asking | {"confirmed": True}).is_success
    exit_ = said["offers"][1]
    answer = client.post("/v1/dispatch/nearest", json={"area": AREA, "address": exit_["name"]})
    assert answer.json()["incident"]["address"]["address_id"] == exit_["address_id"]
    by_id = {"area": AREA, "address_id": exit_["address_id"]}
    answer = client.post("/v1/dispatch/nearest", json=by_id)
    assert answer.json()["incident"]["address"]["kind"]["en"] == "metro exit"


@pytest.mark.parametrize("words", ["派出所", "附近的派出所", "固戍社区 派出所", "police station"])
def test_a_kind_is_never_a_point(client: httpx.Client, words: str) -> None:
    far = first(client, "police_station")
    near = [far["lon"] + 0.0001, far["lat"]]
    refused = client.post(
        "/v1/dispatch/nearest",
        json={"area": AREA, "address": words, "near": near, "confirmed": True},
    )
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"].endswith("place-not-said")
    assert problem["level"] == "kind"
    assert problem["extent"] is None
    assert {offer["kind"]["name"] for offer in problem["offers"]} == {"police_station"}
    if "社区" not in words:
        assert problem["offers"][0]["address_id"] == far["address_id"]


def test_an_area_without_landmarks_says_so(client: httpx.Client, command: Run) -> None:
    found = asked(client, "landmarks", area=PLAIN)
    assert found["landmarks"] == []
    assert not any(kind["count"] for kind in found["kinds"])
    answer = client.get("/v1/addresses/match", params={"area": PLAIN, "q": "派出所"})
    assert answer.status_code == 422
    assert "没有登记地标" in command("landmarks", "--area", PLAIN, language="zh")
    assert "has no landmarks" in command("landmarks", "--area", PLAIN)


def test_the_command_lists_them_in_both_languages(client: httpx.Client, command: Run) -> None:
    assert client
    said = command("landmarks", "--area", AREA, "--kind", "派出所", "--near", "固戍社区", "--json")
    found = json.loads(said)
    assert found["near"] == "固戍社区"
    assert {one["kind"]["name"] for one in found["landmarks"]} == {"police_station"}
    of_hospitals = ("landmarks", "--area", AREA, "--kind", "hospital")
    assert "[医院]" in command(*of_hospitals, language="zh")
    assert "[hospital]" in command(*of_hospitals)
    assert "no landmark fits" in command("landmarks", "--area", AREA, "--name", "没有的名字")
    assert "metro_exit" in command("landmarks", "--area", AREA, "--kind", "zoo", expect=1)


def test_a_new_name_is_found_at_once_and_the_old_one_too(
    client: httpx.Client, command: Run
) -> None:
    park = first(client, "park")
    rename(command, park, "晨星湖公园")
    assert matched(command, "晨星湖公园")["address_id"] == park["address_id"]

    def led_by(words: str) -> str | None:
        answer = client.get("/v1/addresses/match", params={"area": AREA, "q": words}).json()
        return str((answer.get("matched") or {}).get("address_id"))

    assert soon(lambda: led_by("晨星湖公园") == park["address_id"])
    assert asked(client, "suggest", q="cxhgy")["suggestions"][0]["name"] == "晨星湖公园"
    assert led_by(park["name"]) == park["address_id"]
    listed = asked(client, "landmarks", name=park["name"])["landmarks"]
    assert "晨星湖公园" in [one["name"] for one in listed]
    history = client.get(f"/v1/addresses/{park['address_id']}/history").json()
    assert [alias["text_zh"] for alias in history["aliases"]] == [park["name"]]


def test_a_name_that_another_takes_over_leads_to_that_one(
    client: httpx.Client, command: Run
) -> None:
    one, other = asked(client, "landmarks", kind="police_station")["landmarks"][:2]
    rename(command, one, "东岸派出所")
    rename(command, other, one["name"])
    assert matched(command, "东岸派出所")["address_id"] == one["address_id"]
    for words in (one["name"], other["name"]):
        assert matched(command, words)["address_id"] == other["address_id"]


def test_exits_follow_their_station(client: httpx.Client, command: Run) -> None:
    station = first(client, "metro_station")
    rename(command, station, "望海地铁站")
    for words in ("望海站C口", f"{station['name']}C出口", f"{station['name']}C口"):
        assert matched(command, words)["name"] == "望海地铁站C出口"


def test_a_tile_shows_the_landmarks_by_their_new_names(client: httpx.Client, command: Run) -> None:
    school = first(client, "school")
    zoom = 16
    x = int((school["lon"] + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(school["lat"]))) / math.pi) / 2 * 2**zoom)
    path = f"/tiles/{AREA}/{zoom}/{x}/{y}.mvt"
    before = client.get(path)
    assert b"landmarks" in before.content
    assert school["name"].encode() in before.content
    rename(command, school, "朝阳河小学")
    after = client.get(path, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert "朝阳河小学".encode() in after.content
