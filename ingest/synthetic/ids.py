"""Permanent ids of the synthetic district: a block for each community, the same at every scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blockdata.errors import InputError
from blockdata.profile import Profile
from blockdata.storage.tables.base import first_id
from blockdata.text import Text

_ROW_BITS = 20
_COMMUNITIES_PER_STREET = 100


@dataclass(frozen=True)
class IdBlock:
    """Ids of one community's rows; each table counts from the block's start for itself."""

    start: int

    def ids(self, count: int) -> NDArray[np.int64]:
        """The first ``count`` ids.

        Raises:
            InputError: a community has more rows than its block.
        """
        if count > 1 << _ROW_BITS:
            raise InputError(
                Text(
                    f"一个社区有 {count} 行,超过 {1 << _ROW_BITS} 行",
                    f"a community has {count} rows, more than {1 << _ROW_BITS}",
                ),
                field="figures",
                cure=Text("减小辖区配置中的数量", "lower the figures of the profile"),
            )
        return self.start + np.arange(count, dtype=np.int64)


def community_slot(profile: Profile, community_code: str) -> int:
    """The community's number in the whole district, below 1,000; from its code alone.

    Raises:
        InputError: more streets or communities than three digits can number.
    """
    streets = [profile.district.code + street.code for street in profile.streets]
    street, community = streets.index(community_code[:9]), int(community_code[9:])
    slot = street * _COMMUNITIES_PER_STREET + community
    if community >= _COMMUNITIES_PER_STREET or slot >= 1000:
        raise InputError(
            Text(
                "合成区最多 10 个街道,每街道 99 个社区",
                "a synthetic district has at most 10 streets of 99 communities each",
            ),
            field="streets",
            cure=Text("减少辖区配置中的街道或社区", "put fewer of them into the profile"),
        )
    return slot


def id_block(area_id: int, slot: int) -> IdBlock:
    """The block of a community within an area."""
    return IdBlock(first_id(area_id) + (slot << _ROW_BITS))
