"""Units, where a bare number would leave room for doubt."""

MS_PER_S = 1000
SECONDS_PER_MINUTE = 60


def kph_to_mps(speed_kph: float) -> float:
    """Speed in km/h as metres per second."""
    return speed_kph / 3.6
