"""Made-up addresses with their levels: the only text from which the parser's weights are learned.

An address is drawn level by level, names from a grammar of roots and endings (:mod:`.words`), from
the gazetteer of divisions and, for communities, from the statistics bureau's list of villages.
Nothing is taken from any corpus of real addresses.
"""

from blockdata.address.parsing import words as w
from blockdata.address.parsing.generate_companies import CompanyMaker
from blockdata.address.parsing.generate_places import Piece


class Generator(CompanyMaker):
    """Draws addresses; the same seed and villages give the same ones."""

    def address(self) -> list[Piece]:
        """One address as its pieces in order."""
        if self.chance(0.3):
            return self.company()
        out: list[Piece] = []
        self.prefix(out)
        if self.chance(0.3 if out and out[-1][1] == "street" else 0.06):
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
        if self.chance(0.05):
            out.append((self.local_root(), "community"))
            bare = True
        if bare and self.chance(0.5):
            self.named(out)
            return
        if self.chance(0.06):
            out.append((self.community(), "community"))
            if self.chance(0.08):
                name = self.village_root() + self.r.choice(["村", "新村", "围", ""])
                out.append((name, "community" if self.chance(0.3) else "poi"))
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
        name = self.estate()
        out.append((name, "poi"))
        if self.chance(0.03):
            self.put(out, "landmark", w.WITHIN)
            if self.chance(0.5):
                out.append((self.estate() if self.chance(0.5) else self.firm(), "subpoi"))
        elif self.chance(0.25):
            self.parted(out)
        elif self.chance(0.08):
            out.append((self.estate(), "subpoi"))
        if self.chance(0.09):
            self.door_inside(out, name)
            if self.chance(0.4):
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
            out.append((who, "subpoi" if out[-1][1] == "poi" else "business"))

    def parted(self, out: list[Piece]) -> None:
        """A part of the estate; 六区 behind a name without an ending is the name's (江南六区)."""
        part, name = self.part(), out[-1][0]
        bare = not name.endswith(tuple({*w.HOMES, *w.PARKS}))
        likely = 0.4 if part[0] in "东西南北中" else 0.7
        if bare and part.endswith("区") and len(part) <= 2 and self.chance(likely):
            out[-1] = (name + part, "poi")
        else:
            out.append((part, "subpoi"))

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
