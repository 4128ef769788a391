"""Characters for degraded addresses: common ones, those that sound alike, those that must stay."""

from functools import cache

KEPT = frozenset("零一二三四五六七八九十百东南西北中上下新旧老大小前后左右路街道巷区坊村")


@cache
def common_characters() -> str:
    """The 3,755 characters of GB 2312's first level."""
    return "".join(
        bytes([row, cell]).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if not (row == 0xD7 and cell > 0xF9)
    )


@cache
def homophones() -> dict[str, str]:
    """Common characters that sound like each, tones aside."""
    from pypinyin import Style, lazy_pinyin

    by_sound: dict[str, list[str]] = {}
    sounds = {c: lazy_pinyin(c, style=Style.NORMAL)[0] for c in common_characters()}
    for c, sound in sounds.items():
        by_sound.setdefault(sound, []).append(c)
    kept = {
        c: "".join(o for o in by_sound[s] if o != c and o not in KEPT) for c, s in sounds.items()
    }
    return {c: alike for c, alike in kept.items() if alike}
