"""Chinese numerals as they stand in addresses, to and from digits."""

NUMERALS = "一二三四五六七八九十百零〇两廿壹贰叁肆伍陆柒捌玖拾"

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
}
_DIGIT["两"] = 2
_HAN = "零一二三四五六七八九"
_TEN = {"十": 10, "拾": 10, "百": 100}


def to_number(text: str) -> int | None:
    """The value of a run of numerals (二十三 → 23, 一〇八 → 108); None if it is none, as 百十.

    Without 十 or 百 the run is read digit by digit, as doors are spoken: 五零二 is 502.
    """
    if not any(c in _TEN or c == "廿" for c in text):
        if not text or any(c not in _DIGIT for c in text):
            return None
        return int("".join(str(_DIGIT[c]) for c in text))
    return _counted(text)


def _counted(text: str) -> int | None:
    total, digit, last_unit = 0, -1, 1000
    for place, c in enumerate(text):
        if c == "廿":
            if place:
                return None
            total, last_unit = 20, 10
        elif c in _TEN:
            unit = _TEN[c]
            if unit >= last_unit or (digit < 0 and unit == 100):
                return None
            total += unit * (1 if digit < 0 else digit)
            digit, last_unit = -1, unit
        elif _DIGIT[c] == 0:
            if digit >= 0:
                return None
        else:
            if digit >= 0:
                return None
            digit = _DIGIT[c]
    return total + max(digit, 0)


def to_han(number: int) -> str:
    """A number below 100 as it stands in names: 12 → 十二."""
    if not 0 <= number < 100:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _HAN[ones]
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")
