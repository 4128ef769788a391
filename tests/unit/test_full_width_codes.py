"""Codes typed on a Chinese keyboard, in full-width digits and letters, are read by the lenient."""

from collections.abc import Callable

import pytest

from blockdata.errors import InputError
from blockdata.identifiers import check_citizen_number, check_credit_code

CODES: list[tuple[Callable[..., str], str]] = [
    (check_citizen_number, "11010519491231002X"),
    (check_credit_code, "91350100M000100Y43"),
]


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


@pytest.mark.parametrize(("check", "code"), CODES)
def test_full_width_codes_are_mended(check: Callable[..., str], code: str) -> None:
    assert check(full_width(code), lenient=True) == code
    assert check(full_width(code.lower()), lenient=True) == code
    assert check(f"\u3000{code[:6]}{full_width(code[6:])}\u3000", lenient=True) == code


@pytest.mark.parametrize(("check", "code"), CODES)
def test_the_strict_reader_refuses_them(check: Callable[..., str], code: str) -> None:
    for written in (full_width(code), f"{full_width(code[0])}{code[1:]}"):
        with pytest.raises(InputError):
            check(written)


@pytest.mark.parametrize(("check", "code"), CODES)
def test_a_wrong_digit_stays_wrong(check: Callable[..., str], code: str) -> None:
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    with pytest.raises(InputError, match=r"校验位|check digit"):
        check(full_width(wrong), lenient=True)
