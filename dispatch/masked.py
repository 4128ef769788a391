"""What is told of a tier whose people are masked until they accept: counts by cell, and a chance.

Without an incident to alert them to, nothing is worked out here beyond what may be told, so that
neither the answer nor the time it takes depends on where within their cells people are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, repeat
from zoneinfo import ZoneInfo

import shapely

from blockdata.profile import Profile, Tier
from blockdata.text import Text
from blockdata.units import SECONDS_PER_MINUTE
from dispatch.answering import NO_ROAD, OTHER_TIME, point, pool_part, turnout_part
from dispatch.cells import CellCounts, area_km2, cell_of, cells_near, outline_of
from dispatch.chance import Arrivals, Share, at_least_one, share_of
from dispatch.desk import Desk, Incident
from dispatch.fleet import Fleet
from dispatch.models import CellPart, ChancePart, MaskedTierPart
from dispatch.turnout import AlertSet, Turnout, smallest_alert_set, tier_turnout


@dataclass(frozen=True)
class Nearby:
    """Of one masked tier: how many were counted in each cell near a place, and the cell's share.

    ``available`` are those counted anywhere; ``reached`` says whether there is a road to the place,
    ``here`` in which cell that is.
    """

    here: str
    counted_at: datetime
    available: int
    counts: Mapping[str, int]
    shares: Mapping[str, Share]
    turnout: Turnout
    target_s: int
    reached: bool

    @property
    def counted(self) -> int:
        """How many were counted in the cells nearby."""
        return sum(self.counts.values())

    def alert_set(self, wanted: float) -> AlertSet:
        """How many to alert for a wanted chance, those of the cells with the best chance first."""
        each = (repeat(self.shares[cell].in_time, n) for cell, n in self.counts.items())
        return smallest_alert_set(list(chain.from_iterable(each)), wanted)


def look_nearby(
    desk: Desk,
    fleet: Fleet,
    counted: CellCounts | None,
    incident: Incident,
    tier: Tier,
    target_s: int,
    moment: datetime,
) -> Nearby | None:
    """The cells near an incident with their counts, and each cell's share of street in time.

    None where there are no counts of the moment asked about.
    """
    if counted is None:
        return None
    profile, mode = desk.profile, desk.profile.tiers[tier].mode
    rules, everywhere = profile.dispatch, counted.by_tier[tier]
    at = shapely.Point(incident.lon, incident.lat)
    cells = [
        cell
        for cell in cells_near(at, rules.coarse_reach_m, rules.coarse_cell_h3_resolution)
        if desk.streets.spread_m(mode, cell) >= rules.coarse_least_spread_m
    ]
    code = incident.grid["code"] if incident.grid else None
    turnout = tier_turnout(profile, tier, moment, code)
    places = incident.places[mode]
    arrivals = Arrivals(fleet.travel[mode], places)
    shares = {
        cell: share_of(arrivals, desk.streets.of(mode, cell), turnout, target_s) for cell in cells
    }
    return Nearby(
        here=cell_of(at, rules.coarse_cell_h3_resolution),
        counted_at=counted.counted_at,
        available=sum(everywhere.values()),
        counts={cell: everywhere.get(cell, 0) for cell in cells},
        shares=shares,
        turnout=turnout,
        target_s=target_s,
        reached=bool(places.on_network.any()),
    )


def masked_part(
    profile: Profile, fleet: Fleet, tier: Tier, target_s: int, found: Nearby | None
) -> MaskedTierPart:
    """The answer of one masked tier; ``found`` is None where the question is not about now."""
    rules, book = profile.tiers[tier], fleet.roster.book_of(tier)
    note = OTHER_TIME if found is None else _why(profile)
    return MaskedTierPart(
        tier=tier,
        name_zh=rules.name_zh,
        name_en=rules.name_en,
        mode=rules.mode,
        target_s=target_s,
        pool=pool_part(book, None if found is None else found.available),
        counted_at=None if found is None else _local(profile, found.counted_at),
        cells=[] if found is None else _cells(found),
        chance=None if found is None else _chance(found),
        note_zh=note.zh,
        note_en=note.en,
    )


def _local(profile: Profile, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(profile.district.timezone)).isoformat(timespec="seconds")


def _cells(found: Nearby) -> list[CellPart]:
    return [
        CellPart(
            h3=cell,
            outline=[point(*corner) for corner in outline_of(cell)],
            here=cell == found.here,
            count=count,
        )
        for cell, count in found.counts.items()
    ]


def _chance(found: Nearby) -> ChancePart:
    each = [(share, found.counts[cell]) for cell, share in found.shares.items()]
    near = at_least_one((share.near, number) for share, number in each)
    in_time = at_least_one((share.in_time, number) for share, number in each)
    words = _chance_words(found, near, in_time)
    return ChancePart(
        counted=found.counted,
        near=round(near, 4),
        in_time=round(in_time, 4),
        turnout=turnout_part(found.turnout),
        zh=words.zh,
        en=words.en,
    )


def _chance_words(found: Nearby, near: float, in_time: float) -> Text:
    if not found.reached:
        return NO_ROAD
    if not found.counted:
        return Text("附近区块内现在没有可通知的人", "nobody can be alerted in the cells nearby now")
    span, arrives, stands = _span(found.target_s), _percent(in_time), _percent(near)
    return Text(
        f"附近区块内 {found.counted} 人可通知;{span.zh}路程以内有人在岗的可能{stands.zh};"
        f"若全部通知,另计接受与出发准备,{span.zh}内有人到达的可能{arrives.zh}",
        f"{found.counted} can be alerted in the cells nearby; the chance that one stands within "
        f"{span.en} of travel is {stands.en}; that one is there within {span.en} if all are "
        f"alerted, counting acceptance and turnout as well, is {arrives.en}",
    )


def _why(profile: Profile) -> Text:
    size = f"{area_km2(profile.dispatch.coarse_cell_h3_resolution):.1f}"
    often = _span(profile.dispatch.coarse_counts_hold_s)
    return Text(
        f"接受任务前只按约 {size} 平方公里的区块计数(最多每 {often.zh}更新一次),"
        "不显示姓名、位置、用时与先后,以免被定位;可能性按各人均匀分布在所在区块的街道上估算",
        f"until they accept they are only counted, by cells of about {size} km² and no oftener "
        f"than every {often.en}: no names, places, times or order, so that nobody can be located; "
        "chances are reckoned as if each stood anywhere on the streets of the own cell",
    )


def _span(target_s: int) -> Text:
    if target_s % SECONDS_PER_MINUTE:
        return Text(f"{target_s} 秒", f"{target_s} s")
    minutes = target_s // SECONDS_PER_MINUTE
    return Text(f"{minutes} 分钟", f"{minutes} min")


def _percent(share: float) -> Text:
    """A chance as a person reads it; never the 0% or 100% that rounding would make of it."""
    if share < 0.01:
        return Text("不足 1%", "under 1%")
    if share > 0.99:
        return Text("超过 99%", "over 99%")
    return Text(f"约 {share:.0%}", f"about {share:.0%}")
