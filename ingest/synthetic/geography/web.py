"""The lines and nodes that grow inside one community, before all are put together."""

from dataclasses import dataclass, field

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


@dataclass
class Line:
    """One road from end to end; ``shape`` (n, 2) metres, ``length_m`` along it."""

    way: Way
    shape: Floats
    length_m: float
    cut_start: bool = False
    cut_end: bool = False


@dataclass
class Side:
    """A side of a face: from (x, y) to the next side's; it runs on ``line`` from ``t0`` to ``t1``."""

    x: float
    y: float
    line: int
    t0: float
    t1: float


Face = list[Side]


@dataclass
class Web:
    """Growing roads of one community.

    Lines below ``first_line`` are the district's chains; the others stand in ``lines``. An event says
    that a node lies on a line at a distance from its start.
    """

    first_line: int
    lines: list[Line] = field(default_factory=list)
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    events: dict[int, list[tuple[float, int]]] = field(default_factory=dict)

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
        """The node on ``line`` between ``low`` and ``high`` that is nearest to ``t``.

        Returns its distance along the line and its number, or (inf, -1) where there is none.
        """
        best, found = np.inf, (float("inf"), -1)
        for at, node in self.events.get(line, ()):
            if low - 1e-6 <= at <= high + 1e-6 and abs(at - t) < best:
                best, found = abs(at - t), (at, node)
        return found

    def trim(self) -> None:
        """Pull cut ends back from the border; where a junction is that near, the line ends there."""
        for k, line in enumerate(self.lines):
            number = self.first_line + k
            if line.cut_start:
                self._trim_end(number, line, at_start=True)
            if line.cut_end:
                self._trim_end(number, line, at_start=False)

    def _trim_end(self, number: int, line: Line, *, at_start: bool) -> None:
        events = sorted(self.events[number])
        end, nearest = (0, 1) if at_start else (-1, -2)
        gap = abs(events[end][0] - events[nearest][0])
        t, node = events[end]
        if gap > 2 * _CUT_M:
            t += _CUT_M if at_start else -_CUT_M
            share = t / line.length_m
            a, b = line.shape[0], line.shape[-1]
            self.x[node], self.y[node] = (a + (b - a) * share).tolist()
            events[end] = (t, node)
        else:
            del events[end]
        self.events[number] = events
