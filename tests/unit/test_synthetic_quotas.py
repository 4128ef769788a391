"""Figures of the profile fall on communities to the last one."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockdata.errors import InputError
from blockdata.profile import load_profile
from ingest.synthetic.geography.model import Character
from ingest.synthetic.quotas import apportion, draw_span, quotas, room_skew

weights = st.lists(st.floats(0.001, 10), min_size=1, max_size=60).map(np.array)


@given(st.integers(0, 10**7), weights)
def test_apportion_adds_up_and_is_fair(total, weight):
    parts = apportion(total, weight)
    assert parts.sum() == total
    assert (np.abs(parts - total * weight / weight.sum()) < 1).all()


def spread(seed=0):
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(124, 1.5))
    characters = get_args(Character)
    return shares, [characters[i] for i in rng.integers(0, len(characters), 124)]


def test_quotas_add_up_to_the_published_figures():
    profile = load_profile("baoan")
    found = quotas(profile, *spread())
    figures = profile.figures
    assert sum(q.people for q in found) == figures.people
    assert sum(q.legal_entities for q in found) == figures.legal_entities
    assert sum(q.grids for q in found) == figures.grids
    assert all(1 <= q.grids <= 99 for q in found)
    assert sum(sum(q.buildings.values()) for q in found) == figures.buildings
    for kind, rules in profile.building_kinds.items():
        total = sum(q.buildings[kind] for q in found)
        assert total == pytest.approx(figures.buildings * rules.share, abs=1)
    assert sum(q.responders["volunteer"] for q in found) == figures.volunteers
    assert sum(q.responders["auxiliary"] for q in found) == figures.auxiliaries
    assert sum(q.responders["officer"] for q in found) == figures.officers
    assert sum(q.key_sites for q in found) == figures.key_sites
    assert sum(q.posts for q in found) == figures.posts


def test_too_many_grids_are_refused():
    profile = load_profile("baoan")
    figures = profile.figures.model_copy(update={"grids": 124 * 99 + 1})
    with pytest.raises(InputError) as caught:
        quotas(profile.model_copy(update={"figures": figures}), *spread())
    assert caught.value.field == "figures.grids"


def test_building_sizes_reach_the_rooms_of_the_profile():
    profile = load_profile("baoan")
    skew, rng = room_skew(profile), np.random.default_rng(1)
    rooms = 0
    for kind in profile.building_kinds.values():
        count = round(profile.figures.buildings * kind.share)
        floors = draw_span(kind.floors, skew, count, rng)
        assert floors.min() >= kind.floors[0]
        assert floors.max() <= kind.floors[1]
        rooms += int((floors * draw_span(kind.rooms_per_floor, skew, count, rng)).sum())
    assert rooms == pytest.approx(profile.figures.rooms, rel=0.01)
