"""Words that begin like a family name and are the name of a place: 黄田, 罗租, 石岩."""

from functools import cache

_NAME_LENGTHS = (2, 3)


def is_division(word: str) -> bool:
    """Whether a district, street, town or quarter is called so."""
    return word in _divisions()


def is_community(word: str) -> bool:
    """Whether a community or village is called so; many are called as people are."""
    return word in _communities()


@cache
def _divisions() -> frozenset[str]:
    # the gazetteer's module loads compiled code: only a text that needs it waits for that
    from blockdata.address.parsing.gazetteer import divisions, quarters, short_name

    names = {name for listed in quarters().values() for name in listed}
    for division in divisions():
        names |= {division.name, short_name(division.level, division.name) or division.name}
    return frozenset(name for name in names if len(name) in _NAME_LENGTHS)


@cache
def _communities() -> frozenset[str]:
    from blockdata.address.parsing.gazetteer import communities

    return frozenset(
        name for listed in communities().values() for name in listed if len(name) in _NAME_LENGTHS
    )
