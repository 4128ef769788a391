"""Made-up places in which firms sit: towers, housing, works, other firms, and their parts."""

from functools import cached_property

from blockdata.address.parsing import words as w
from blockdata.address.parsing.gazetteer import Division, communities, quarters, short_name
from blockdata.address.parsing.generate_places import Piece
from blockdata.address.parsing.generate_storeys import StoreyMaker

HOME_CITY = "4403"


class SiteMaker(StoreyMaker):
    """Draws places with what lies in them."""

    @cached_property
    def home_districts(self) -> list[Division]:
        return [d for d in self.districts if d.code.startswith(HOME_CITY)]

    @cached_property
    def home_quarters(self) -> list[str]:
        """Communities and quarters of the home city, without what they end in."""
        known = {n for code, names in communities().items() if code[:4] == HOME_CITY for n in names}
        known |= {name for names in quarters().values() for name in names}
        return sorted(known - self.home_streets)

    @cached_property
    def home_streets(self) -> set[str | None]:
        """Streets of the home city for short."""
        return {
            short_name("street", street.name)
            for d in self.home_districts
            for street in self.streets.get(d.code, [])
        }

    def quarter_name(self) -> str:
        """A known name of the place at hand, or a village's."""
        if self.city_code == HOME_CITY and self.chance(0.35):
            return self.r.choice(self.home_quarters)
        name = self.local_root() if self.chance(0.75) else self.village_root()
        return self.village_root() if name in self.home_streets else name

    def company_place(self, out: list[Piece]) -> None:
        """A named place with its parts and what lies inside."""
        before = out[-1][1] if out else ""
        kind = self.r.random()
        if kind < 0.34:
            self.in_tower(out)
        elif kind < 0.56:
            self.in_home(out)
        elif kind < 0.9:
            out.append((self.works(bare=before in ("community", "street")), "poi"))
            self.in_works(out)
        else:
            self.in_firm(out)

    def in_tower(self, out: list[Piece]) -> None:
        """An office tower."""
        r = self.r
        out.append((self.tower(), "poi"))
        if self.chance(0.12):
            self.put(out, "subpoi", w.TOWER_PARTS)
        elif self.chance(0.04):
            out.append((self.r.choice("一二三") + "期", "subpoi"))
        elif self.chance(0.03):
            self.put(out, "landmark", w.SIDES)
        if self.chance(0.07):
            out.append((f"{r.randint(1, 3000)}号", "room"))
            return
        self.storey(out, building=0.35, letters=True)

    def tower(self) -> str:
        name = self.one_of(
            (4, self.own_name),
            (1.5, lambda: self.own_name() + self.r.choice(w.INDUSTRIES)),
            (1, self.local_name),
            (1, lambda: self.chars(w.FORTUNE, 2)),
            (0.6, self.known.common),
            (0.4, lambda: self.own_name() + str(self.r.choice([66, 88, 168, 360, 1980]))),
            (0.4, lambda: self.letters(self.r.choice([2, 3]))),
            (0.5, lambda: self.own_name() + self.own_name()),
            (0.5, lambda: self.chars(w.FORTUNE, 2) + "集团"),
        )
        return name + self.r.choice(w.OFFICES if self.chance(0.85) else w.OFFICE_HOUSES)

    def in_home(self, out: list[Piece]) -> None:
        """Housing: a court of its own name, a block, a flat."""
        r = self.r
        name = self.estate()
        if self.chance(0.06):
            name = self.root() + r.choice("一二三四") + "村"
        elif self.chance(0.015):
            name = f"{r.randint(1, 30)}号" + r.choice(["小区", "小区", "大院"])
        out.append((name, "poi"))
        way = r.random()
        if way < 0.25:
            court = self.chars(w.LANDSCAPE + w.FORTUNE + w.POETIC, 2) + r.choice(w.COURTS)
            out.append((court, "subpoi"))
            if self.chance(0.85):
                self.flat(out)
            return
        if way < 0.31:
            self.put(out, "subpoi", ("会所", "裙楼", "商铺", "商场", "综合楼", "副楼", "写字楼"))
        elif way < 0.34:
            out.append((r.choice("一二三四东西南北") + r.choice("区期区"), "subpoi"))
        elif way < 0.37:
            self.door_inside(out, name)
        self.storey(out, building=0.7, letters=True)

    def own_name(self) -> str:
        """A root that is no community's of the place at hand: behind a quarter it begins a name."""
        name = self.root()
        return self.chars(w.FORTUNE, 2) if name in self.near_names() else name

    def near_names(self) -> set[str]:
        """Names of the communities of the city at hand."""
        if self.city_code not in self._near_names:
            self._near_names[self.city_code] = set(self.near_by.get(self.city_code, ()))
        return self._near_names[self.city_code]

    @cached_property
    def _near_names(self) -> dict[str, set[str]]:
        return {}

    def works(self, *, bare: bool) -> str:
        """An industrial area; behind a community also without a name."""
        r = self.r
        end = r.choice(w.PARKS if self.chance(0.5) else w.WORKS)
        ordinal = "第" + r.choice("一二三四五六七八九十") if self.chance(0.18) else ""
        if ordinal:
            end = r.choice(["工业区", "工业区", "工业区", "工业村", "工业园", "工业邨"])
        if bare and self.chance(0.3):
            if not ordinal:
                end = r.choice(["工业区", "工业区", "工业园", "厂房"])
            return ordinal + end
        if self.chance(0.3):  # named after the quarter: 固戍第一工业区, 固戍西部工业园
            plain = r.choice(["工业区", "工业区", "工业区", "工业园", "工业村", "工业城", "科技园"])
            side = r.choice("东西南北") + r.choice(["部", ""]) if self.chance(0.08) else ""
            return self.quarter_name() + side + ordinal + (end if ordinal else plain)
        name = self.one_of(
            (5, self.own_name), (1, lambda: self.own_name() + r.choice(w.INDUSTRIES)),
            (1, lambda: self.chars(w.FORTUNE, 3)),
        )  # fmt: skip
        if bare and not ordinal and self.chance(0.4):
            name = self.chars(w.FORTUNE, r.choice([2, 2, 3]))
        if not bare and self.chance(0.08):
            return r.choice(["", "", name]) + r.choice("一二三四五六七") + r.choice(["小区", "区"])
        return name + ordinal + end

    def in_works(self, out: list[Piece]) -> None:
        """Areas, rows, firms and blocks of an industrial area."""
        r = self.r
        if self.chance(0.18):
            self.put(out, "subpoi", self.works_parts())
        elif self.chance(0.18):
            other = self.one_of(
                (2, self.firm), (2, lambda: self.works(bare=False)), (1, self.tower)
            )
            out.append((other, "subpoi"))
        elif self.chance(0.03):
            self.put(out, "landmark", w.WITHIN)
            if self.chance(0.6):
                inside = out[-1][0].endswith(("内", "里"))
                out.append((self.works(bare=False), "subpoi" if inside else "poi"))
        way = r.random()
        if way < 0.16:
            out.append((f"{r.randint(1, 60)}号", "number"))
            if self.chance(0.6):
                self.storey(out, building=0.5)
        elif way < 0.22:
            part = self.r.choice(w.WORKS_HOUSES)
            out.append((part, "subpoi"))
            self.storey(out, building=0.3)
        elif way < 0.8:
            self.storey(out, building=0.85)

    def works_parts(self) -> list[str]:
        r = self.r
        return [
            r.choice("ABCDEF") + "区", r.choice("东西南北") + "区", r.choice("一二三四五") + "区",
            r.choice("一二三") + "期", r.choice("一二三四五六") + "排", f"{r.randint(1, 9)}区",
            f"{r.randint(1, 5)}-{r.randint(1, 5)}区", r.choice("东西南北") + "门",
        ]  # fmt: skip

    def in_firm(self, out: list[Piece]) -> None:
        """A firm or office as the place, and a building of it."""
        name = self.one_of((3, self.firm), (2, self.institution), (1, self.market))
        out.append((name, "poi"))
        if self.chance(0.4):
            self.put(out, "subpoi", w.WORKS_HOUSES)
        elif self.chance(0.08):
            self.put(out, "landmark", w.WITHIN)
        self.storey(out, building=0.45)
