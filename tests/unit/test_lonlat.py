"""A point in words."""

import pytest

from blockdata.errors import InputError
from blockdata.lonlat import read_lon_lat


def test_coordinates_in_words():
    assert read_lon_lat("113.85, 22.58") == (113.85, 22.58)
    assert read_lon_lat("113.85，22.58") == (113.85, 22.58)
    for words in ("113.85", "a,b", "1,2,3", "", "nan,1", "22.58,113.85"):
        with pytest.raises(InputError) as error:
            read_lon_lat(words)
        assert error.value.field == "at"
        assert error.value.cure is not None
