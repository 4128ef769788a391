"""Made-up addresses with their levels: the only text from which the parser's weights are learned.

An address is drawn level by level, names from a grammar of roots and endings (:mod:`.words`), from
the gazetteer of divisions and, for communities, from the statistics bureau's list of villages.
Nothing is taken from any corpus of real addresses.
"""

import random
from collections.abc import Callable, Sequence

from blockdata.address.parsing import words as w
from blockdata.address.parsing.gazetteer import Division, divisions, short_name

Piece = tuple[str, str]  # words, level

_DENSE = {"33": 8, "44": 8, "32": 5, "31": 3, "11": 3, "37": 3, "35": 3, "41": 2, "42": 2, "51": 2}


class Generator:
    """Draws addresses; the same seed and villages give the same ones."""

    def __init__(self, seed: int, villages: Sequence[str]) -> None:
        self.r = random.Random(seed)
        self.villages = villages
        self.cities: dict[str, str] = {}
        self.provinces: dict[str, str] = {}
        self.streets: dict[str, list[Division]] = {}
        self.districts: list[Division] = []
        for row in divisions():
            if row.level == "province":
                self.provinces[row.code[:2]] = row.name
            elif row.level == "city" and row.status == "current":
                self.cities[row.code[:4]] = row.name
            elif row.level == "district" and len(row.code) == 6:
                self.districts.append(row)
            elif row.level == "street":
                self.streets.setdefault(row.code[:6], []).append(row)
        self.here: list[str] = []
        self.weights = [
            _DENSE.get(d.code[:2], 1) * (2 if d.name.endswith(("区", "市")) else 1)
            * (1 if d.status == "current" else 0.4)
            for d in self.districts
        ]  # fmt: skip
        self.root_names = [
            short for d in divisions() if (short := short_name(d.level, d.name)) and len(short) == 2
        ]

    def chance(self, p: float) -> bool:
        return self.r.random() < p

    def one_of(self, *ways: tuple[float, Callable[[], str]]) -> str:
        """Draw one way by weight and take it."""
        return self.r.choices([f for _, f in ways], [p for p, _ in ways])[0]()

    # names ------------------------------------------------------------------

    def chars(self, pool: str, n: int) -> str:
        return "".join(self.r.choice(pool) for _ in range(n))

    def village_root(self) -> str:
        return self.r.choice(self.villages)

    def root(self) -> str:
        """A name's root: two to four characters."""
        r = self.r
        return self.one_of(
            (3, lambda: r.choice(w.FORTUNE) + r.choice(w.FORTUNE)),
            (2, lambda: r.choice(w.QUALITY) + r.choice(w.LANDSCAPE)),
            (2, lambda: r.choice(w.FORTUNE) + r.choice(w.LANDSCAPE)),
            (2, lambda: r.choice(w.LANDSCAPE) + r.choice(w.LANDSCAPE)),
            (2, lambda: r.choice(self.root_names)),
            (
                1.5,
                lambda: (
                    r.choice(w.SURNAMES) + r.choice("家庄村湾塘山桥店岭坑坪墩屯营寨集渡堡浦埭泾潭")
                ),
            ),
            (1.5, self.village_root),
            (1, lambda: r.choice(w.ROAD_NAMES)),
            (1, lambda: self.chars(w.POETIC, 2)),
            (0.7, lambda: self.chars(w.FORTUNE, 3)),
        )

    def road(self) -> str:
        r = self.r
        name = self.one_of(
            (5, lambda: r.choice(w.ROAD_NAMES)),
            (6, self.root),
            (1.2, lambda: r.choice(w.FORTUNE + w.LANDSCAPE) + r.choice(self.root_names)),
            (1.5, lambda: r.choice(self.root_names)),
            (0.5, lambda: self.village_root() + "村"),
        )
        end = r.choice(w.ROAD_ENDS)
        if end in ("路", "街", "大道", "巷", "弄") and self.chance(0.32):
            middle = r.choice(
                [
                    "东",
                    "西",
                    "南",
                    "北",
                    "中",
                    "一",
                    "二",
                    "三",
                    "四",
                    "五",
                    "六",
                    "七",
                    "八",
                    "十",
                    "十二",
                    "新",
                    "支",
                    "内",
                    "外",
                    "后",
                    "横",
                ]
            )
            name += middle
        if end == "公路" and self.chance(0.5):
            return r.choice(self.root_names)[:1] + r.choice(self.root_names)[:1] + end
        if self.chance(0.012):
            return f"{r.randint(100, 330)}{r.choice(['国道', '省道', '县道'])}"
        return name + end

    def estate(self) -> str:
        r = self.r
        name = self.one_of(
            (5, self.root),
            (
                1,
                lambda: (
                    r.choice(["中", "恒", "万", "保", "绿", "金", "碧", "龙"])
                    + r.choice("科大利城地海湖丰茂")
                    + self.root()
                ),
            ),
            (1.5, lambda: self.chars(w.POETIC, 2) + self.chars(w.POETIC, r.choice([0, 0, 1, 2]))),
            (0.8, self.village_root),
            (0.6, lambda: r.choice(w.ROAD_NAMES)),
            (0.4, lambda: r.choice(self.root_names) + self.root()),
            (0.9, lambda: self.local_name() + self.root() * self.chance(0.6)),
        )
        if self.chance(0.1):
            return self.chars(w.POETIC, 2) + self.chars(w.POETIC, 2)
        end = self.one_of(
            (5, lambda: r.choice(w.HOMES)),
            (2.2, lambda: r.choice(w.OFFICES)),
            (1.6, lambda: r.choice(w.PARKS)),
            (0.45, lambda: r.choice("一二三四五六七八九一二三123456东西南北中ABC") + "区"),
        )
        return name + end

    def firm(self) -> str:
        r = self.r
        name = ""
        if self.chance(0.35):
            name += self.local_name()
        if self.chance(0.07):
            name += r.choice(["浙江", "中国", "广东", "江苏", "上海", "四川", "山东", "福建"])
        name += self.one_of(
            (4, lambda: self.chars(w.FORTUNE, 2)),
            (2, lambda: self.chars(w.FORTUNE, 3)),
            (1, self.root),
            (0.6, lambda: self.chars(w.FORTUNE, 4)),
            (0.5, lambda: r.choice(w.SURNAMES) + "氏"),
        )
        end = r.choice(w.FIRMS)
        if self.chance(0.82) or not end:
            name += r.choice(w.INDUSTRIES)
        if end in ("分公司", "办事处"):
            end = "有限公司" * self.chance(0.5) + self.place_name() + end
        name += end
        if self.chance(0.05):
            name += r.choice(["仓库", "办公楼", "宿舍", "营业部", "(" + self.place_name() + ")"])
        return name

    def local_name(self) -> str:
        """The place at hand, whose name most things near it carry; now and then another."""
        if self.here and self.chance(0.7):
            return self.r.choice(self.here)
        return self.place_name()

    def place_name(self) -> str:
        d = self.r.choice(self.districts)
        city = self.cities.get(d.code[:4], d.name)
        name = self.r.choice([city, d.name])
        if self.chance(0.6):
            return short_name("city" if name == city else "district", name) or name
        return name

    def shop(self) -> str:
        r = self.r
        if self.chance(0.12):
            return r.choice(w.CHAINS) + ("(" + self.root() + "店)" if self.chance(0.15) else "")
        name = self.one_of(
            (4, lambda: self.chars(w.FORTUNE, r.choice([2, 2, 3]))),
            (2, self.root),
            (1, lambda: r.choice(["小", "老", "阿", "大"]) + r.choice(w.SURNAMES)),
            (1, lambda: r.choice(w.SURNAMES) + r.choice("记氏姐哥妈")),
            (1, lambda: self.chars(w.POETIC, r.choice([2, 3, 4]))),
            (1, lambda: r.choice(w.SURNAMES) + self.chars(w.FORTUNE, r.choice([1, 2]))),
            (0.4, lambda: self.letters(r.randint(2, 5))),
        )
        return name + (r.choice(w.SHOPS) if self.chance(0.9) else "")

    def institution(self) -> str:
        r = self.r
        name = self.one_of(
            (3, self.local_name),
            (3, self.root),
            (1, lambda: self.local_name() + self.root()),
            (1, lambda: r.choice(w.ROAD_NAMES)),
            (0.6, lambda: ""),
        )
        if self.chance(0.12):
            name += r.choice(
                ["第一", "第二", "第三", "第四", "第五", "第六", "第十", "市立", "区", "中心"]
            )
        name += r.choice(w.INSTITUTIONS)
        if self.chance(0.06):
            name += r.choice(
                [
                    "(" + self.root() + "校区)",
                    self.root() + "校区",
                    "分院",
                    "北校区",
                    "新院区",
                    "宿舍",
                    "老校区",
                ]
            )
        return name

    def market(self) -> str:
        return self.one_of(
            (6, self.root), (1, self.local_name), (1.5, lambda: self.local_name() + self.root()),
            (0.7, lambda: self.local_name() + self.r.choice(["国际", "东方", "中国", "新", "大", "浙江"])),
        ) + self.r.choice(w.MARKETS)  # fmt: skip

    def poi(self) -> str:
        return self.one_of(
            (4.5, self.estate), (2.2, self.firm), (1.6, self.shop), (1.8, self.institution),
            (1.1, self.market),
            (0.5, lambda: self.root() + self.r.choice(w.PARKS)),
            (0.5, self.root),
        )  # fmt: skip

    def letters(self, n: int) -> str:
        return self.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", n)

    # prefix -----------------------------------------------------------------

    def prefix(self, out: list[Piece]) -> None:
        r = self.r
        d = r.choices(self.districts, self.weights)[0]
        province = self.provinces.get(d.code[:2], "")
        municipality = province if province.endswith("市") else ""
        city = self.cities.get(d.code[:4], municipality)
        style = r.random()
        has_province = self.chance(0.48)
        has_city = bool(city) and self.chance(0.68 if has_province else 0.55)
        has_district = self.chance(0.72 if has_city else 0.6)
        if d.name.endswith("市") and has_city and self.chance(0.3):
            has_city = False  # county-level cities often stand without theirs
        short = 0.85 if style < 0.08 else 0.1
        names: list[Piece] = []
        if has_province and province and province != city:
            names.append((self.shorten("province", province, short), "province"))
        if has_city:
            names.append((self.shorten("city", city, short), "city"))
        if has_district:
            names.append((self.shorten("district", d.name, short), "district"))
        self.here = [
            self.shorten("city", city or d.name, 0.8),
            self.shorten("district", d.name, 0.8),
        ]
        self.repeat(names, out)
        if self.chance(0.015) and not out:
            out.insert(0, ("中国", "country"))
        if self.chance(0.06):
            zone = (
                self.root() if self.chance(0.6) else self.shorten("district", d.name, 0.9)
            ) + r.choice(w.ZONES)
            if self.chance(0.1):
                zone = r.choice(w.ZONES)
            out.append((zone, "zone"))
        if self.chance(0.46):
            street = self.street(d)
            self.here.append(self.shorten("street", street, 0.8))
            out.append((street, "street"))
            if self.chance(0.025):
                out.append((self.street(d), "street"))
            if self.chance(0.02) and len(out) > 1:
                out.insert(0, (street, "remark"))
        if not out and self.chance(0.7):
            out.append((self.shorten("district", d.name, 0.2), "district"))

    def repeat(self, names: list[Piece], out: list[Piece]) -> None:
        """Now and then the prefix, or another one, stands there twice."""
        if names and self.chance(0.06):
            wrong = [(t, "remark") for t, _ in names]
            if self.chance(0.5):
                d = self.r.choice(self.districts)
                wrong = [(self.provinces.get(d.code[:2], "广东省"), "remark"),
                         (self.cities.get(d.code[:4], "广州市"), "remark"), (d.name, "remark")]  # fmt: skip
                if self.chance(0.25):
                    wrong.insert(0, ("null", "remark"))
            elif self.chance(0.7):
                wrong = [(self.shorten("city", t, 0.9), "remark") for t, _ in names]
                out.extend(names + wrong)
                return
            out.extend(wrong + names if self.chance(0.6) else names + wrong)
        else:
            out.extend(names)

    def shorten(self, level: str, name: str, p: float) -> str:
        return (short_name(level, name) or name) if self.chance(p) else name

    def street(self, d: Division) -> str:
        r = self.r
        known = self.streets.get(d.code)
        if known and self.chance(0.72):
            return self.shorten("street", r.choice(known).name, 0.24)
        name = self.one_of(
            (2, self.root), (1, self.village_root), (1, lambda: r.choice(self.root_names))
        )
        return name + r.choice(
            ["镇", "镇", "街道", "街道", "乡", "街道办事处" if self.chance(0.2) else "街道"]
        )

    def community(self) -> str:
        r = self.r
        name = self.village_root() if self.chance(0.8) else self.root()
        return self.one_of(
            (10, lambda: name + "村"),
            (2.5, lambda: name + "社区"),
            (0.5, lambda: name + r.choice(["村委会", "居委会", "行政村", "自然村"])),
            (
                1.2,
                lambda: (
                    name
                    + r.choice(
                        [
                            "庄",
                            "屯",
                            "寨",
                            "湾",
                            "塘",
                            "岙",
                            "埭",
                            "浜",
                            "桥",
                            "桥头",
                            "宅",
                            "家",
                            "坑",
                            "岭",
                            "坞",
                            "头",
                        ]
                    )
                ),
            ),
            (1, lambda: name),
            (0.5, lambda: r.choice("上下前后东西南北") + name + "村"),
            (0.5, lambda: name + r.choice("一二三四东西南北") + "村"),
        )

    # numbers ----------------------------------------------------------------

    def small(self) -> int:
        return min(99, 1 + int(self.r.expovariate(0.12)))

    def door(self) -> str:
        r = self.r
        n = self.one_of(
            (5, lambda: str(r.randint(1, 300))), (3, lambda: str(r.randint(1, 2000))),
            (0.5, lambda: str(r.randint(1000, 9999))), (0.8, lambda: str(self.small())),
        )  # fmt: skip
        form = r.random()
        if form < 0.74:
            return n + "号"
        if form < 0.84:
            return n
        if form < 0.90:
            return f"{n}-{r.randint(1, 400)}" + ("号" if self.chance(0.8) else "")
        if form < 0.92:
            return (
                f"{n}号附{r.randint(1, 20)}号" if self.chance(0.5) else f"{n}号-{r.randint(1, 20)}"
            )
        if form < 0.94:
            return r.choice("一二三四五六七八九") + "号"
        if form < 0.96:
            return n + r.choice("ABC") + "号"
        if form < 0.975:
            return f"{n}、{r.randint(1, 400)}号"
        return r.choice(["甲", "乙", "东", "附", "新"]) + n + "号"

    def building(self) -> str:
        r = self.r
        n = self.one_of(
            (8, lambda: str(self.small())), (1.2, lambda: str(r.randint(50, 250))),
            (1.2, lambda: r.choice("ABCDEFG")), (0.6, lambda: r.choice("ABCDE") + str(r.randint(1, 20))),
            (0.9, lambda: r.choice("一二三四五六七八九十")), (0.2, lambda: f"{r.randint(1, 9)}、{r.randint(1, 9)}"),
        )  # fmt: skip
        return n + r.choice(
            ["栋"] * 5 + ["幢"] * 5 + ["号楼"] * 5 + ["座"] * 3 + ["#", "#楼", "栋楼", "号"]
        )

    def unit(self) -> str:
        r = self.r
        return self.one_of(
            (9, lambda: f"{r.randint(1, 9)}单元"), (2, lambda: f"{r.choice('一二三四五六')}单元"),
            (1, lambda: f"{r.randint(10, 20)}单元"), (0.5, lambda: f"{r.choice('甲乙丙AB')}单元"),
            (0.6, lambda: f"{r.randint(1, 12)}{r.choice(['梯', '门', '座', '号', '单'])}"),
        )  # fmt: skip

    def floor(self) -> str:
        r = self.r
        n = self.one_of(
            (5, lambda: str(r.randint(1, 9))), (3, lambda: str(r.randint(10, 99))),
            (4, lambda: r.choice("一二三四五六七八九十")), (0.3, lambda: f"{r.randint(1, 5)}-{r.randint(6, 9)}"),
            (0.3, lambda: r.choice(["负一", "B1", "-1", "首", "顶", "底", "地下一"])),
            (0.2, lambda: f"{r.randint(1, 5)}、{r.randint(6, 9)}"),
        )  # fmt: skip
        return n + r.choice(["楼"] * 7 + ["层"] * 5 + (["F"] if n.isdigit() else ["层"]))

    def room(self) -> str:
        r = self.r
        n = self.one_of(
            (7, lambda: f"{r.randint(1, 33)}{r.randint(1, 12):02d}"), (3, lambda: str(r.randint(100, 3999))),
            (1.2, lambda: f"{r.randint(1, 30)}{r.choice('ABCDEFGH')}"),
            (1.3, lambda: f"{r.choice('ABCDEFGH')}{r.randint(1, 2999)}"),
            (0.6, lambda: f"{r.randint(101, 2909)}-{r.randint(1, 12)}"), (0.3, lambda: str(self.small())),
            (0.3, lambda: f"{r.randint(1, 9)}{r.choice('ABCD')}{r.randint(1, 300)}"),
            (0.2, lambda: f"{r.randint(101, 2909)}{r.choice('、-至')}{r.randint(101, 2909)}"),
            (0.1, lambda: f"{r.randint(101, 2909)}{r.choice('ABC')}"),
        )  # fmt: skip
        return n + r.choice(["室"] * 7 + [""] * 7 + ["号"] * 2 + ["房", "房间", "铺", "户", "档"])

    # the rest ---------------------------------------------------------------

    def inside(self, out: list[Piece]) -> None:
        """Building, unit, floor, room, in words or joined by strokes (12-3-1001)."""
        r = self.r
        if self.chance(0.3):
            stroke = r.choice(["-"] * 12 + ["/", "、", "#", "栋", "幢"])
            first = r.choice(
                [
                    str(self.small()),
                    str(r.randint(1, 150)),
                    r.choice("ABCD") + str(self.small()),
                    r.choice("ABC"),
                ]
            )
            out.append((first + (stroke if stroke in "栋幢#" else ""), "building"))
            if stroke not in "栋幢#":
                out.append((stroke, "remark"))
            if self.chance(0.62):
                out += [
                    (str(min(self.small(), 19)) + ("单元" if self.chance(0.12) else ""), "unit"),
                    ("-", "remark"),
                ]
            out.append(
                (
                    self.room()
                    if self.chance(0.3)
                    else str(r.randint(1, 33))
                    + f"{r.randint(1, 12):02d}"
                    + "室" * self.chance(0.3),
                    "room",
                )
            )
            if self.chance(0.1):
                out.pop()
                if out[-1][0] == "-":
                    out.pop()
            return
        building = self.chance(0.75)
        if building:
            out.append((self.building(), "building"))
        if self.chance(0.4):
            out.append((self.unit(), "unit"))
        if self.chance(0.33):
            out.append((self.floor(), "floor"))
        if self.chance(0.68):
            if building and out[-1][1] == "building" and self.chance(0.16):
                out.append((f"{self.small()}号", "unit"))
                if self.chance(0.6):
                    return
            if building and out[-1][1] == "building" and self.chance(0.1):
                out.append((r.choice("-/、"), "remark"))
            out.append((self.room(), "room"))
            if self.chance(0.03):
                out.append((r.choice(["商铺", "店铺", "门面", "店面", "网点"]), "business"))

    def near(self, out: list[Piece]) -> None:
        r = self.r
        word = r.choice(w.NEAR)
        if self.chance(0.15):
            word = (
                r.choice(
                    ["东", "西", "南", "北", "往东", "往西", "往右", "往前", "向北", "直走", "往南"]
                )
                + str(r.choice([10, 20, 50, 100, 200, 300, 500]))
                + "米"
                + r.choice(["", "", "处", "左右"])
            )
        out.append((word, "landmark"))
        if self.chance(0.35):
            named = any(level == "poi" for _, level in out)
            out.append(
                (
                    self.one_of(
                        (2, self.shop), (1, self.firm), (1, self.estate), (1, self.institution)
                    ),
                    "subpoi" if named else "poi",
                )
            )

    def roads(self, out: list[Piece]) -> None:
        r = self.r
        out.append((self.road(), "road"))
        if self.chance(0.06):
            if self.chance(0.55):
                out.append(
                    (
                        r.choice(["与", "和", "与", "-", "/", "近", "靠"]),
                        "landmark" if self.chance(0.9) else "remark",
                    )
                )
            out.append((self.road(), "road"))
            if self.chance(0.75):
                out.append(
                    (
                        r.choice(
                            [
                                "交叉口",
                                "交汇处",
                                "路口",
                                "交叉路口",
                                "口",
                                "交界处",
                                "交汇口",
                                "交叉口东侧",
                                "十字路口",
                                "交叉处",
                            ]
                        ),
                        "landmark",
                    )
                )
            return
        if self.chance(0.05):
            out.append(
                (
                    r.choice(
                        [
                            "东段",
                            "西段",
                            "南段",
                            "北段",
                            "中段",
                            "东",
                            "西",
                            "南",
                            "北",
                            "北侧",
                            "南侧",
                        ]
                    ),
                    "landmark",
                )
            )
        if self.chance(0.73):
            if self.chance(0.02):
                out.append((f"{r.randint(1, 2000)}弄", "number"))
                if self.chance(0.8):
                    out.append(
                        (f"{self.small()}号" + ("楼" if self.chance(0.1) else ""), "building")
                    )
            elif self.chance(0.07):
                out.append((f"{r.randint(1, 1500)}弄", "road"))
                out.append((self.door(), "number"))
            elif self.chance(0.03):
                first, second = r.randint(1, 1500), r.randint(1, 200)
                out += [
                    (str(first), "number"),
                    ("-", "remark"),
                    (f"{second}号" if self.chance(0.7) else str(second), "building"),
                ]
            elif self.chance(0.03):
                out.append((f"{r.choice('一二三四五六七八')}巷", "road"))
                out.append((self.door(), "number"))
            else:
                out.append((self.door(), "number"))

    def rural(self, out: list[Piece]) -> None:
        r = self.r
        out.append((self.community(), "community"))
        way = r.random()
        if way < 0.17:
            group = f"{r.choice(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '1', '2', '3', '5', '8', '12'])}{r.choice(['组'] * 6 + ['队', '社', '小组', '村民小组', '生产队'])}"
            out.append((group, "road"))
            if self.chance(0.5):
                out.append((self.door(), "number"))
        elif way < 0.5:
            out.append((self.door(), "number"))
        elif way < 0.66:
            self.roads(out)
        elif way < 0.8:
            out.append((self.poi(), "poi"))
        elif way < 0.86:
            out.append((self.village_root() + r.choice(["", "", "自然村", "小区"]), "poi"))
            if self.chance(0.6):
                out.append((self.door(), "number"))
        elif way < 0.93:
            out.append(
                (
                    f"{r.choice(['一', '二', '三', '四', '五', 'A', 'B', '1', '2', '东', '西', '南', '北'])}区",
                    "poi",
                )
            )
            self.inside(out)
        if way > 0.9 and self.chance(0.5):
            self.inside(out)
        elif self.chance(0.2):
            named = any(level == "poi" for _, level in out)
            out.append(
                (self.firm() if self.chance(0.6) else self.poi(), "subpoi" if named else "poi")
            )

    def urban(self, out: list[Piece]) -> None:
        if self.chance(0.07):
            out.append((self.community(), "community"))
        if self.chance(0.8):
            self.roads(out)
        if self.chance(0.62) or not out or out[-1][1] not in ("road", "number"):
            self.named(out)
        elif self.chance(0.25):
            self.inside(out)
            self.tenant(out)

    def named(self, out: list[Piece]) -> None:
        r = self.r
        kind = r.random()
        if kind < 0.6:
            out.append((self.estate(), "poi"))
            if self.chance(0.22):
                out.append((self.part(), "subpoi"))
            if self.chance(0.75):
                self.inside(out)
            elif self.chance(0.3):
                out.append(
                    (
                        self.one_of((3, self.firm), (2, self.shop), (2, lambda: r.choice(w.PARTS))),
                        "subpoi",
                    )
                )
        elif kind < 0.72:
            out.append((self.market(), "poi"))
            if self.chance(0.3):
                out.append((self.part(), "subpoi"))
            if self.chance(0.25):
                out.append((self.floor(), "floor"))
                if self.chance(0.2):
                    out.append((f"{r.randint(1, 20)}{r.choice('街街街道排区')}", "unit"))
            if self.chance(0.5):
                out.append(
                    (
                        r.choice(
                            [
                                self.room(),
                                f"{r.randint(1, 999)}号",
                                f"{r.choice('ABCD')}{r.randint(1, 999)}",
                            ]
                        ),
                        "room",
                    )
                )
        elif kind < 0.93:
            out.append(
                (self.one_of((2, self.firm), (1.5, self.shop), (2, self.institution)), "poi")
            )
            if self.chance(0.16):
                out.append((r.choice(w.PARTS) if self.chance(0.6) else self.shop(), "subpoi"))
            if self.chance(0.2):
                self.inside(out)
        else:
            out.append((self.root(), "poi"))
            if self.chance(0.4):
                out.append((self.door(), r.choice(["number"] * 3 + ["building"] * 2 + ["room"])))
        self.tenant(out)

    def tenant(self, out: list[Piece]) -> None:
        """Who is in the room, where the address goes so far."""
        chance = {"floor": 0.32, "room": 0.14, "building": 0.14, "unit": 0.06}
        if self.chance(chance.get(out[-1][1], 0)):
            out.append(
                (
                    self.one_of(
                        (3, self.firm),
                        (3, self.shop),
                        (1.5, lambda: self.r.choice(w.DEPARTMENTS)),
                        (1, self.root),
                        (0.7, lambda: self.chars(w.POETIC, 4)),
                    ),
                    "business",
                )
            )

    def part(self) -> str:
        r = self.r
        return self.one_of(
            (3, lambda: r.choice(w.PARTS)),
            (2, lambda: r.choice("ABCDEFABC") + r.choice(["区", "区", "区", "馆", "厅", "幢区"])),
            (
                3,
                lambda: (
                    r.choice("一二三四五123")
                    + r.choice(["区", "期", "期", "组团", "号门", "区", "街区"])
                ),
            ),
            (0.7, lambda: r.choice("东西南北中") + r.choice("一二三四") + "区"),
            (
                1.5,
                lambda: (
                    self.chars(w.LANDSCAPE + w.FORTUNE, 2)
                    + r.choice(["苑", "阁", "园", "轩", "居", "里", "楼", "庭", "湾"])
                ),
            ),
        )

    def address(self) -> list[Piece]:
        """One address as its pieces in order."""
        out: list[Piece] = []
        self.prefix(out)
        if self.chance(0.28):
            self.rural(out)
        elif not out or self.chance(0.96):
            self.urban(out)
        if out[-1][1] in ("road", "number", "poi", "subpoi", "community") and self.chance(0.09):
            self.near(out)
        if self.chance(0.05):
            out.append((self.r.choice(w.REMARKS), "remark"))
        elif self.chance(0.05):
            out.append((f"({self.r.choice(w.BRACKETS)})", "remark"))
        return self.separate(out)

    def separate(self, out: list[Piece]) -> list[Piece]:
        """Spaces and strokes between levels, as forms and labels leave them."""
        r = self.r
        style = r.random()
        if style < 0.03:
            mark = r.choice([" ", " ", "-", "/", ",", "--"])
            return [p for piece in out for p in (piece, (mark, "remark"))][:-1]
        if style < 0.1 and len(out) > 1:
            at = r.randrange(1, len(out))
            return [
                *out[:at],
                (r.choice([" ", " ", " ", "-", ",", "、", "."]), "remark"),
                *out[at:],
            ]
        return out
