"""Made-up prefixes: province, city, district, zone, street, community, said once or twice."""

from blockdata.address.parsing import words as w
from blockdata.address.parsing.gazetteer import Division, short_name
from blockdata.address.parsing.generate_numbers import NumberMaker

_COMMITTEES = (
    *("村委会", "居委会", "村委", "居委", "村村委会", "社区居委会", "村民委员会", "居民委员会"),
    *("社区居民委员会", "行政村", "自然村", "股份合作社"),
)
Piece = tuple[str, str]  # words, level


class PrefixMaker(NumberMaker):
    """Draws names, numbers and the divisions that stand in front."""

    def prefix(self, out: list[Piece]) -> None:
        r = self.r
        d = r.choices(self.districts, self.weights)[0]
        province = self.provinces.get(d.code[:2], "")
        municipality = province if province.endswith("市") else ""
        city = self.cities.get(d.code[:4], municipality)
        self.city_code, self.street_code = d.code[:4], ""
        self.near_streets = self.streets.get(d.code, [])
        style = r.random()
        has_province = self.chance(0.48)
        has_city = bool(city) and self.chance(0.68 if has_province else 0.55)
        has_district = self.chance(0.72 if has_city else 0.6)
        if d.level == "city":
            has_city, has_district = has_city or has_district, False
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
        if self.chance(0.015) and out:
            out.insert(0, ("中国", "country"))
        if self.chance(0.06):
            zone = (
                self.root() if self.chance(0.6) else self.shorten("district", d.name, 0.9)
            ) + r.choice(w.ZONES)
            if self.chance(0.15):
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
        if not out and self.chance(0.4):
            if self.chance(0.25):
                out.append((self.street(d, 0.7), "street"))
            else:
                level = d.level if d.level == "city" else "district"
                out.append((self.shorten(level, d.name, 0.2), level))

    def repeat(self, names: list[Piece], out: list[Piece]) -> None:
        """Now and then the prefix, or another one, stands there twice."""
        if names and self.chance(0.06):
            wrong = [(t, "remark") for t, _ in names]
            if self.chance(0.5):
                d = self.r.choice(self.districts)
                wrong = [
                    (self.provinces.get(d.code[:2], "广东省"), "remark"),
                    (self.cities.get(d.code[:4], "广州市"), "remark"),
                    (d.name, "remark"),
                ]
                if self.chance(0.3):
                    wrong[self.r.randint(1, 2) :] = [("null", "remark")]
                elif self.chance(0.3):
                    wrong.pop()
            else:
                wrong = [(self.shorten(level, t, 0.5), "remark") for t, level in names]
            out.extend(names + wrong if self.chance(0.3) else wrong + names)
        else:
            out.extend(names)
            if names and self.chance(0.015):
                out.append((self.shorten(names[-1][1], names[-1][0], 0.1), "remark"))

    def shorten(self, level: str, name: str, p: float) -> str:
        return (short_name(level, name) or name) if self.chance(p) else name

    def street(self, d: Division, short: float = 0.24) -> str:
        r = self.r
        known = self.streets.get(d.code)
        if known and self.chance(0.72):
            there = r.choice(known)
            self.street_code = there.code
            return self.shorten("street", there.name, short)
        name = self.one_of(
            (2, self.root), (1, self.village_root), (1, lambda: r.choice(self.root_names))
        )
        return name + r.choice(
            [
                "镇",
                "镇",
                "街道",
                "街道",
                "乡",
                r.choice(["街道办事处", "办事处", "办"]) if self.chance(0.3) else "街道",
            ]
        )

    def community(self) -> str:
        r = self.r
        name = self.one_of((6.5, self.local_root), (2.5, self.village_root), (1, self.root))
        return self.one_of(
            (10, lambda: name + "村"),
            (2.5, lambda: name + "社区"),
            (0.8, lambda: name + r.choice(_COMMITTEES)),
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
            (2.2, lambda: self.local_root() if self.chance(0.6) else name),
            (0.35, lambda: r.choice(["", "", "新城", name]) + str(r.randint(1, 99)) + "区"),
            (0.05, lambda: f"{r.choice('ABNSE')}{r.randint(1, 30)}区"),
            (0.5, lambda: r.choice("上下前后东西南北") + name + "村"),
            (0.5, lambda: name + r.choice("一二三四东西南北") + "村"),
        )
