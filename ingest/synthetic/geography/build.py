"""The geography of a synthetic district, from its profile and a seed."""

from blockdata.profile import Profile
from ingest.synthetic.geography.model import Geography


def build_geography(profile: Profile, seed: int, scale: float) -> Geography:
    """Streets, communities, water and roads of the synthetic district.

    Args:
        profile: the district; its drawn outlines are read from ``data/outlines``.
        seed: any non-negative integer; the same seed gives the same district.
        scale: 0 … 1. Whole, contiguous communities are built, up to that share of the people; the
            community of the profile's landmark is always among them.

    Raises:
        InputError: ``scale`` or ``seed`` is out of range.
        NotFound: no outlines are drawn for this profile.
    """
    raise NotImplementedError
