"""Names of people, told by the words around them and by family names.

Nothing but context tells a name from a road or an estate: 王先生, 联系人张三, 李四 beside a telephone
number. A word that ends like a place (管理处, 黄田村), or that is one (石岩), is none.
"""

import re
from collections.abc import Iterator

from blockdata.personal.kinds import Finding
from blockdata.personal.places import is_community, is_division

# The family names that most people bear (more than nine in ten), and others that are met with.
# Left out where an address is full of the character: 区, 房, 路, 边, 单.
_COMMON = (
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余"
    "潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_OTHERS = (
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费"
    "纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄包司柏宁柯阮桂闵解强柴华冉辜吉饶刁瞿戚丘古米池滕晋"
    "苑邬臧畅苟全褚廉简娄盖符奚木穆燕郎邸冀谈姬屠郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽练仲乐"
    "虞卞封竺冼麦佘利骆肖闫"
)
_COMPOUND = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|长孙|端木|轩辕|宇文|申屠"
_HAN = "\u3400-\u9fff"
_SUR = f"(?:{_COMPOUND}|[{_COMMON}{_OTHERS}])"
_NAME = f"(?:{_SUR}[{_HAN}]{{1,2}}?)"
_HOME = "家(?![电具居装政常乡园私纺庭用])"
# What may follow a name: nothing, no Han character, or a word that goes on about the person.
_END = (
    rf"(?=$|[^{_HAN}]|电话|手机|座机|固话|联系|号码|微信|身份|先生|女士|小姐|师傅|收(?![{_HAN}])|签收|的|{_HOME}"
    r"|住|在|来电|称|说|报|求|要|接|已|反映|投诉)"
)
_PLACE_END = "路街道巷村社区园苑厦楼栋座室号厂店铺馆院校站坊湾围岗处部所门口市场寺庙塔桥庭府邸局房库档里头山居厅台"
_PERHAPS_PLACE_END = _PLACE_END + "城井湖田岩埔涌河屋塘坑沙洲岛县镇乡"
_FIRM_END = "司团行业队会委办谢备回征税验代"
_SURE_LABEL = (
    "联系人|收件人|收货人|寄件人|发件人|报警人|报案人|来电人|求助人|求救人|举报人|投诉人|当事人|失主|姓名|机主|联络人|经办人"
    "|受害人|嫌疑人|监护人|法定代表人|法人代表|签收人|取件人|提货人|申请人|反映人|诉求人|承租人|责任人|负责人|拨打人|被困人"
)
_LABEL = f"{_SURE_LABEL}|户主|业主|房东|房主|租户|租客|租住人|住户|房客|家属|患者|病人|伤者|老人|本人|名字|楼长|网格员"
_LATIN = r"[A-Za-z][A-Za-z.'’\-]{1,20}(?:\s[A-Z][A-Za-z.'’\-]{0,20}){0,3}"
_HONORIFIC = (
    "先生|女士|小姐|太太|阿姨|大爷|大妈|大叔|大姐|大哥|叔叔|奶奶|爷爷|婆婆|伯伯|师傅|老师|医生|老板|经理|同志|警官|老人家"
)
_AFTER_HONORIFIC = rf"(?=$|[^{_HAN}]|[的住在电手说来要称报联接收签已反投求和与及]|{_HOME})"
_ROLES = frozenset(
    "管家 时间 方便 高层 方向 向前 向后 马上 时候 万一 常住 连接 商户 计划 全部 花费 简单 强烈 成年 关于 关闭 严重 牛肉 "
    "马路 白天 白色 高温 于是 安全 平安 古树 华为 温泉 黄色 金色 位于 经过 解决 查看 都是 都在 全是 左边 左侧 左转 高速 "
    "时代 白云 金融 石化 康复 卫生 常年 强行 谢谢 管理 金额 黄金 熊猫".split()
)

_LABELLED = re.compile(
    rf"(?:{_LABEL})(?:是|叫|为|姓名)?\s?[:：]\s?(?P<it>[{_HAN}]{{2,4}}?(?:·[{_HAN}]{{1,8}})?{_END}|{_LATIN}"
    rf"|{_SUR}[{_HAN}])"
)
_BESIDE_LABEL = re.compile(rf"(?:{_LABEL})(?:是|叫|为)?[\s,，]?(?P<it>{_NAME}){_END}")
# Where an address begins right behind it, a name of three keeps its last character: 联系人张三海裕花园
# and 联系人张三明海裕花园 cannot be told apart, and the address matters.
_SURELY_LABELLED = re.compile(rf"(?:{_SURE_LABEL})(?:是|叫|为)?\s?(?P<it>{_SUR}[{_HAN}])")
_SAID = re.compile(
    rf"(?:(?:我|本人)(?:是|叫)|[他她人]叫做?|名叫|(?<![{_HAN}])叫|找(?:一下|下)?|(?<![{_HAN}])是)"
    rf"(?P<it>{_NAME}){_END}"
)
_TITLED = re.compile(rf"(?:{_HONORIFIC}){_AFTER_HONORIFIC}")
_TITLE_FIRST = re.compile(rf"(?:先生|女士|小姐|太太)[:：\s]*(?P<it>{_NAME}){_END}")
_RECEIVER = re.compile(rf"(?P<it>[{_COMMON}][{_HAN}]{{1,2}})收(?=[^{_HAN}]|$)")  # 刘莹收
# Before a name: nothing, a mark, the end of an address, a word that brings it.
_BOUNDARY = re.compile(
    rf"(?:^|[^{_HAN}]|[{_PLACE_END}]|[是叫找名人主东户客属者给向由和与]|单元|附近|对面|旁边?|里面|内)$"
)
_DOORS = "室房号栋幢楼层座户铺档元"
_NEAR = 20  # how far before a number its name may begin
_BETWEEN = r"[\s,，、:：()（）/|\-]*"
_MARK = rf"^|[^{_HAN}·]|(?<=[{_DOORS}])"
_BEFORE_NUMBER = re.compile(
    rf"(?P<label>(?:{_LABEL}){_BETWEEN})?(?:(?P<mark>{_MARK})|(?<=[{_PLACE_END}镇乡县城]))"
    rf"(?P<it>{_SUR}[{_HAN}]{{1,2}}?)收?{_BETWEEN}$"
)
_AFTER_NUMBER = re.compile(
    rf"{_BETWEEN}(?:[(（]?)(?P<it>{_SUR}[{_HAN}]{{1,2}})(?=收?(?:$|[^{_HAN}·]))"
)


def find_names(plain: str, numbers: list[Finding]) -> list[Finding]:
    """The names in a folded text; ``numbers`` are its details that are numbers."""
    found = []
    for pattern in (_LABELLED, _BESIDE_LABEL, _SURELY_LABELLED, _SAID, _TITLE_FIRST, _RECEIVER):
        sure = pattern in (_LABELLED, _SURELY_LABELLED)
        for match in pattern.finditer(plain):
            if _is_name(match["it"], sure=sure):
                end = match.end() if pattern is _RECEIVER else match.end("it")
                found.append(Finding("name", match.start(), end))
    found += _titled(plain)
    for number in numbers:
        if number.kind != "plate":
            found += _beside(plain, number)
    return found


def _titled(plain: str) -> Iterator[Finding]:
    """王小明先生: the name begins at a boundary, else as far off as a common family name does."""
    for title in _TITLED.finditer(plain):
        at = title.start()
        starts = [
            begin
            for begin in range(max(0, at - 4), at)
            if re.fullmatch(f"{_SUR}[{_HAN}]{{0,2}}", plain[begin:at])
        ]
        named = [begin for begin in starts if not is_division(plain[begin : begin + 2])]
        clear = [begin for begin in named if _ends_a_word(plain[:begin])]
        common = [begin for begin in named if plain[begin] in _COMMON]
        for begin in (clear or common or named)[:1]:
            yield Finding("name", begin, title.end())


def _ends_a_word(before: str) -> bool:
    """Whether a name may begin behind these words."""
    return bool(_BOUNDARY.search(before)) or is_division(before[-2:])


def _beside(plain: str, number: Finding) -> Iterator[Finding]:
    """李四 13800138000, or the other way round."""
    near = max(0, number.start - _NEAR)
    before = _BEFORE_NUMBER.search(plain[near : number.start])
    if before and _stands_alone(before["it"], marked=before["mark"] is not None):
        begins = before.start("label" if before["label"] else "it")
        yield Finding("name", near + begins, number.start)
    after = _AFTER_NUMBER.match(plain, number.end)
    if after and _stands_alone(after["it"], marked=True):
        yield Finding("name", *after.span("it"))


def _stands_alone(words: str, *, marked: bool) -> bool:
    """Whether a word beside a number is a name: no place is called so.

    Behind a mark (a comma, the end of a door) only a division is a place; behind the name of a
    division or an estate it may be a village, and the family name must be a common one.
    """
    if not _is_name(words) or is_division(words):
        return False
    return marked or (words[0] in _COMMON and not is_community(words))


def _is_name(words: str, *, sure: bool = False) -> bool:
    """Whether a word that begins like a name is one: it is no role, and does not end as a place."""
    ends = _FIRM_END + (_PLACE_END if sure else _PERHAPS_PLACE_END)
    return words not in _ROLES and words[:2] not in _ROLES and words[-1] not in ends
