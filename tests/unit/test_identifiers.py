"""House codes, citizen numbers and credit codes: published vectors, properties, a real sample."""

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockdata.errors import InputError
from blockdata.identifiers import (
    HouseCode,
    check_citizen_number,
    check_credit_code,
    numbered_codes,
    parse_house_code,
    synthetic_citizen_numbers,
    synthetic_credit_codes,
)

PUBLISHED_CITIZENS = ["11010519491231002X", "440524188001010014"]
PUBLISHED_CREDIT = "91350100M000100Y43"

house_codes = st.sampled_from([9, 12, 14, 19, 25]).flatmap(
    lambda n: st.text("0123456789", min_size=n, max_size=n)
)


def test_house_code_parts():
    code = parse_house_code("4403060020010100007020501")
    assert code == HouseCode("44", "03", "06", "002", "001", "01", "00007", "020501")
    assert code.grid_code == "44030600200101"
    assert code.building_code == "4403060020010100007"
    assert parse_house_code("440306002001").grid_code is None


@given(house_codes)
def test_house_code_round_trip(text):
    assert str(parse_house_code(text)) == text


@pytest.mark.parametrize(
    "text", ["", "4403", "44030600200101000070205012", "4403060020010a", "４" * 14]
)
def test_bad_house_codes_are_refused(text):
    with pytest.raises(InputError) as caught:
        parse_house_code(text)
    assert caught.value.field == "code"
    assert caught.value.cure is not None


def test_numbered_codes():
    out = numbered_codes(["44030600200101", "44030600200102"], [7, 99_999], 5)
    assert out.tolist() == [b"4403060020010100007", b"4403060020010299999"]
    with pytest.raises(ValueError, match="does not fit"):
        numbered_codes(["1"], [100_000], 5)


@pytest.mark.parametrize("number", PUBLISHED_CITIZENS)
def test_published_citizen_numbers(number):
    assert check_citizen_number(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002x",  # strict: upper case only
        "110105194912310021",
        "11010519491331002X",
        "1101051949123100",
        "1101051949123100２X",
        " 11010519491231002X",
    ],
)
def test_bad_citizen_numbers_are_refused(number):
    with pytest.raises(InputError) as caught:
        check_citizen_number(number)
    assert caught.value.field == "citizen_number"


def test_lenient_citizen_number_is_mended():
    assert check_citizen_number(" 11010519491231002x ", lenient=True) == "11010519491231002X"


@given(st.integers(0, 999), st.dates(), st.integers(0, 999))
def test_synthetic_citizen_numbers_are_sound(region, born, sequence):
    (number,) = synthetic_citizen_numbers(
        region, np.array([born], dtype="datetime64[D]"), [sequence]
    )
    text = number.decode()
    assert check_citizen_number(text) == text
    assert text.startswith("999")
    assert text[6:14] == born.strftime("%Y%m%d").zfill(8)


def test_one_changed_digit_never_passes():
    for at in range(17):
        for digit in "0123456789":
            changed = PUBLISHED_CITIZENS[0][:at] + digit + PUBLISHED_CITIZENS[0][at + 1 :]
            if changed != PUBLISHED_CITIZENS[0]:
                with pytest.raises(InputError):
                    check_citizen_number(changed)


def test_published_credit_code():
    assert check_credit_code(PUBLISHED_CREDIT) == PUBLISHED_CREDIT


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y44", "91350100m000100Y43", "9135010OM000100Y43", "91350100M000100Y4", ""],
)
def test_bad_credit_codes_are_refused(code):
    with pytest.raises(InputError) as caught:
        check_credit_code(code)
    assert caught.value.field == "credit_code"


def test_inner_check_digit_counts():
    """A code whose outer digit fits and whose organisation code does not is refused."""
    refused = 0
    for inner in "0123456789X":
        for outer in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            try:
                check_credit_code(f"91350100M000100Y{inner}{outer}")
            except InputError as error:
                refused += "organisation" in error.detail.en
    assert refused == 10


@given(st.sampled_from(["91", "92", "93", "12", "51"]), st.integers(0, 10**8 - 1))
def test_synthetic_credit_codes_are_sound(prefix, organisation):
    (code,) = synthetic_credit_codes([prefix], [organisation])
    text = code.decode()
    assert check_credit_code(text) == text
    assert text[2:8] == "999999"


def test_real_credit_codes(real_data):
    with gzip.open(
        real_data / "identifiers" / "uscc_sample.csv.gz", "rt", encoding="utf-8"
    ) as file:
        codes = [row["uscc"] for row in csv.DictReader(file)]
    assert len(codes) == 20_000
    refused = []
    for code in codes:
        try:
            check_credit_code(code)
        except InputError:
            refused.append(code)
    assert len(refused) == 9
    for code in refused:
        assert check_credit_code(code, lenient=True) == code.upper()
