"""Sub-numbers, ranges, stems and storeys have one written form each."""

import pytest

from blockdata.address.normalise import normalise, normalise_many
from blockdata.address.written import read_written

FORMS = {
    "望海路23号之一五楼": "望海路23-1号5层",
    "望海路23号之一": "望海路23-1号",
    "23号之1": "23-1号",
    "10号之6": "10-6号",
    "215之二号": "215-2号",
    "215号之二501": "215-2号501",
    "23之一五零二室": "23-1号502室",
    "23号之十二楼": "23-10号2层",
    "23号之十二三楼": "23-12号3层",
    "23A号之二": "23A-2号",
    "23号之三楼": "23号之3层",  # of one numeral nobody knows whose it is: the number stays
    "23号之一单元": "23号之1单元",
    "1之1单元": "1-1单元",
    "215之2号楼": "215-2栋",
    "1~3号": "1-3号",
    "1至3号": "1-3号",
    "1到3号": "1-3号",
    "1—3号": "1-3号",
    "一至三号": "1-3号",
    "1号至3号": "1-3号",
    "1号-3号": "1-3号",
    "168号-3号楼": "168号-3栋",
    "8甲号": "8号甲",
    "8号甲": "8号甲",
    "8甲号大厦": "8甲号大厦",
    "地下一层": "负1层",
    "地下1楼": "负1层",
    "负一楼": "负1层",
    "B1层": "负1层",
    "B2F": "负2层",
    "AB1层": "AB1层",
}


@pytest.mark.parametrize("raw", FORMS)
def test_written_forms(raw: str) -> None:
    assert normalise(raw).text == FORMS[raw]
    assert normalise(FORMS[raw]).text == FORMS[raw]


def test_a_batch_gives_what_one_by_one_gives() -> None:
    assert normalise_many(list(FORMS)) == list(FORMS.values())


@pytest.mark.parametrize(
    ("text", "road", "number", "floor"),
    [
        ("望海路23-1号5层", "望海路", "23-1", "5"),
        ("前进二路8号甲", "前进二路", "8甲", ""),
        ("前进二路甲8号", "前进二路", "甲8", ""),
        ("前进二路8号甲级写字楼", "前进二路", "8", ""),
        ("前进二路18号负1层", "前进二路", "18", "-1"),
    ],
)
def test_a_register_s_text_is_read(text: str, road: str, number: str, floor: str) -> None:
    written = read_written(text)
    assert (written.road, written.number, written.floor) == (road, number, floor)
