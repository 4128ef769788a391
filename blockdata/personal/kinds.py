"""What counts as a personal detail."""

from typing import Literal, NamedTuple

from blockdata.text import Text

Kind = Literal["phone", "citizen_number", "name", "email", "plate", "account", "bank_card"]

KINDS: dict[Kind, Text] = {
    "phone": Text("电话号码", "telephone number"),
    "citizen_number": Text("证件号码", "number of an identity document"),
    "name": Text("姓名", "name of a person"),
    "email": Text("电子邮箱", "e-mail address"),
    "plate": Text("车牌号", "number plate"),
    "account": Text("微信、QQ 等账号", "account of a messenger"),
    "bank_card": Text("银行卡号", "bank card number"),
}


class Finding(NamedTuple):
    """One detail: its kind, and where it begins and ends in the text."""

    kind: Kind
    start: int
    end: int
