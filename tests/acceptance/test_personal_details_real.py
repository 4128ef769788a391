"""Real names and addresses of places hold hardly any person: none must be seen in them."""

import csv
import gzip
from pathlib import Path

import pytest

from blockdata.personal import strip_personal

MOST_TOUCHED = 2e-4  # a waybill's remark may stand among them


@pytest.mark.parametrize(
    "name",
    [
        "amap_poi_sample_gcj02.csv",
        "companies_a.csv.gz",
        "estates_lianjia.csv.gz",
        "estates_second_portal.csv.gz",
        "parking_sample.csv.gz",
    ],
)
def test_hardly_any_address_is_touched(real_data: Path, name: str) -> None:
    path = real_data / "addresses" / name
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:  # type: ignore[operator]
        texts = [
            row[column] or "" for row in csv.DictReader(file) for column in ("name", "address")
        ]
    touched = sum(strip_personal(text).text != text for text in texts)
    assert len(texts) > 400
    assert touched <= MOST_TOUCHED * len(texts)
