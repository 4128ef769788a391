"""The lines and nodes that grow inside one community, before all are put together."""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from blockdata.text import Text

Floats = NDArray[np.float64]

NO_ROAD = -1
_CUT_M = 12.0  # a line whose end is cut stops this far before the border it would have met


@dataclass(frozen=True)
class Way:
    """What a road is like: its class, and who may use it (0: whoever the profile's modes let)."""

    road_class: str
    access: int = 0
    name: Text | None = None


class End(Enum):
    """How a road ends at what surrounds it."""

    JOINED = "joined"
    STOPS_SHORT = "stops short"  # a dead end just before
    TURNS_OFF = "turns off"  # nothing is left beyond its last junction


@dataclass
class Line:
    """One road from end to end; ``shape`` (n, 2) metres, ``length_m`` along it."""

    way: Way
    shape: Floats
    length_m: float
    start: End = End.JOINED
    end: End = End.JOINED


@dataclass
class Side:
    """A side of a face: from (x, y) to the next side's; on ``line`` from ``t0`` to ``t1``."""

    x: float
    y: float
    line: int
    t0: float
    t1: float


Face = list[Side]


@dataclass
class Web:
    """Growing roads of one community.

    Lines below ``first_line`` are the district's chains; the others stand in ``lines``. An event
    says that a node lies on a line at a distance from its start.
    """

    first_line: int
    lines: list[Line] = field(default_factory=list)
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    events: dict[int, list[tuple[float, int]]] = field(default_factory=dict)
    arms: dict[int, int] = field(default_factory=dict)  # roads that meet at a node, where over two

    def add_node(self, x: float, y: float) -> int:
        """A new node at metres (x, y)."""
        self.x.append(x)
        self.y.append(y)
        return len(self.x) - 1

    def add_event(self, line: int, t: float, node: int) -> None:
        """Put a node on a line."""
        self.events.setdefault(line, []).append((t, node))

    def add_line(self, way: Way, shape: Floats, start: int, end: int) -> int:
        """A new line between two nodes; returns its number."""
        piece = np.diff(shape, axis=0)
        length = float(np.hypot(piece[:, 0], piece[:, 1]).sum())
        line = self.first_line + len(self.lines)
        self.lines.append(Line(way, shape, length))
        self.events[line] = [(0.0, start), (length, end)]
        return line

    def nearest_event(self, line: int, low: float, high: float, t: float) -> tuple[float, int]:
        """The node on ``line`` between ``low`` and ``high`` nearest to ``t``; no full crossings.

        Returns its distance along the line and its number, or (inf, -1) where there is none.
        """
        best, found = np.inf, (float("inf"), -1)
        for at, node in self.events.get(line, ()):
            if (
                self.arms.get(node, 3) < 4
                and low - 1e-6 <= at <= high + 1e-6
                and abs(at - t) < best
            ):
                best, found = abs(at - t), (at, node)
        return found

    def trim(self) -> None:
        """Shorten roads whose ends do not join what surrounds them."""
        for k, line in enumerate(self.lines):
            for how, at_start in ((line.start, True), (line.end, False)):
                if how is not End.JOINED:
                    self._shorten(self.first_line + k, line, how, at_start=at_start)

    def _shorten(self, number: int, line: Line, how: End, *, at_start: bool) -> None:
        events = sorted(self.events[number])
        if len(events) < 2:
            return
        end, nearest = (0, 1) if at_start else (-1, -2)
        t, node = events[end]
        gap = abs(t - events[nearest][0])
        if how is End.STOPS_SHORT and gap > 2 * _CUT_M:
            t += _CUT_M if at_start else -_CUT_M
            a, b = line.shape[0], line.shape[-1]
            self.x[node], self.y[node] = (a + (b - a) * (t / line.length_m)).tolist()
            events[end] = (t, node)
        else:
            del events[end]
        self.events[number] = events
