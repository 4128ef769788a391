"""What makes drawn lines look grown: displaced midpoints and one smooth warp of the plane."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Wavelength (m), amplitude (m) and heading (rad) of the waves that are added to every position. The
# slopes 2π·amplitude/wavelength add up to less than 1, so the warp never folds the plane.
_WAVES = (
    (2900.0, 80.0, 0.4),
    (2100.0, 50.0, 1.9),
    (830.0, 22.0, 1.1),
    (640.0, 14.0, 2.7),
)


def warp(xy: Floats) -> Floats:
    """Positions (n, 2) in metres, bent by smooth waves; neighbours stay neighbours."""
    moved = xy.copy()
    for k, (wavelength, amplitude, heading) in enumerate(_WAVES):
        along = (xy[:, 0] * np.cos(heading) + xy[:, 1] * np.sin(heading)) % wavelength
        wave = amplitude * np.sin(2 * np.pi * along / wavelength + 0.7 * k)
        moved[:, 0] -= np.sin(heading) * wave
        moved[:, 1] += np.cos(heading) * wave
        across = (-xy[:, 0] * np.sin(heading) + xy[:, 1] * np.cos(heading)) % wavelength
        moved[:, 0] += 0.4 * np.cos(heading) * amplitude * np.cos(2 * np.pi * across / wavelength)
    return moved


def displace(line: Floats, rng: np.random.Generator, roughness: float, step_m: float) -> Floats:
    """A polyline (n, 2) whose pieces are halved until ``step_m``, each midpoint moved sideways.

    Args:
        line: the polyline; its vertices stay.
        rng: where the randomness comes from.
        roughness: standard deviation of the sideways move, as a share of the piece's length.
        step_m: pieces shorter than twice this are left.
    """
    while True:
        piece = np.diff(line, axis=0)
        length = np.hypot(piece[:, 0], piece[:, 1])
        long = np.flatnonzero(length > 2 * step_m)
        if not len(long):
            return line
        shift = np.clip(rng.normal(0.0, roughness, len(long)), -2 * roughness, 2 * roughness)
        sideways = np.column_stack([-piece[long, 1], piece[long, 0]])
        middle = line[long] + piece[long] / 2 + sideways * shift[:, None]
        line = np.insert(line, long + 1, middle, axis=0)
