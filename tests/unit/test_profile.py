"""The district profile is read whole, and a wrong one is refused by the field's name."""

from pathlib import Path

import pytest

from blockdata.errors import InputError, NotFound
from blockdata.profile import MODES, TIERS, data_folder, load_profile


def test_the_shipped_profile_has_the_published_figures() -> None:
    profile = load_profile("baoan")
    assert profile.figures.grids == 4_866
    assert profile.figures.communities == 124
    assert len(profile.streets) == 10
    assert [profile.tiers[tier].target_s for tier in TIERS] == [60, 180, 300]
    assert set(profile.modes) == set(MODES)


def test_shares_of_the_shipped_profile_add_up() -> None:
    profile = load_profile("baoan")
    assert sum(street.share for street in profile.streets) == pytest.approx(1)
    assert sum(kind.share for kind in profile.building_kinds.values()) == pytest.approx(1)
    for tier in TIERS:
        assert sum(s.share for s in profile.shifts if s.tier == tier) == pytest.approx(1)


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound) as refused:
        load_profile("atlantis")
    assert refused.value.cure is not None
    assert "baoan" in refused.value.cure.en


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (('code = "440306"', 'code = "4403"'), "district.code"),
        (("people = 5_382_900", "folk = 5_382_900"), "figures.people"),
        (('start = "08:00"', 'start = "25:00"'), "shifts.0.start"),
        (("target_s = 60", 'target_s = "soon"'), "tiers.volunteer.target_s"),
        (("[district]", "[district"), "profile"),
    ],
)
def test_a_wrong_profile_is_refused_by_its_field(
    tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    whole = (data_folder() / "profiles" / "baoan.toml").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(whole.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_profile(str(path))
    assert refused.value.field == field
    assert refused.value.cure is not None
