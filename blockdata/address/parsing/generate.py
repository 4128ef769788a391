"""Made-up addresses with their levels: the only text from which the parser's weights are learned.

An address is drawn level by level, names from a grammar of roots and endings (:mod:`.words`), from
the gazetteer of divisions and, for communities, from the statistics bureau's list of villages.
Nothing is taken from any corpus of real addresses.
"""

from collections.abc import Sequence

from blockdata.address.parsing import words as w
from blockdata.address.parsing.generate_places import Piece, PrefixMaker


class Generator(PrefixMaker):
    """Draws addresses; the same seed and villages give the same ones."""

    def put(self, out: list[Piece], level: str, choices: Sequence[str]) -> None:
        """Append one of the choices."""
        out.append((self.r.choice(choices), level))

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
            self.put(out, "remark", w.REMARKS)
        elif self.chance(0.05):
            self.bracket(out)
        return self.separate(out)

    def inside(self, out: list[Piece]) -> None:
        """Building, unit, floor, room, in words or joined by strokes (12-3-1001)."""
        if self.chance(0.3):
            self.by_strokes(out)
            return
        has_building = self.chance(0.75)
        if has_building:
            out.append((self.building(), "building"))
            if self.chance(0.05):
                self.put(out, "subpoi", w.BUILDING_PARTS)
        if self.chance(0.4) and not (out and out[-1][1] == "subpoi"):
            out.append((self.unit(), "unit"))
        if self.chance(0.33):
            out.append((self.floor(), "floor"))
            if self.chance(0.07):
                seat = self.r.choice("ABCDEFGHL") + self.r.choice(["座", "室", "", "房"])
                out.append((seat, "room"))
                return
            if self.chance(0.04):
                out.append((self.r.choice("ABCDEF东西南北") + "区", "subpoi"))
                return
        if out and out[-1][1] in ("floor", "building") and self.chance(0.06):
            self.put(out, "landmark", w.SIDES)
            if self.chance(0.6):
                return
        if out and out[-1][1] in ("floor", "landmark", "building") and self.chance(0.015):
            self.put(out, "remark", ("及", "和", "、"))
            out.append(
                (self.building(), "building") if self.chance(0.6) else (self.floor(), "floor")
            )
        if self.chance(0.68):
            self.behind_door(out, in_building=has_building and out[-1][1] == "building")

    def behind_door(self, out: list[Piece], *, in_building: bool) -> None:
        """The room, or after a building what stands for the unit."""
        if in_building and self.chance(0.16):
            out.append((f"{self.small()}号", "unit"))
            if self.chance(0.6):
                return
        if in_building and out[-1][1] == "building" and self.chance(0.1):
            self.put(out, "remark", "-/、")
        out.append((self.room(), "room"))
        if self.chance(0.03):
            self.put(out, "business", ["商铺", "店铺", "门面", "店面", "网点"])

    def by_strokes(self, out: list[Piece]) -> None:
        """12-3-1001 and its like."""
        r = self.r
        stroke = r.choice(["-"] * 12 + ["/", "、", "#", "栋", "幢"])
        worded = stroke in "栋幢#"
        first = self.one_of(
            (2, lambda: str(self.small())),
            (1, lambda: str(r.randint(1, 150))),
            (0.5, lambda: r.choice("ABCD") + str(self.small())),
            (0.5, lambda: r.choice("ABC")),
        )
        out.append((first + stroke * worded, "building"))
        if not worded:
            out.append((stroke, "remark"))
        if self.chance(0.62):
            out.append((str(min(self.small(), 19)) + "单元" * self.chance(0.12), "unit"))
            if self.chance(0.1):
                return
            out.append(("-", "remark"))
        elif self.chance(0.1):
            if not worded:
                out.pop()
            return
        plain = f"{r.randint(1, 33)}{r.randint(1, 12):02d}" + "室" * self.chance(0.3)
        out.append((self.room() if self.chance(0.3) else plain, "room"))

    def near(self, out: list[Piece]) -> None:
        """A landmark phrase, and what it stands by."""
        r = self.r
        word = r.choice(w.NEAR)
        if self.chance(0.15):
            far = r.choice([10, 20, 50, 100, 200, 300, 500])
            word = f"{r.choice(w.HEADINGS)}{far}米{r.choice(['', '', '处', '左右'])}"
        out.append((word, "landmark"))
        if self.chance(0.35):
            by = self.one_of(
                (2, self.shop), (1, self.firm), (1, self.estate), (1, self.institution)
            )
            out.append((by, self.place_level(out)))

    def place_level(self, out: list[Piece]) -> str:
        """A place after a place is part of it."""
        return "subpoi" if any(level == "poi" for _, level in out) else "poi"

    def roads(self, out: list[Piece]) -> None:
        """A road, a crossing, or a road and a number."""
        out.append((self.road(), "road"))
        if self.chance(0.012):
            self.put(out, "landmark", w.ROAD_SIDES)
            out.append((self.road(), "road"))
            self.put(out, "landmark", w.ROAD_SIDES)
            return
        if self.chance(0.06):
            if self.chance(0.55):
                self.put(out, "landmark" if self.chance(0.9) else "remark", "与和与-/近靠")
            out.append((self.road(), "road"))
            if self.chance(0.75):
                self.put(out, "landmark", w.CROSSINGS)
            return
        if self.chance(0.018):
            self.put(out, "landmark", w.STRETCHES)
        elif self.chance(0.025):
            out.append((self.r.choice("东西南北中") + "段", "road"))
        if self.chance(0.73):
            self.number(out)

    def number(self, out: list[Piece]) -> None:
        """A door, also behind a lane."""
        r = self.r
        way = r.random()
        if way < 0.06:  # the lane's number is the estate's, and in it stand buildings
            out.append((f"{r.randint(1, 2000)}弄", "number"))
            if self.chance(0.8):
                out.append((f"{self.small()}号" + "楼" * self.chance(0.1), "building"))
        elif way < 0.09:
            out += [(f"{r.randint(1, 1500)}弄", "road"), (self.door(), "number")]
        elif way < 0.12:
            second = f"{r.randint(1, 200)}" + "号" * self.chance(0.7)
            out += [(str(r.randint(1, 1500)), "number"), ("-", "remark"), (second, "building")]
        elif way < 0.15:
            out += [(f"{r.choice('一二三四五六七八')}巷", "road"), (self.door(), "number")]
        else:
            out.append((self.door(), "number"))

    def rural(self, out: list[Piece]) -> None:
        """A village and what follows: a group, a door, a road, a place."""
        r = self.r
        if self.chance(0.16):
            self.hamlet(out)
            return
        out.append((self.community(), "community"))
        way = r.random()
        if way < 0.17:
            group = r.choice(w.GROUP_NUMBERS) + r.choice(w.GROUPS)
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
            level = "community" if out[-1][0][-1] in "村区会" else "poi"
            out[-1] = (out[-1][0], level)
            part = r.choice("一二三四五六七八AB12东西南北") + "区"
            if level == "community":
                out.append((part, "poi"))
            elif self.chance(0.55):
                out[-1] = (out[-1][0] + part, "poi")
            else:
                out.append((part, "subpoi"))
            self.inside(out)
            return
        if way > 0.9 and self.chance(0.5):
            self.inside(out)
        elif self.chance(0.2):
            level = self.place_level(out)
            out.append((self.firm() if self.chance(0.6) else self.poi(), level))

    def hamlet(self, out: list[Piece]) -> None:
        """A hamlet as the place in which buildings stand: with its bare name, or as …新村."""
        name = self.local_root() if self.chance(0.5) else self.village_root()
        out.append((name + self.r.choice(["", "", "", "村", "新村", "新村", "小区"]), "poi"))
        if self.chance(0.6):
            self.inside(out)
        else:
            out.append((self.door(), "number"))

    def urban(self, out: list[Piece]) -> None:
        """A road, and the place on it; or a quarter for short, and a place in it."""
        bare = (
            bool(out) and out[-1][1] == "street" and not out[-1][0].endswith(("街道", "镇", "乡"))
        )
        if self.chance(0.1):
            out.append((self.local_root(), "community"))
            bare = True
        if bare and self.chance(0.5):
            self.named(out)
            return
        if self.chance(0.1):
            out.append((self.community(), "community"))
            if self.chance(0.08):
                out.append(
                    (self.village_root() + self.r.choice(["村", "新村", "围", ""]), "community")
                )
        if self.chance(0.015):
            out.append((self.estate(), "poi"))
        if self.chance(0.8):
            self.roads(out)
        if self.chance(0.62) or not out or out[-1][1] not in ("road", "number"):
            self.named(out)
        elif self.chance(0.25):
            self.inside(out)
            if out:
                self.tenant(out)

    def named(self, out: list[Piece]) -> None:
        """A named place, its part, and what lies inside."""
        kind = self.r.random()
        if kind < 0.6:
            self.in_estate(out)
        elif kind < 0.72:
            self.in_market(out)
        elif kind < 0.93:
            place = self.one_of((2, self.firm), (1.5, self.shop), (2, self.institution))
            out.append((place, "poi"))
            if self.chance(0.16):
                part = self.r.choice(w.PARTS) if self.chance(0.6) else self.shop()
                out.append((part, "subpoi"))
            if self.chance(0.2):
                self.inside(out)
        else:
            out.append((self.root(), "poi"))
            if self.chance(0.4):
                level = self.r.choice(["number"] * 4 + ["building"] * 2 + ["room"])
                out.append((self.door(), level))
        self.tenant(out)

    def in_estate(self, out: list[Piece]) -> None:
        """An estate with a part, a building, or who is there."""
        out.append((self.estate(), "poi"))
        if self.chance(0.03):
            self.put(out, "landmark", w.WITHIN)
            if self.chance(0.5):
                out.append((self.estate() if self.chance(0.5) else self.firm(), "subpoi"))
        elif self.chance(0.25):
            out.append((self.part(), "subpoi"))
        elif self.chance(0.08):
            out.append((self.estate(), "subpoi"))
        if self.chance(0.05):
            out.append((self.door(), "number"))
            if self.chance(0.5):
                self.inside(out)
        elif self.chance(0.68):
            self.inside(out)
        elif self.chance(0.45):
            who = self.one_of(
                (3, self.firm),
                (3, self.shop),
                (2, lambda: self.r.choice(w.PARTS)),
                (1, self.institution),
            )
            out.append((who, "subpoi"))

    def in_market(self, out: list[Piece]) -> None:
        """A market: part, floor, row, stall."""
        r = self.r
        out.append((self.market(), "poi"))
        if self.chance(0.3):
            out.append((self.part(), "subpoi"))
        if self.chance(0.25):
            out.append((self.floor(), "floor"))
            if self.chance(0.2):
                out.append((f"{r.randint(1, 20)}{r.choice('街街街道排区')}", "unit"))
        if self.chance(0.5):
            n = r.randint(1, 999)
            self.put(out, "room", [self.room(), f"{n}号", f"{r.choice('ABCD')}{n}"])

    def tenant(self, out: list[Piece]) -> None:
        """Who is in the room, where the address goes so far."""
        chance = {"floor": 0.32, "room": 0.14, "building": 0.14, "unit": 0.06}
        if self.chance(chance.get(out[-1][1], 0)):
            who = self.one_of(
                (3, self.firm),
                (3, self.shop),
                (1.5, lambda: self.r.choice(w.DEPARTMENTS)),
                (1, self.root),
                (0.7, lambda: self.chars(w.POETIC, 4)),
            )
            out.append((who, "business"))

    def part(self) -> str:
        """A named part of a place."""
        r = self.r
        return self.one_of(
            (3, lambda: r.choice(w.PARTS)),
            (2, lambda: r.choice("ABCDEFABC") + r.choice(["区", "区", "区", "馆", "厅", "幢区"])),
            (3, lambda: r.choice("一二三四五123") + r.choice(w.PHASES)),
            (0.7, lambda: r.choice("东西南北中") + r.choice("一二三四") + "区"),
            (1.5, lambda: self.chars(w.LANDSCAPE + w.FORTUNE, 2) + r.choice("苑阁园轩居里楼庭湾")),
        )

    def bracket(self, out: list[Piece]) -> None:
        """A remark in brackets, at the end or between two levels."""
        inner = self.one_of(
            (5, lambda: self.r.choice(w.BRACKETS)),
            (1, lambda: self.r.choice(w.NEAR)),
            (1, lambda: self.shop() + self.r.choice(["对面", "旁", "后面", "楼上"])),
            (0.7, self.root),
            (0.7, self.estate),
            (0.4, self.firm),
            (0.4, self.room),
        )
        at = len(out) if self.chance(0.7) else self.r.randrange(1, len(out) + 1)
        out.insert(at, (f"({inner})", "remark"))

    def separate(self, out: list[Piece]) -> list[Piece]:
        """Spaces and strokes between levels, as forms and labels leave them."""
        r = self.r
        style = r.random()
        if style < 0.03:
            mark = r.choice([" ", " ", "-", "/", ",", "--"])
            return [p for piece in out for p in (piece, (mark, "remark"))][:-1]
        if style < 0.1 and len(out) > 1:
            at = r.randrange(1, len(out))
            mark = r.choice([" ", " ", " ", "-", ",", "、", "."])
            return [*out[:at], (mark, "remark"), *out[at:]]
        return out
