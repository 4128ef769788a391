"""Codes with one right answer: house codes, citizen numbers and unified social credit codes.

Sources: the Shenzhen unified address rule of 2017 (25-digit house code), GB 11643-1999 (citizen
number, ISO 7064 MOD 11-2), GB 32100-2015 (credit code) and GB 11714-1997 (the organisation code
inside it). python-stdnum has the arithmetic of single numbers; the checks that it leaves out
(area 999, the inner digit) and the same arithmetic for millions at a time stand here.
"""

import unicodedata
from datetime import date
from typing import NamedTuple

import numpy as np
import stdnum.cn.ric
import stdnum.cn.uscc
from numpy.typing import ArrayLike, NDArray

from blockdata.errors import InputError
from blockdata.text import Text

STREET_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS, BUILDING_DIGITS, ROOM_DIGITS = 9, 12, 14, 19, 25

SYNTHETIC_AREA_PREFIX = "999"
"""Area prefix of made-up citizen numbers: no such area exists, so no real person has one."""
SYNTHETIC_REGISTRAR = "999999"
"""Registration district of made-up credit codes: no such district exists."""

_HOUSE_PARTS = (2, 2, 2, 3, 3, 2, 5, 6)
_HOUSE_LENGTHS = (STREET_DIGITS, COMMUNITY_DIGITS, GRID_DIGITS, BUILDING_DIGITS, ROOM_DIGITS)
_CITIZEN_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CITIZEN_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)])
_CREDIT_CHECKS = np.frombuffer(_CREDIT_ALPHABET.encode(), dtype=np.uint8)
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ORGANISATION_CHECKS = np.frombuffer(b"0123456789X", dtype=np.uint8)
_ZERO = ord("0")

Bytes = NDArray[np.bytes_]


class HouseCode(NamedTuple):
    """The parts of a house code, each as digits; shorter codes leave the later parts empty.

    A code is a label, not a key: grids are redrawn, and a label can be given again. It is always
    text, because 25 digits overflow an int64 and lose digits in a spreadsheet.
    """

    province: str
    city: str
    district: str
    street: str
    community: str = ""
    grid: str = ""
    building: str = ""
    room: str = ""

    def __str__(self) -> str:
        return "".join(self)

    @property
    def grid_code(self) -> str | None:
        """The first 14 digits, which name the grid; None where the code stops before."""
        return str(self)[:GRID_DIGITS] if self.grid else None

    @property
    def building_code(self) -> str | None:
        """The first 19 digits, which name the building; None where the code stops before."""
        return str(self)[:BUILDING_DIGITS] if self.building else None


def parse_house_code(text: str) -> HouseCode:
    """Split a code of 9 (street), 12 (community), 14 (grid), 19 (building) or 25 (room) digits.

    Raises:
        InputError: another length, or anything but digits 0-9.
    """
    code = text.strip()
    if not (code.isascii() and code.isdigit()):
        raise _wrong_code(text, Text("只能是数字 0-9", "it may hold digits 0-9 only"))
    if len(code) not in _HOUSE_LENGTHS:
        raise _wrong_code(
            text,
            Text(
                f"有 {len(code)} 位,应为 9、12、14、19 或 25 位",
                f"it has {len(code)} digits, not 9, 12, 14, 19 or 25",
            ),
        )
    parts, at = [], 0
    for width in _HOUSE_PARTS:
        parts.append(code[at : at + width])
        at += width
    return HouseCode(*parts)


def _wrong_code(text: str, why: Text) -> InputError:
    return InputError(
        Text(f"编码“{text}”有误:{why.zh}", f"the code {text!r} is wrong: {why.en}"),
        field="code",
        cure=Text(
            "给出完整编码,并按文本保存(表格软件会丢失末尾数字)",
            "give the whole code, kept as text (spreadsheets lose its last digits)",
        ),
    )


def numbered_codes(parents: ArrayLike, numbers: ArrayLike, digits: int) -> Bytes:
    """Codes one level down: each parent's code with a number of ``digits`` digits behind it.

    Args:
        parents: (n,) bytes or ASCII text, all of one length.
        numbers: (n,) integers below ``10**digits``.
        digits: width of the new part, zero-filled.

    Returns:
        (n,) bytes of the parents' length plus ``digits``.
    """
    head = np.asarray(parents).astype(np.bytes_)
    if head.size == 0:
        return np.empty(0, dtype=f"S{digits}")
    return _joined(_characters(head), _digits(numbers, digits))


# --- citizen numbers (GB 11643) ---------------------------------------------------------------


def check_citizen_number(text: str, *, lenient: bool = False) -> str:
    """Check a citizen number's form, birth date and check digit; returns it.

    The area is not looked up: areas are abolished while their numbers live on, and made-up people
    use 999. ``lenient`` takes blanks around, full-width characters and a lower-case x, and returns
    the proper form. The same number is evidence of the same person, not proof: numbers have been
    shared.

    Raises:
        InputError: with what is wrong.
    """
    number = _mended(text) if lenient else text
    why: Text | None = None
    if len(number) != 18:
        why = Text(f"有 {len(number)} 位,应为 18 位", f"it has {len(number)} characters, not 18")
    elif not (number.isascii() and number[:17].isdigit()):
        why = Text("前 17 位应为数字", "its first 17 characters must be digits")
    elif not _is_date(number[6:14]):
        why = Text(f"没有 {number[6:14]} 这一天", f"there is no day {number[6:14]}")
    elif stdnum.cn.ric.calc_check_digit(number) != number[17]:
        why = Text("校验位不符", "its check digit does not fit")
    if why is not None:
        raise InputError(
            Text(f"身份号码有误:{why.zh}", f"the citizen number is wrong: {why.en}"),
            field="citizen_number",
            cure=Text("对照证件核对", "compare it with the card"),
        )
    return number


def _mended(text: str) -> str:
    """The code as it should have been written: half-width (１２３ is 123), capitals, no blanks."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def synthetic_citizen_numbers(
    region: int, birth_dates: NDArray[np.datetime64], sequence: ArrayLike
) -> Bytes:
    """Citizen numbers that no real person can have, with right check digits.

    Args:
        region: 0-999, behind the prefix 999 (the demo district gives each community its own).
        birth_dates: (n,) datetime64[D].
        sequence: (n,) 0-999; odd for men, even for women.

    Returns:
        (n,) bytes of 18 characters.
    """
    area = np.full(birth_dates.shape, int(SYNTHETIC_AREA_PREFIX) * 1000 + region)
    year = birth_dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = birth_dates.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    day = (birth_dates - months).astype(np.int64) + 1
    born = year * 10_000 + month * 100 + day
    body = np.concatenate([_digits(area, 6), _digits(born, 8), _digits(sequence, 3)], axis=1)
    remainder = (body.astype(np.int64) - _ZERO) @ _CITIZEN_WEIGHTS % 11
    return _joined(body, _CITIZEN_CHECKS[remainder][:, None])


# --- unified social credit codes (GB 32100, GB 11714) ------------------------------------------


def check_credit_code(text: str, *, lenient: bool = False) -> str:
    """Check a unified social credit code with its outer and its inner check digit; returns it.

    ``lenient`` takes blanks around, full-width characters and lower-case letters, and returns the
    proper form.

    Raises:
        InputError: with what is wrong.
    """
    code = _mended(text) if lenient else text
    why: Text | None = None
    if len(code) != 18:
        why = Text(f"有 {len(code)} 位,应为 18 位", f"it has {len(code)} characters, not 18")
    elif any(c not in _CREDIT_ALPHABET for c in code):
        why = Text("含有不允许的字符", "it holds a character that is not allowed")
    elif not code[2:8].isdigit():
        why = Text("登记机关区划码应为数字", "its registration district must be digits")
    elif stdnum.cn.uscc.calc_check_digit(code) != code[17]:
        why = Text("校验位不符", "its check digit does not fit")
    elif _organisation_check(code[8:16]) != code[16]:
        why = Text("主体标识码校验位不符", "the check digit of its organisation code does not fit")
    if why is not None:
        raise InputError(
            Text(f"统一社会信用代码有误:{why.zh}", f"the credit code is wrong: {why.en}"),
            field="credit_code",
            cure=Text("对照营业执照核对", "compare it with the licence"),
        )
    return code


def _organisation_check(body: str) -> str:
    """The check character of an organisation code (GB 11714), where A is 10 … Z is 35."""
    total = sum(int(c, 36) * int(w) for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def synthetic_credit_codes(prefix: ArrayLike, organisation: ArrayLike) -> Bytes:
    """Credit codes that no real body can have (registration district 999999), with right checks.

    Args:
        prefix: (n,) two ASCII characters: registrar and kind of body, as in ``91`` or ``92``.
        organisation: (n,) integers below 10**8, each used once.

    Returns:
        (n,) bytes of 18 characters.
    """
    head = _characters(np.asarray(prefix).astype("S2"))
    registrar = _digits(np.full(head.shape[0], int(SYNTHETIC_REGISTRAR)), 6)
    body = _digits(organisation, 8)
    inner = -((body.astype(np.int64) - _ZERO) @ _ORGANISATION_WEIGHTS) % 11
    coded = np.concatenate([head, registrar, body, _ORGANISATION_CHECKS[inner][:, None]], axis=1)
    outer = -(_credit_values(coded) @ _CREDIT_WEIGHTS) % 31
    return _joined(coded, _CREDIT_CHECKS[outer][:, None])


def _credit_values(characters: NDArray[np.uint8]) -> NDArray[np.int64]:
    values = np.zeros(256, dtype=np.int64)
    values[_CREDIT_CHECKS] = np.arange(len(_CREDIT_ALPHABET))
    return values[characters]


# --- digits as (n, width) matrices of ASCII bytes ----------------------------------------------


def _digits(numbers: ArrayLike, width: int) -> NDArray[np.uint8]:
    values = np.asarray(numbers, dtype=np.int64)
    if values.size and (values.min() < 0 or values.max() >= 10**width):
        raise ValueError(f"a number does not fit in {width} digits")
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values[:, None] // powers % 10 + _ZERO).astype(np.uint8)


def _characters(codes: Bytes) -> NDArray[np.uint8]:
    return np.ascontiguousarray(codes).view(np.uint8).reshape(codes.size, codes.dtype.itemsize)


def _joined(*parts: NDArray[np.uint8]) -> Bytes:
    whole = np.ascontiguousarray(np.concatenate(parts, axis=1))
    return whole.view(f"S{whole.shape[1]}").ravel()
