"""Made-up insides of places, roads with their doors, landmarks and remarks."""

from collections.abc import Sequence

from blockdata.address.parsing import words as w
from blockdata.address.parsing.generate_places import Piece, PrefixMaker


class DoorMaker(PrefixMaker):
    """Draws what stands behind a place or on a road."""

    def put(self, out: list[Piece], level: str, choices: Sequence[str]) -> None:
        """Append one of the choices."""
        out.append((self.r.choice(choices), level))

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

    def door_inside(self, out: list[Piece], name: str) -> None:
        """A number (12号) in a place: a house of a village or works, a block of flats, a room."""
        if name.endswith(("厦", "楼", "心", "场", "座", "城")):
            levels = ["room", "room", "room", "building"]
        elif name.endswith(("村", "邨", "工业区", "工业园", "工业城")):
            levels = ["number", "number", "number", "building"]
        elif name.endswith("区"):
            levels = ["number", "building"]
        else:
            levels = ["building", "building", "building", "number", "room"]
        level = self.r.choice(levels)
        high = 400 if level == "room" else 60
        out.append((f"{self.small() if level == 'building' else self.r.randint(1, high)}号", level))

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
        if way < 0.075:  # the lane's number is the estate's, and in it stand buildings
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
