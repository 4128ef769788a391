"""Made-up names: roads, estates, firms, shops, institutions, from roots and endings."""

import random
from collections.abc import Callable, Sequence

from blockdata.address.parsing import words as w
from blockdata.address.parsing.gazetteer import Division, divisions, short_name
from blockdata.address.parsing.generate_words import Vocabulary, Words

_DENSE = {"33": 8, "44": 8, "32": 5, "31": 3, "11": 3, "37": 3, "35": 3, "41": 2, "42": 2, "51": 2}


class NameMaker:
    """Draws names; the same seed, villages and words give the same ones."""

    def __init__(self, seed: int, villages: Sequence[tuple[str, str]], known: Words) -> None:
        self.r = random.Random(seed)  # noqa: S311  # made-up names, no secrets
        self.villages = [root for _, root in villages if len(root) <= 4]
        self.near_by: dict[str, list[str]] = {}
        for street, root in villages:
            self.near_by.setdefault(street, []).append(root)
            self.near_by.setdefault(street[:4], []).append(root)
        self.near_streets: list[Division] = []
        self.city_code = self.street_code = ""
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
        self.known = Vocabulary(self.r, known)
        for code, name in self.cities.items():  # cities without districts
            if code + "00" in self.streets:
                self.districts.append(Division("city", code + "00", name, "current"))
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

    def chars(self, pool: str, n: int) -> str:
        return "".join(self.r.choice(pool) for _ in range(n))

    def village_root(self) -> str:
        return self.r.choice(self.villages)

    def local_root(self) -> str:
        """The root of a village or community of the street or city at hand."""
        for code, p in ((self.street_code, 0.6), (self.city_code, 1)):
            if code in self.near_by and self.chance(p):
                return self.r.choice(self.near_by[code])
        return self.village_root()

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
            (1, self.village_root),
            (1, self.local_root),
            (1, lambda: r.choice(w.ROAD_NAMES)),
            (1, lambda: self.chars(w.POETIC, 2)),
            (0.7, lambda: self.chars(w.FORTUNE, 3)),
            (5, self.known.root),
        )

    def road(self) -> str:
        r = self.r
        name = self.one_of(
            (5, lambda: r.choice(w.ROAD_NAMES)),
            (6, self.root),
            (1.2, lambda: r.choice(w.FORTUNE + w.LANDSCAPE) + r.choice(self.root_names)),
            (1.5, lambda: r.choice(self.root_names)),
            (0.3, lambda: self.village_root() + "村"),
            (1.2, self.local_root),
            (0.8, self.street_root),
            (2, self.known.root),
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
        elif end in ("路", "街", "道") and self.chance(0.06):  # 前进南二路
            name += r.choice("东西南北中") + r.choice(["一", "二", "三", "四", "五", "十", "十二"])
        if end == "公路" and self.chance(0.5):
            return r.choice(self.root_names)[:1] + r.choice(self.root_names)[:1] + end
        if self.chance(0.012):
            numeral = r.choice("一二三四五六七八九") if self.chance(0.6) else str(r.randint(1, 30))
            return numeral + r.choice(["号路", "号路", "号路", "号街", "号通道", "号大道"])
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
            (0.4, self.village_root),
            (1, self.local_root),
            (0.6, lambda: r.choice(w.ROAD_NAMES)),
            (1.5, lambda: self.known.root() + self.known.common()),
            (0.4, lambda: r.choice(self.root_names) + self.root()),
            (0.7, lambda: self.local_name() + self.root() * self.chance(0.6)),
            (1, lambda: self.street_root() + self.root() * self.chance(0.1)),
            (
                0.6,
                lambda: (
                    r.choice("东西南北") + self.chars(w.FORTUNE + w.LANDSCAPE, r.choice([1, 2]))
                ),
            ),
        )
        if self.chance(0.15):  # a name without an ending
            return self.one_of(
                (2, lambda: self.chars(w.POETIC, 2) + self.chars(w.POETIC, 2)),
                (1, lambda: self.known.root() + self.known.common()),
                (1, lambda: self.root() + self.root()),
            )
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
            (2.5, self.known.root),
        )
        end = r.choice(w.FIRMS)
        if self.chance(0.82) or not end:
            name += r.choice(w.INDUSTRIES) if self.chance(0.75) else self.known.common()
        if end in ("分公司", "办事处"):
            end = "有限公司" * self.chance(0.5) + self.place_name() + end
        name += end
        if self.chance(0.05):
            name += r.choice(["仓库", "办公楼", "宿舍", "营业部", "(" + self.place_name() + ")"])
        return name

    def street_root(self) -> str:
        """The short name of a street of the district at hand."""
        if self.near_streets:
            there = self.r.choice(self.near_streets)
            return short_name("street", there.name) or there.name[:2]
        return self.r.choice(self.root_names)

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
            (3, self.known.root),
            (1.5, lambda: self.known.common() + self.known.common() * self.chance(0.3)),
            (0.8, self.known.person),
            (0.8, self.local_name),
        )
        if self.chance(0.25):
            name += self.known.common()
        end = r.choice(w.SHOPS) if self.chance(0.65) else self.known.shop()
        return name + end * self.chance(0.9)

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
        if self.chance(0.06):
            return self.known.organisation()
        name += r.choice(w.INSTITUTIONS) if self.chance(0.7) else self.known.facility()
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
            (0.7, lambda: self.local_name() + self.r.choice(w.GRAND)),
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
