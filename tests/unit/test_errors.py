"""The tree of errors: every error has both languages, a status and an exit code."""

import pytest

from blockdata import errors
from blockdata.errors import BlockdataError, InputError, UnknownAddress, exit_code, http_status
from blockdata.text import Text


def every_error() -> list[type[BlockdataError]]:
    kinds: list[type[BlockdataError]] = [BlockdataError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return kinds


@pytest.mark.parametrize("kind", every_error())
def test_every_error_has_a_title_in_both_languages_and_stands_in_the_tree(
    kind: type[BlockdataError],
) -> None:
    assert kind.title.zh != kind.title.en
    assert kind.__name__ in (errors.__doc__ or "")
    assert 400 <= http_status(kind()) < 600
    assert exit_code(kind()) in {1, 2, 3, 130}


def test_an_input_error_is_a_value_error_and_names_field_and_cure() -> None:
    error = UnknownAddress(
        Text("没有“火星路”", "there is no 'Mars Road'"),
        field="address",
        cure=Text("换个写法", "write it another way"),
        candidates=["火山路"],
    )
    assert isinstance(error, ValueError)
    assert isinstance(error, InputError)
    assert error.problem() == {
        "type": "urn:blockdata:problem:unknown-address",
        "title": "no known address fits",
        "title_zh": "未找到该地址",
        "status": 422,
        "detail": "there is no 'Mars Road'",
        "detail_zh": "没有“火星路”",
        "field": "address",
        "cure": "write it another way",
        "cure_zh": "换个写法",
        "candidates": ["火山路"],
    }
    assert error.say("en") == (
        "no known address fits [address]: there is no 'Mars Road'\nCure: write it another way"
    )
    assert "处理办法:换个写法" in error.say("zh")
