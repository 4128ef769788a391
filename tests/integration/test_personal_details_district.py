"""No address of the demo district, nor any of the ways in which people write it, loses a word."""

from sqlalchemy import Engine, text

from blockdata.personal import strip_personal
from blockdata.settings import Settings
from blockdata.storage.areas import find_area
from ingest.synthetic.address_noise import degrade, read_library


def test_the_library_is_left_alone(demo: Engine, settings: Settings) -> None:
    with demo.connect() as connection:
        area_id = find_area(connection, settings.area).area_id
        rows = connection.execute(
            text(
                "SELECT DISTINCT unnest(ARRAY[text_zh, name_zh, label_zh, code])"
                " FROM register.address WHERE area_id = :a"
            ),
            {"a": area_id},
        )
        words = [word for word in rows.scalars() if word]
    assert len(words) > 5_000
    assert [word for word in words if strip_personal(word).kinds] == []


def test_degraded_addresses_are_left_alone(demo: Engine, settings: Settings) -> None:
    with demo.connect() as connection:
        library = read_library(connection, find_area(connection, settings.area).area_id)
    texts = degrade(library, 20_000, seed=5)["text"].tolist()
    assert [written for written in texts if strip_personal(written).text != written] == []
