"""Import a file into an area of its own, then match, search and look up what it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from blockdata.address.importing.load import import_addresses
from blockdata.address.service import AddressService
from blockdata.errors import DataQualityGate, NotFound, UnknownAddress
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area

AREA = "test-addresses"


@pytest.fixture
def engine(database: Engine) -> Iterator[Engine]:
    _drop(database)
    yield database
    _drop(database)


def _drop(engine: Engine) -> None:
    with engine.begin() as connection:
        try:
            drop_area(connection, AREA)
        except NotFound:
            return


def _file(folder: Path, rows: list[str]) -> Path:
    path = folder / "addresses.csv"
    path.write_text("\n".join(["name,address,lon,lat", *rows]) + "\n", encoding="utf-8")
    return path


def _settings(folder: Path) -> Settings:
    return Settings(var=folder / "var")


def test_import_then_ask(engine: Engine, tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        ["海裕花园,宝安区固戍一路168号,113.8481,22.5913", "翠景苑,宝安区流塘路9号,113.87,22.58"],
    )
    settings = _settings(tmp_path)
    report = import_addresses(engine, settings, path, area=AREA, datum="wgs84")
    assert (report.rows, report.accepted, report.quarantined) == (2, 2, 0)
    service = AddressService(engine, settings)
    answer = service.match(AREA, "固戍一路168号")
    assert answer.matched.name == "海裕花园"
    assert answer.level == "place"
    assert answer.matched.address_id is not None
    assert service.show(answer.matched.address_id)["text_zh"].endswith("固戍一路168号")
    assert service.suggest(AREA, "cjy")[0].place.name == "翠景苑"
    nearest = service.reverse(AREA, 113.8701, 22.58)["addresses"][0]
    assert nearest["name"] == "翠景苑"
    again = import_addresses(engine, settings, path, area=AREA, datum="wgs84")
    assert (again.accepted, again.duplicates) == (0, 2)


def test_too_few_sound_rows_store_nothing(engine: Engine, tmp_path: Path) -> None:
    path = _file(tmp_path, ["甲,固戍一路1号,113.85,22.59", "乙,固戍一路2号,,", "丙,固戍一路3号,,"])
    settings = _settings(tmp_path)
    with pytest.raises(DataQualityGate) as error:
        import_addresses(engine, settings, path, area=AREA, datum="wgs84")
    report = error.value.facts["report"]
    assert (report["rows"], report["quarantined"]) == (3, 2)
    kept = Path(report["quarantine_file"]).read_text(encoding="utf-8").splitlines()
    assert kept[1].startswith("3,no_position")
    with pytest.raises(NotFound):
        AddressService(engine, settings).gazetteer(AREA)


def test_lamp_posts_locate(engine: Engine, tmp_path: Path) -> None:
    rows = [
        f"灯杆GS-{number:04},西乡街道固戍社区固戍一路,{113.85 + number * 1e-4:.4f},22.59"
        for number in range(120, 130)
    ]
    settings = _settings(tmp_path)
    import_addresses(engine, settings, _file(tmp_path, rows), area=AREA, datum="wgs84")
    service = AddressService(engine, settings)
    for words in ("固戍一路灯杆GS-0123", "路灯杆 gs0123", "智慧灯杆编号:GS-0123号旁"):
        assert service.match(AREA, words).matched.name == "灯杆GS0123"
    for words in ("灯杆GS-0133", "灯杆GT-0123", "灯杆0123"):  # numbers compare exactly
        with pytest.raises(UnknownAddress):
            service.match(AREA, words)
