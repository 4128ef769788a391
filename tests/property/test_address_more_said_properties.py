"""Whoever says more that is true is answered no worse."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.address._kernels import resolving as k
from blockdata.address.match import match_many
from tests.unit._address_library import small_library

# true of everything in 固戍社区 of the small library
_LEVELS = ("广东省深圳市宝安区", "西乡街道", "固戍社区")
_DOORS = st.sampled_from([12, 16, 116, 168, 170, 172, 177, 9999])
_ROADS = st.sampled_from(["固戍一路", "固戍1路", "固戍衣路", "固戍", "固戍一", "固固戍一路"])
_ESTATES = st.sampled_from(["海裕花园", "海裕", "海浴花园", "海裕花圆", "新海裕花园", "海裕湾畔"])
_REMARKS = st.sampled_from(
    ["", "附近", "对面", "金谷大院", "科技有限公司", "东区", "门口", "往北50米"]
)
_BLOCKS = st.sampled_from(["", "3栋", "3栋2单元501房", "3-2-501", "99栋"])
_AT_A_DOOR = st.builds("{}{}号{}".format, _ROADS, _DOORS, _REMARKS)
_IN_AN_ESTATE = st.builds("{}{}{}".format, _ESTATES, _BLOCKS, _REMARKS)
_BOTH = st.builds("{}{}号{}{}".format, _ROADS, _DOORS, _ESTATES, _BLOCKS)
_IN_A_VILLAGE = st.builds("固戍{}{}号{}".format, st.sampled_from("东西"), _DOORS, _REMARKS)
_TEXTS = _AT_A_DOOR | _IN_AN_ESTATE | _BOTH | _IN_A_VILLAGE
_SUBSETS = st.sets(st.integers(0, 2))


@settings(max_examples=300, deadline=None)
@given(_TEXTS, _SUBSETS, _SUBSETS)
def test_a_true_division_more_lowers_neither_level_nor_probability(
    text: str, said: set[int], more: set[int]
) -> None:
    less, fuller = (
        "".join(_LEVELS[i] for i in sorted(levels)) + text for levels in (said, said | more)
    )
    before = match_many(small_library(), [less], explained=True)
    if before.level[0] == k.NOTHING:
        return
    after = match_many(small_library(), [fuller])
    assert after.level[0] >= before.level[0]
    assert after.node[0] == before.node[0] or after.level[0] > before.level[0]
    assert after.probability[0] >= before.probability[0] - 1e-9
