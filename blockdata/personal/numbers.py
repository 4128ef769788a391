"""Details that are numbers or codes: telephones, documents, cards, plates, accounts, e-mail.

Forms come from the numbering plan (mobile 1[3-9] and 11 digits; area codes 010, 02x, 0[3-9]xx),
GB 11643 (citizen numbers), GA 36 (plates) and ISO/IEC 7812 (cards, check digit by Luhn).

What tells a telephone number from a number of an address: its length and first digits, and that
addresses group digits otherwise. A number that is named as a code (编号, 灯杆 …) or counted as a
door (…号, …室) is left alone.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

import stdnum.luhn

from blockdata.errors import InputError
from blockdata.identifiers import check_credit_code
from blockdata.personal.kinds import Finding, Kind

# One of these is in every text that holds a detail; the rest of the work is skipped without.
_HINTS = re.compile(
    r"\d(?:[\s\-—–_.·()*/|,，、]{0,3}\d){6}|[零〇○一二三四五六七八九幺两]{7}|\*{3}|@"
    r"|[A-Za-z][\s·•.\-]?[A-Za-z0-9]{4}|尾号|后[四六]位|分机|话|手机|座机|固话|号码|来电|致电|拨打|回电"
    r"|热线|联系|卡|[账帐户]|证|护照|信|支付宝|钉钉|抖音|[Qq][Qq]|先生|女士|小姐|太太|师傅|阿姨|大[爷妈叔姐哥]"
    r"|家里?$|\d[室房号栋幢楼层座户铺档元]?\s?[,，、;；:：\s]\s?[\u3400-\u9fff]{2,4}(?:$|[,，、;；。])"
    r"|老[师板人]|医生|经理|叔叔|伯伯|奶奶|爷爷|婆婆|同志|警官|找|叫|是|收|人|名|[业房租失机]主|房东|租客"
    r"|房客|家属|[患伤]者|楼长|网格员"
)
_GAP = r"[\s\-—–_.·]{1,3}"
_MOBILE = (
    rf"1[3-9]\d(?:\d{{8}}|{_GAP}\d{{4}}{_GAP}\d{{4}}|{_GAP}\d{{8}}|\d{{4}}{_GAP}\d{{4}}"
    r"|\*{4}\d{4})"
)
# Other groups are a number only where no more digits stand around: 1302 and 1313-1314 are doors.
_ODD_MOBILE = (
    rf"(?<!\d[\s\-—–])1[3-9](?:\d{_GAP}\d{{3}}{_GAP}\d{{5}}|\d\d{_GAP}(?:\d{{4}}{_GAP}\d{{3}}|\d{{3}}{_GAP}\d{{4}}"
    rf"|\d{{7}})|\d{{3}}{_GAP}\d{{6}})(?!{_GAP}\d)|1{_GAP}[3-9](?:{_GAP}\d){{9}}"
    r"|1(?:[*/,，、|]{1,2}[3-9])(?:[*/,，、|]{1,2}\d){9}"
)
_EXTENSION = r"(?:\s*(?:转|分机号?|(?i:ext)\.?|#|-|—)\s*(?:分机号?)?[:：]?\s*\d{1,6})?"
_LANDLINE = (
    r"[(（]?0(?:(?:10|2\d)[)）]?[\s\-—–]{0,3}[2-9]\d{3}[\s\-—–]?\d{4}"
    r"|[3-9]\d{2}[)）]?[\s\-—–]{0,3}[2-9]\d{2,3}[\s\-—–]?\d{4})" + _EXTENSION
)
_PHONE_WORD = (
    r"(?:联系电话|联系方式|手机号?码?|电话号?码?|座机号?码?|固话|移动电话|号码|来电|致电|拨打|回电|热线"
    r"|(?i:(?<![a-z])(?:tel|phone|mobile|cell)\.?))"
)
_LINK = r"[\s:：是为,，、()（）]{0,3}"
_CODE_WORD = re.compile(
    r"(?:编码|编号|代码|[灯线]杆|门牌号?|[宗图地]号|[工运订单合][单同]号?|[单户表]号|[二条]维?码|标识码|栋码)"
    r"[:：#\s]*[A-Za-z\-]*$"
)
_NEAR = 20  # how far before a number the word may stand that names it
_COUNTED = re.compile(r"(?:号(?![码主])|[栋幢座室房层楼铺]|单元)")
_DAY = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|99)"
_DOCUMENT_WORD = (
    r"(?:居民身份证|身份证|公民身份|身份)(?:证?件?号?码?)|护照号?码?|[通居]?[行住]证号?码?|[台港澳]胞?证号?码?"
    r"|驾驶?证号?码?|(?<![a-zA-Z])(?i:id)(?:号码?|\s*no\.?)?"
)
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@cache
def _rules() -> tuple[tuple[Kind, re.Pattern[str], Callable[[str, re.Match[str]], bool]], ...]:
    """Kind, pattern of the detail with the words that name it, and a last look."""
    return (
        (
            "email",
            re.compile(
                r"[A-Za-z0-9][\w.+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
            ),
            _yes,
        ),
        (
            "citizen_number",
            re.compile(rf"(?:{_DOCUMENT_WORD}){_LINK}[A-Za-z]{{0,3}}[\dxX*×]{{6,20}}"),
            _yes,
        ),
        (
            "citizen_number",
            re.compile(
                rf"(?<![\dA-Za-z])(?:(?:{_DOCUMENT_WORD}){_LINK})?"
                rf"(?:[1-9]\d{{5}}[\s\-]?{_DAY}[\s\-]?\d{{3}}[\dxX×*]|\d{{17}}[\dxX×]"
                rf"|{_PROVINCE}\d{{4}}\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}"
                rf"|[1-9]\d{{3,5}}\*{{4,}}[\dxX]{{2,4}})(?![\dA-Za-z])"
            ),
            _is_no_credit_code,
        ),
        (
            "citizen_number",
            re.compile(rf"(?:{_DOCUMENT_WORD})(?:尾号|后[四六]位){_LINK}[\dxX]{{3,6}}"),
            _yes,
        ),
        (
            "bank_card",
            re.compile(
                rf"(?:银行卡|[储信]蓄?用?卡|卡号|[账帐]号|户头)号?码?{_LINK}\d(?:[\s\-]?\d){{7,20}}"
            ),
            _yes,
        ),
        (
            "bank_card",
            re.compile(
                r"(?<![\dA-Za-z.])(?:\d{16,17}|\d{19}|\d{4}(?:[\s\-]\d{4}){3}(?:[\s\-]?\d{3})?)(?!\d)"
            ),
            _is_card,
        ),
        (
            "account",
            re.compile(
                rf"(?:微信|薇信|威信|[Vv]信|支付宝|钉钉|抖音|(?i:wechat|weixin)|(?i:(?<![a-z])[wv]x(?=[\s:：号])))"
                rf"(?:号|账号|同号)?{_LINK}(?:[A-Za-z][\w\-]{{5,19}}|\d{{5,12}}|1[3-9]\d{{9}})"
            ),
            _yes,
        ),
        (
            "account",
            re.compile(rf"(?i:(?<![a-z])qq)(?:号码?|群|账号)?{_LINK}[1-9]\d{{4,10}}(?!\d)"),
            _yes,
        ),
        (
            "plate",
            re.compile(
                rf"(?:车牌号?码?{_LINK})?(?<![A-Za-z])[{_PLATES}][A-HJ-NP-Z][\s·•.\-]?"
                r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳使领](?![A-Za-z0-9])"
            ),
            _is_plate,
        ),
        (
            "phone",
            re.compile(
                rf"(?:{_PHONE_WORD}{_LINK})?(?:(?:\+|(?<!\d)00)\s?86[\s\-]?|(?<!\d)86[\s\-]?|(?<!\d)0)?"
                rf"(?<!\d\.)(?:(?<!\d)|(?<=86)|(?<=\D0)|(?<=^0))(?:{_MOBILE}|{_ODD_MOBILE})(?!\d){_EXTENSION}"
            ),
            _is_no_code,
        ),
        (
            "phone",
            re.compile(
                rf"(?:{_PHONE_WORD}{_LINK})?(?:\+?86[\s\-]?)?(?<![\dA-Za-z.])(?:{_LANDLINE})(?!\d)"
            ),
            _is_no_code,
        ),
        (
            "phone",
            re.compile(rf"{_PHONE_WORD}{_LINK}[+(（]?\d(?:[\s\-()（）]?\d){{5,14}}{_EXTENSION}"),
            _yes,
        ),
        ("phone", re.compile(rf"{_PHONE_WORD}(?:尾号|后四位){_LINK}\d{{3,6}}"), _yes),
        ("phone", re.compile(r"\+[1-9]\d{0,2}[\s\-]?\d(?:[\s\-]?\d){6,12}"), _yes),
        ("phone", re.compile(r"分机号?[:：\s]*\d{2,6}"), _yes),
    )


def may_hold_any(plain: str) -> bool:
    """Whether a folded text may hold a personal detail at all; quickly said."""
    return _HINTS.search(plain) is not None


def find_numbers(plain: str) -> list[Finding]:
    """The details of a folded text that are numbers or codes; they may overlap."""
    found = [
        Finding(kind, *match.span())
        for kind, pattern, holds in _rules()
        for match in pattern.finditer(plain)
        if holds(plain, match)
    ]
    return [*found, *_spelt_out(plain)]


_SPOKEN = str.maketrans("零〇○一二三四五六七八九幺两", "000" + "1234567891" + "2")
_SPOKEN_DIGITS = "零〇○一二三四五六七八九幺两"
_SPOKEN_RUN = re.compile(
    rf"(?<![{_SPOKEN_DIGITS}\d])(?=(?P<it>(?:[{_SPOKEN_DIGITS}\d][\s\-]?){{10}}[{_SPOKEN_DIGITS}\d]))"
)
_SPOKEN_MOBILE = re.compile(r"1[3-9]\d{9}")


def _spelt_out(plain: str) -> Iterator[Finding]:
    """Mobile numbers in Chinese numerals: 幺三八零零一三八零零零."""
    for run in _SPOKEN_RUN.finditer(plain):
        digits = re.sub(r"\D", "", run["it"].translate(_SPOKEN))
        if set(run["it"]) & set(_SPOKEN_DIGITS) and _SPOKEN_MOBILE.fullmatch(digits):
            yield Finding("phone", *run.span("it"))


def _yes(_plain: str, _match: re.Match[str]) -> bool:
    return True


def _is_no_credit_code(_plain: str, match: re.Match[str]) -> bool:
    try:
        check_credit_code(match[0])
    except InputError:
        return True
    return False


def _is_card(plain: str, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    issued = digits.startswith(("62", "9558", "60")) or (len(digits) == 16 and digits[0] in "345")
    return issued and stdnum.luhn.is_valid(digits) and not _named_a_code(plain, match)


def _is_no_code(plain: str, match: re.Match[str]) -> bool:
    before = plain[max(0, match.start() - 1) : match.start()]
    if not match[0][0].isdigit() and match[0][0] not in "+(（":  # its own words say what it is
        return True
    if _named_a_code(plain, match) or (before.isascii() and before.isalpha()):
        return False
    return _COUNTED.match(plain, match.end()) is None


def _named_a_code(plain: str, match: re.Match[str]) -> bool:
    near = plain[max(0, match.start() - _NEAR) : match.start()]
    return _CODE_WORD.search(near) is not None


def _is_plate(plain: str, match: re.Match[str]) -> bool:
    """A plate stands by itself or is called one; 创新B10203室 is no plate."""
    named = match[0][0] in "车牌"
    before = plain[match.start() - 1 : match.start()] if match.start() else ""
    alone = not before or not "\u4e00" <= before <= "\u9fff" or before in "车牌号为是辆的开驾有"
    counted = _COUNTED.match(plain, match.end())
    has_digit = any(c.isdigit() for c in match[0])
    return has_digit and (named or (alone and counted is None))
