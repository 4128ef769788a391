"""Points put on raw OpenStreetMap segments: every piece of every road is looked at."""

from math import cos, radians, sin, sqrt

import numpy as np
from pyproj import Geod

GEOD = Geod(ellps="WGS84")


def metres_in_a_degree(lat):
    """Of longitude and of latitude on WGS 84: the radii of curvature of the ellipsoid."""
    phi, flat = radians(lat), 1 / 298.257223563
    squared = flat * (2 - flat)  # of the eccentricity
    across = 6_378_137.0 / sqrt(1 - squared * sin(phi) ** 2)
    along = across * (1 - squared) / (1 - squared * sin(phi) ** 2)
    return radians(1) * across * cos(phi), radians(1) * along


class Snapper:
    """The nearest point on the roads of one mode."""

    def __init__(self, oracle):
        segments = oracle.roads.segments
        used = sorted({segment for segment, _ in oracle.arcs})
        pieces, self.so_far, self.length_m = [], [], {}
        for s in used:
            line = np.array([oracle.roads.places[n] for n in segments[s].nodes])
            *_, steps = GEOD.inv(*line[:-1].T, *line[1:].T)
            so_far = np.concatenate(([0.0], np.cumsum(steps)))
            pieces.append(
                np.column_stack(
                    (np.full(len(line) - 1, s), line[:-1], line[1:], so_far[:-1], steps)
                )
            )
            self.length_m[s] = so_far[-1]
        self.pieces = np.concatenate(pieces)

    def put(self, lon, lat):
        """(segment, fraction), metres to it, and metres to the next other segment."""
        east, north = metres_in_a_degree(lat)
        of, ax, ay, bx, by, so_far, step = self.pieces.T
        a = np.column_stack(((ax - lon) * east, (ay - lat) * north))
        d = np.column_stack(((bx - ax) * east, (by - ay) * north))
        square = (d * d).sum(axis=1)
        share = np.divide(-(a * d).sum(axis=1), square, out=np.zeros_like(square), where=square > 0)
        share = share.clip(0, 1)
        away = np.hypot(*(a + share[:, None] * d).T)
        best = int(away.argmin())
        segment = int(of[best])
        others = away[of != segment]
        fraction = (so_far[best] + share[best] * step[best]) / self.length_m[segment]
        rival = float(others.min()) if others.size else np.inf
        return (segment, float(min(fraction, 1.0))), float(away[best]), rival
