"""What is counted."""

from typing import Final

from blockdata.text import Text

KINDS: Final[dict[str, Text]] = {
    "people": Text("人口", "people"),
    "legal_entities": Text("法人", "legal entities"),
    "buildings": Text("楼栋", "buildings"),
    "units": Text("房屋套间", "units"),
    "key_sites": Text("重点部位", "key sites"),
    "posts": Text("屯警点", "police posts"),
}
"""Columns of every table of counts, with their names."""

NAMES: Final = tuple(KINDS)
RESOLUTIONS: Final = (7, 8, 9, 10, 11)
"""H3 resolutions that are counted; each by the points' own cells at that resolution."""
NO_GRID: Final = 0
"""Stands for the grid of what lies in none."""
