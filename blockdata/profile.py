"""The district profile: names, counts, targets, speeds and catalogues of one district, from a file.

Nothing in the code assumes the figures of any district; they all stand in ``data/profiles``.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from blockdata.address.landmark_kinds import CountedKind
from blockdata.clean import A_LINE, shown
from blockdata.errors import BadSetting, BlockdataError, InputError, NotFound
from blockdata.files import is_file
from blockdata.reading import read_document
from blockdata.text import Text
from blockdata.validation import from_validation

Tier = Literal["volunteer", "auxiliary", "officer"]
Mode = Literal["foot", "ebike", "patrol"]
TIERS: tuple[Tier, ...] = ("volunteer", "auxiliary", "officer")
MODES: tuple[Mode, ...] = ("foot", "ebike", "patrol")

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Seconds = Annotated[int, Field(ge=0, le=7 * 86_400)]
Span = tuple[Annotated[int, Field(ge=1, le=200)], Annotated[int, Field(ge=1, le=200)]]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Named(_Part):
    name_zh: str
    name_en: str

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_zh, self.name_en)


class District(_Part):
    """Where the district is; ``centre`` is WGS 84 lon, lat."""

    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    province_zh: str
    city_zh: str
    district_zh: str
    province_en: str
    city_en: str
    district_en: str
    area_km2: Positive
    centre: tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
    timezone: str

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise InputError(
                Text(f"没有时区 {shown(name)}", f"there is no time zone {shown(name)}")
            ) from None
        return name


class Figures(_Part):
    """How many of everything there are at scale 1."""

    people: Count
    legal_entities: Count
    buildings: Count
    rooms: Count
    grids: Count
    communities: Count
    volunteers: Count
    auxiliaries: Count
    officers: Count
    key_sites: Count
    posts: Count


class Street(_Named):
    """A street (街道): its code within the district and its share of the people."""

    code: Annotated[str, Field(pattern=r"^\d{3}$")]
    share: Share


class Landmark(_Part):
    """The address that every build of the demo district holds."""

    street_zh: str
    community_zh: str
    road_zh: str
    number: Count
    estate_zh: str


class TierRules(_Named):
    """How a tier travels, and the seconds it has."""

    mode: Mode
    target_s: Annotated[Seconds, Field(gt=0)]
    masked_until_accepted: bool


class ModeRules(_Named):
    """How fast a travel mode is on each road class (km/h) and what it must obey.

    ``roaming_speed_kph`` is how fast one on duty may have moved since the last fix.
    """

    access_speed_kph: Positive
    max_snap_m: Positive
    honours_oneway: bool
    honours_maxspeed: bool
    maxspeed_replaces_default: bool = False
    emergency_factor: Positive = 1.0
    emergency_max_kph: Positive = 130.0
    roaming_speed_kph: Positive = 5.0
    contraflow_classes: tuple[str, ...] = ()
    speeds_kph: dict[str, Positive]


class TrafficBand(_Named):
    """Hours at which a mode travels at so many times its usual speed, by road class.

    Local hours, the last excluded, wrapping midnight; ``days`` are 1 Monday … 7 Sunday. Classes
    that are not listed keep their speed.
    """

    mode: Mode
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...]
    from_hour: Annotated[int, Field(ge=0, le=23)]
    to_hour: Annotated[int, Field(ge=1, le=24)]
    factors: dict[str, Annotated[float, Field(gt=0, le=2)]]


class ArrivalRules(_Part):
    """What it takes from the kerb to the door, by what stands there; shown as legs of their own.

    ``gate_s`` at the gate of what ``gated_stands`` names (``BuildingKind.stands``), ``entrance_s``
    at the building's own door. Up to ``stairs_floors`` floors at ``stairs_s_per_floor``, above that
    by lift: ``lift_wait_s`` and ``lift_s_per_floor``.
    """

    gated_stands: tuple[str, ...]
    gate_s: Annotated[float, Field(ge=0)]
    entrance_s: Annotated[float, Field(ge=0)]
    stairs_floors: Annotated[int, Field(ge=0)]
    stairs_s_per_floor: Annotated[float, Field(ge=0)]
    lift_wait_s: Annotated[float, Field(ge=0)]
    lift_s_per_floor: Annotated[float, Field(ge=0)]


class AssignmentDefaults(_Part):
    """When a unit under way may be sent elsewhere, and what else a joint assignment needs."""

    min_divert_gain_s: Seconds
    divert_again_after_s: Seconds


class DispatchRules(_Part):
    """Limits and defaults of a search for responders.

    ``moved_at_most_m`` caps how far one may be thought to have moved since the last fix;
    ``alert_chance`` is the wanted chance that one of the volunteers alerted arrives in time. Of a
    masked tier H3 cells of ``coarse_cell_h3_resolution`` are told that come within
    ``coarse_reach_m`` of an incident, and how many were in each when last counted, which is done
    no oftener than every ``coarse_counts_hold_s``. A cell is not told where the best guess on its
    streets is, by median, nearer than ``coarse_least_spread_m`` to somebody anywhere on them.
    """

    moved_at_most_m: Annotated[float, Field(ge=0)]
    alert_chance: Share
    fix_max_age_s: Seconds
    default_k: Annotated[int, Field(ge=1, le=50)]
    search_limit_s: Annotated[Seconds, Field(gt=0)]
    coarse_cell_h3_resolution: Annotated[int, Field(ge=0, le=9)]
    coarse_reach_m: Positive
    coarse_least_spread_m: Annotated[float, Field(ge=0)]
    coarse_counts_hold_s: Annotated[int, Field(gt=0)]
    doubt_below: Share


class GridRules(_Part):
    """How the planner draws base grids: their size, its tolerance, and where borders run best.

    A metre of border costs ``road_costs`` by road class (``…_link`` as its road), ``path_cost`` on
    any other way, and ``off_road_cost`` where there is none.
    """

    units_per_grid: Positive
    people_per_grid: Positive
    most_per_community: Annotated[int, Field(ge=1, le=99)]
    tolerance: Annotated[float, Field(gt=0, lt=1)]
    off_road_cost: Positive
    path_cost: Positive
    road_costs: dict[str, Positive]

    def cost_of(self, road_class: str) -> float:
        """What a metre of border costs along a road of this class."""
        return self.road_costs.get(road_class.removesuffix("_link"), self.path_cost)


class ReviewRules(_Part):
    """The clerical queue: for how many days a text waits that nobody decides."""

    keep_undecided_days: Annotated[int, Field(ge=1, le=3650)]


class HourFactor(_Part):
    """From one local hour to another (wrapping midnight), acceptance is so many times the usual."""

    from_hour: Annotated[int, Field(ge=0, le=23)]
    to_hour: Annotated[int, Field(ge=1, le=24)]
    factor: Positive


class TurnoutRules(_Part):
    """How a tier answers an alert; parameters of tier, hour and street, never of a person.

    The delay from the alert to the departure is lognormal with median ``median_s`` and shape
    ``sigma``; ``acceptance`` is the chance that one alerted accepts at all.
    """

    acceptance: Share
    median_s: Positive
    sigma: Positive
    hours: tuple[HourFactor, ...] = ()
    streets: dict[str, Positive] = {}


class ShiftRules(_Named):
    """One shift of a tier: local start, hours, days (1 Monday … 7 Sunday), share of the tier."""

    tier: Tier
    start: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    hours: Annotated[int, Field(gt=0, le=24)]
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...]
    share: Share

    @property
    def start_minute(self) -> int:
        """Minute of the local day at which the shift begins."""
        hour, minute = self.start.split(":")
        return int(hour) * 60 + int(minute)

    @property
    def weekday_mask(self) -> int:
        """Days as bits: bit 0 is Monday."""
        return sum(1 << (day - 1) for day in self.days)


class BuildingKind(_Named):
    """A kind of building: share of all buildings, its size, and how it stands.

    ``stands``: numbered within an urban village, one of several in an estate, or by itself at a
    road. ``people_per_room``: how people spread over rooms, relative to other kinds; 0 where nobody
    lives.
    """

    share: Share
    floors: Span
    rooms_per_floor: Span
    footprint_m: tuple[Positive, Positive]
    stands: Literal["village", "estate", "single"]
    people_per_room: Annotated[float, Field(ge=0)]

    @property
    def homes(self) -> bool:
        """Whether people live there; entities sit in the others, and on a home's ground floor."""
        return self.people_per_room > 0


class LandmarkRules(_Part):
    """For how many people there is one landmark of a kind, and with how many exits (of a metro)."""

    people_to_one: Annotated[float, Field(ge=100, le=1e9)]
    exits: Annotated[int, Field(ge=0, le=26)] = 0


class EntityKind(_Named):
    """A kind of legal entity: share of all, and the first two characters of its credit code."""

    share: Share
    credit_prefix: Annotated[str, Field(pattern=r"^[1-9A-Y][1-9]$")]


class Profile(_Part):
    """Everything that makes one district what it is; ``load_profile`` finds it by its name."""

    name: str
    district: District
    figures: Figures
    streets: tuple[Street, ...]
    landmark: Landmark
    tiers: dict[Tier, TierRules]
    modes: dict[Mode, ModeRules]
    traffic: tuple[TrafficBand, ...] = ()
    arrival: ArrivalRules
    assignment: AssignmentDefaults
    dispatch: DispatchRules
    grids: GridRules
    review: ReviewRules
    turnout: dict[Tier, TurnoutRules]
    shifts: tuple[ShiftRules, ...]
    building_kinds: dict[str, BuildingKind]
    entity_kinds: dict[str, EntityKind]
    landmark_kinds: dict[CountedKind, LandmarkRules] = {}

    @property
    def told(self) -> tuple[Tier, ...]:
        """The tiers whose people are told of by name, place and time."""
        return tuple(t for t, rules in self.tiers.items() if not rules.masked_until_accepted)

    @property
    def masked(self) -> tuple[Tier, ...]:
        """The tiers whose people are only counted until they accept."""
        return tuple(t for t, rules in self.tiers.items() if rules.masked_until_accepted)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Every tier and every travel mode is told of."""
        for field, given, wanted in (
            ("tiers", self.tiers, TIERS),
            ("turnout", self.turnout, TIERS),
            ("modes", self.modes, MODES),
        ):
            missing = [name for name in wanted if name not in given]
            if missing:
                raise InputError(
                    Text(f"缺少 {missing[0]}", f"{missing[0]} is missing"), field=field
                )
        return self


def data_folder() -> Path:
    """The folder of profiles and catalogues: in the installed wheel, else in the checkout."""
    here = Path(__file__).resolve().parent
    packed = here / "_data"
    return packed if packed.is_dir() else here.parent / "data"


def profile_of_settings(name: str) -> Profile:
    """The profile that ``BLOCKDATA_PROFILE`` names.

    Raises:
        BadSetting: there is no such profile, or its file is wrong.
    """
    try:
        return load_profile(name)
    except BlockdataError as error:
        raise BadSetting(error.detail, field="BLOCKDATA_PROFILE", cure=error.cure) from None


def load_profile(name: str) -> Profile:
    """Read a profile by name (a file of ``data/profiles``) or by path.

    Raises:
        NotFound: there is no such profile.
        InputError: the file is not a sound profile; names the field of the file.
    """
    shipped = data_folder() / "profiles" / f"{name}.toml"
    path = shipped if is_file(shipped) else Path(name)
    if not is_file(path):
        known = ", ".join(sorted(p.stem for p in (data_folder() / "profiles").glob("*.toml")))
        named = shown(name)
        raise NotFound(
            Text(f"没有名为“{named}”的辖区配置", f"there is no district profile '{named}'"),
            field="profile",
            cure=Text(
                f"可用:{known},或给出 .toml 文件路径", f"use {known}, or a path to a .toml file"
            ),
        )
    text = read_document(path, field="profile")
    found_by = name if path == shipped else str(path.absolute())
    try:
        return Profile.model_validate({"name": found_by} | tomllib.loads(text))
    except ValidationError as error:
        wrong = from_validation(error.errors(), otherwise="profile")
        raise _bad_profile(path, wrong.detail, wrong.field or "profile") from None
    except (ValueError, RecursionError) as error:  # no TOML, a number or a nest too long for it
        said = shown(str(error), A_LINE)
        raise _bad_profile(path, Text(said, said), "profile") from None


def _bad_profile(path: Path, why: Text, field: str) -> InputError:
    return InputError(
        Text(f"辖区配置 {path} 有误:{why.zh}", f"the district profile {path} is wrong: {why.en}"),
        field=field,
        cure=Text(
            "按 data/profiles/baoan.toml 的写法更正", "mend it after data/profiles/baoan.toml"
        ),
    )
