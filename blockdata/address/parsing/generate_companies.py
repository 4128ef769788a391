"""Made-up addresses as firms register them: city and district, street, quarter, road, place, room.

Half of them lie in Shenzhen, whose towns became streets, whose quarters and areas go by names and
numbers, and where old and new names of divisions stand side by side.
"""

from functools import cached_property

from blockdata.address.parsing import words as w
from blockdata.address.parsing.gazetteer import Division, short_name
from blockdata.address.parsing.generate_places import Piece
from blockdata.address.parsing.generate_sites import HOME_CITY, SiteMaker


class CompanyMaker(SiteMaker):
    """Draws addresses of firms."""

    @cached_property
    def urban_districts(self) -> list[Division]:
        return [d for d in self.districts if d.name.endswith("区") and d.status == "current"]

    @cached_property
    def streets_like_districts(self) -> list[Division]:
        """Streets whose short name is also that of some district: 西乡, 龙华."""
        names = {short_name("district", d.name) for d in self.districts}
        return [
            street
            for some in self.streets.values()
            for street in some
            if short_name("street", street.name) in names
        ]

    def company(self) -> list[Piece]:
        """One address as its pieces in order."""
        out: list[Piece] = []
        self.registered_prefix(out)
        self.quarter(out)
        self.site(out)
        if self.chance(0.1):
            self.put(out, "remark", [f"({words})" for words in w.BRACKETS])
        return self.separate(out) if self.chance(0.15) else out

    def registered_prefix(self, out: list[Piece]) -> None:
        """City, district, street; seldom less, seldom twice."""
        r = self.r
        d = r.choice(self.home_districts if self.chance(0.5) else self.urban_districts)
        city = self.cities.get(d.code[:4], self.provinces.get(d.code[:2], ""))
        self.city_code, self.street_code = d.code[:4], ""
        self.near_streets = self.streets.get(d.code, [])
        self.here = [self.shorten("city", city, 0.8), self.shorten("district", d.name, 0.8)]
        way = r.random()
        if way < 0.05:
            out.append((self.provinces.get(d.code[:2], ""), "province"))
        if way < 0.8:
            out.append((self.shorten("city", city, 0.08), "city"))
        elif way < 0.815 or way > 0.995:
            out.append(("市", "city"))
        if way < 0.7 or 0.8 < way < 0.92:
            out.append((self.shorten("district", d.name, 0.05), "district"))
        out[:] = [(text, level) for text, level in out if text]
        if not out and self.chance(0.4):
            self.ambiguous_street(out)
        elif self.chance(0.62):
            out.append((self.old_or_new_street(d), "street"))
            if self.chance(0.05):
                out.append((self.old_or_new_street(d), "street"))
            if self.chance(0.025):
                self.put(out, "remark", (city + d.name, d.name))
        if self.chance(0.05):
            self.zone(out)

    def ambiguous_street(self, out: list[Piece]) -> None:
        """A street for short whose name could be a district's."""
        there = self.r.choice(self.streets_like_districts)
        self.city_code, self.street_code = there.code[:4], there.code
        self.near_streets = self.streets.get(there.code[:6], [])
        out.append((short_name("street", there.name) or there.name, "street"))

    def old_or_new_street(self, d: Division) -> str:
        """A street in full, for short, as the town that it was, or by its office."""
        name = self.street(d, 0)
        short = short_name("street", name)
        if short is None or not name.endswith("街道"):
            return name
        way = self.r.random()
        if way < 0.55:
            return name
        if way < 0.8:
            return short
        if way < 0.93:
            return short + "镇"
        return short + self.r.choice(
            ["办事处", "办事处", "街道办", "街道办事处", "街办", "办", "乡"]
        )

    def zone(self, out: list[Piece]) -> None:
        """A zone, with its part now and then in brackets."""
        name = self.one_of(
            (3, lambda: ""),
            (1, self.root),
            (1, lambda: self.here[-1]),
            (1, self.street_root),
        )
        kind = self.r.choice(w.COMPANY_ZONES)
        out.append((name + kind, "zone"))
        if self.chance(0.15):
            part = self.r.choice("东西南北中") + "区"
            out.append((f"({part})", "remark") if self.chance(0.3) else (part, "subpoi"))

    def quarter(self, out: list[Piece]) -> None:
        """Community, village, numbered area or named quarter, alone or one in the other."""
        if not self.chance(0.5):
            return
        name = self.quarter_name()
        at_home = self.city_code == HOME_CITY
        way = self.r.random()
        if way < 0.28:
            out.append((name + "社区", "community"))
            if self.chance(0.35 if at_home else 0.05):
                inner = name if self.chance(0.3) else self.quarter_name()
                out.append((self.inner_quarter(inner), "community"))
        elif way < 0.5:
            out.append((name + "村", "community"))
            if at_home and self.chance(0.15):
                out.append((self.inner_quarter(self.village_root()), "community"))
        elif way < 0.8:
            out.append(
                (name + self.r.choice(["", "", "", "", "东", "西", "北", "一", "四"]), "community")
            )
            if self.chance(0.4 if at_home else 0.05):
                out.append((self.inner_quarter(self.quarter_name()), "community"))
        elif way < 0.95:
            front = self.street_root() if self.chance(0.25) else ""
            if self.chance(0.1):
                front = self.root() + "城"
            out.append((f"{front}{self.area_number()}区", "community"))
        else:
            out.append((name + self.r.choice(["居委", "居委会", "村委", "村委会"]), "community"))

    def inner_quarter(self, name: str) -> str:
        """A village or numbered area inside a quarter."""
        r = self.r
        return self.one_of(
            (5, lambda: name + "村"),
            (1, lambda: name + r.choice("围屋头坑")),
            (1.5, lambda: r.choice("新老上下东西南北") + r.choice("一二三四五") + "村"),
            (1, lambda: name + r.choice("一二三东西新老") + "村"),
            (1.5, lambda: self.area_number() + "区"),
            (0.7, lambda: name + "自然村"),
        )

    def area_number(self) -> str:
        r = self.r
        return self.one_of(
            (4, lambda: str(r.randint(1, 120))),
            (2, lambda: r.choice(["", "二", "三", "四"]) + "十" + r.choice("一二三五七八")),
            (1, lambda: r.choice("一二三四五六七八九")),
            (1, lambda: r.choice("NABS") + str(r.randint(1, 30))),
        )

    def site(self, out: list[Piece]) -> None:
        """Where in the street or quarter the firm is."""
        before = out[-1][1] if out else ""
        way = self.r.random()
        if before == "community" and way < 0.1:
            return
        if before == "community" and way < 0.2:
            self.in_village(out)
        elif way < 0.62 or before == "zone":
            self.on_road(out)
        elif way < 0.66:
            out.append((self.works(bare=before in ("community", "street")), "poi"))
            out.append((self.road(), "road"))
            out.append((self.door(), "number"))
            if self.chance(0.5):
                self.storey(out)
        else:
            self.company_place(out)

    def in_village(self, out: list[Piece]) -> None:
        """A quarter or lane of a village, and a door."""
        r = self.r
        if self.chance(0.45):
            out.append(
                (r.choice("东西南北一二三四五六") + r.choice(["区", "区", "坊", "巷"]), "subpoi")
            )
            if out[-1][0].endswith("巷"):
                out[-1] = (out[-1][0], "road")
            elif self.chance(0.3):
                out.append((r.choice("一二三四五六七八九十") + "巷", "road"))
        elif self.chance(0.12):
            out.append((self.village_root() + r.choice(["居民小组", "小组", "村民小组"]), "road"))
        if self.chance(0.85):
            out.append((self.door(), "number"))
        if self.chance(0.6):
            self.storey(out)
        elif self.chance(0.3):
            out.append((r.choice(w.PLAIN_HOUSES), "poi"))

    def on_road(self, out: list[Piece]) -> None:
        """A road, its door or side or crossing, and the place there."""
        r = self.r
        if self.chance(0.04):
            out.append((self.street_root() if self.chance(0.5) else self.quarter_name(), "poi"))
        out.append((self.road(), "road"))
        way = r.random()
        if way < 0.1:
            self.crossing(out)
            self.company_place(out)
        elif way < 0.17:
            self.put(
                out, "landmark", w.STRETCHES if self.chance(0.8) else ("口", "边", "旁", "路口")
            )
            if self.chance(0.75):
                self.company_place(out)
            elif self.chance(0.5):
                self.storey(out)
        elif way < 0.6:
            if self.chance(0.04):
                self.put(out, "remark", ("(北)", "(南)", f"({self.root()}段)"))
            out.append((self.company_door(), "number"))
            if self.chance(0.04):
                self.put(out, "landmark", w.STRETCHES)
            if self.chance(0.12):
                out.append((r.choice(w.PLAIN_HOUSES), "poi"))
                self.storey(out)
            elif self.chance(0.62):
                self.company_place(out)
            elif self.chance(0.6):
                self.storey(out)
        elif way < 0.97:
            self.company_place(out)

    def company_door(self) -> str:
        """A door's number; now and then a list, or one that looks like a building."""
        r = self.r
        if self.chance(0.1):
            n = r.randint(1, 400)
            return self.one_of(
                (3, lambda: f"{n}-{r.randint(1, 9)}号"),
                (1, lambda: f"{n}-{n + 2 * r.randint(1, 4)}号"),
                (0.6, lambda: f"{r.choice('ABCR')}{n}号"),
                (0.3, lambda: f"{r.choice('AB')}{r.choice('ABC')}{n}号"),
                (1, lambda: f"{n}、{n + 2}、{n + 4}号"),
                (1, lambda: f"{n}#"),
                (1, lambda: f"0{n}号"),
                (0.6, lambda: f"{n}-{r.randint(1, 9)}"),
                (1, lambda: r.choice(["", "二", "三"]) + "十" + r.choice("一二三五七八") + "号"),
            )
        return self.door()

    def crossing(self, out: list[Piece]) -> None:
        """Two roads: 与…交汇处, or the side of each."""
        r = self.r
        way = r.random()
        if way < 0.35:
            side = r.choice("东西南北")
            out.append((side + r.choice(["", "", "侧"]), "landmark"))
            out.append((self.road(), "road"))
            other = r.choice("东西南北")
            if self.chance(0.3):
                self.put(out, "landmark", [other + c for c in w.CROSSINGS])
            else:
                out.append((other + r.choice(["", "", "侧"]), "landmark"))
            return
        if way < 0.85:
            self.put(out, "landmark", ("与", "与", "与", "和", "交"))
        out.append((self.road(), "road"))
        if way > 0.55 or self.chance(0.8):
            end = r.choice(w.CROSSINGS)
            if self.chance(0.2):
                end += r.choice(["东侧", "西南角", "北侧", "东南", "西北侧", "西南"])
            out.append((end, "landmark"))
