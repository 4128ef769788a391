"""How a block of each use is filled with roads. Sizes are ours, tuned to look like real towns."""

from dataclasses import dataclass

from ingest.synthetic.geography.model import EBIKE, FOOT, Character
from ingest.synthetic.geography.web import Way

RESIDENTIAL = Way("residential")
LIVING = Way("living_street")
SERVICE = Way("service")
LANE = Way("service", FOOT | EBIKE)  # too narrow for a car
PEDESTRIAN = Way("pedestrian")
PATH = Way("path")
FOOTWAY = Way("footway")
STEPS = Way("steps")
TRACK = Way("track")


@dataclass(frozen=True)
class Pattern:
    """How one block is filled.

    Attributes:
        leaf_m2: faces smaller than about this are not cut any more.
        jitter_rad: standard deviation of a road's heading from square.
        snap_m: a road meets an existing junction that is this near, which makes a crossing.
        gate_share: chance that a road goes through to the roads around the block.
        ring_m: a ring road is laid this far inside the block, with one to three gates; 0 for none.
        stub_share: chance that a face which is not cut any more gets a dead end.
        ways: what roads are like, by how many cuts came before; one of the tuple is drawn.
        stubs: what dead ends are like.
    """

    leaf_m2: float
    jitter_rad: float
    snap_m: float
    gate_share: float
    ring_m: float
    stub_share: float
    ways: tuple[tuple[Way, ...], ...]
    stubs: tuple[Way, ...]


PATTERNS: dict[str, Pattern] = {
    "village": Pattern(
        3100.0, 0.05, 17.0, 0.16, 0.0, 0.10,
        ((LIVING,), (LIVING, SERVICE), (SERVICE, LANE), (LANE, LANE, FOOTWAY)),
        (LANE, FOOTWAY, FOOTWAY),
    ),
    "estate": Pattern(
        6300.0, 0.08, 20.0, 0.5, 18.0, 0.28,
        ((SERVICE,), (SERVICE, FOOTWAY), (FOOTWAY, FOOTWAY, SERVICE)),
        (FOOTWAY, FOOTWAY, SERVICE, STEPS),
    ),
    "industrial": Pattern(
        9500.0, 0.03, 26.0, 0.15, 0.0, 0.28,
        ((SERVICE,), (SERVICE,), (SERVICE, SERVICE, FOOTWAY)),
        (SERVICE, SERVICE, FOOTWAY),
    ),
    "grid": Pattern(
        7500.0, 0.04, 24.0, 0.28, 0.0, 0.22,
        ((RESIDENTIAL,), (SERVICE, PEDESTRIAN), (FOOTWAY, SERVICE)),
        (FOOTWAY, SERVICE),
    ),
    "park": Pattern(
        16000.0, 0.35, 12.0, 0.4, 0.0, 0.25,
        ((PATH,), (FOOTWAY, PATH), (FOOTWAY,)),
        (FOOTWAY, STEPS),
    ),
    "hill": Pattern(
        60000.0, 0.45, 20.0, 0.5, 0.0, 0.6,
        ((TRACK,), (PATH, TRACK), (PATH, STEPS, FOOTWAY)),
        (PATH, STEPS),
    ),
}  # fmt: skip

# What the blocks of a community are used for, by its character: chances that add up to 1.
USES: dict[Character, dict[str, float]] = {
    "village": {"village": 0.62, "estate": 0.18, "industrial": 0.12, "grid": 0.05, "park": 0.03},
    "residential": {"village": 0.20, "estate": 0.56, "industrial": 0.06, "grid": 0.1, "park": 0.08},
    "industrial": {"village": 0.20, "estate": 0.14, "industrial": 0.58, "grid": 0.03, "park": 0.05},
    "centre": {"village": 0.16, "estate": 0.44, "industrial": 0.02, "grid": 0.3, "park": 0.08},
    "hills": {"village": 0.08, "estate": 0.07, "industrial": 0.05, "grid": 0.0, "park": 0.8},
}

# Area in m² at which a block gets one use, by character.
BLOCK_M2: dict[Character, float] = {
    "village": 100e3,
    "residential": 115e3,
    "industrial": 140e3,
    "centre": 80e3,
    "hills": 400e3,
}
