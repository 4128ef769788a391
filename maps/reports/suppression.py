"""How counts are published: small ones (1–9) are never told."""

SMALLEST_TOLD = 10
_BANDS = ((1, 9), (10, 19), (20, 49), (50, 99))


def told(count: int) -> str:
    """A count as it may be published: 0, ``<10``, or the number itself.

    Only for a count that stands alone. Where parts and their total are published together, a
    part that is suppressed follows from the rest; use ``banded`` for the parts then.
    """
    return "<10" if 0 < count < SMALLEST_TOLD else f"{count:,}"


def banded(count: int) -> str:
    """A count as a band, so that no sum of bands gives a number away."""
    if count == 0:
        return "0"
    for least, most in _BANDS:
        if count <= most:
            return f"{least}–{most}"
    return "100+"
