"""Words of a general dictionary as they stand in names: 阳光, 修理厂, 旗袍店, 张伟."""

import math
import random
import re
import tarfile
from itertools import accumulate
from pathlib import Path

# Words of each kind, with a number that rises slowly with their frequency.
Words = dict[str, dict[str, int]]
# Parts of speech as the dictionary writes them, first match counts.
_KINDS = (
    ("place", ("ns",)), ("organisation", ("nt",)), ("person", ("nr",)), ("name", ("nz",)),
    ("noun", ("n", "vn", "j")), ("verb", ("v", "a")),
)  # fmt: skip
_HAN = re.compile("[一-鿿]{1,6}")
_FEWEST = 3
# Characters in which words for a shop end, and words for any other thing that has an address.
_SHOP_ENDS = frozenset("店铺馆行坊屋吧厅社城庄")
_FACILITY_ENDS = frozenset("厂馆院所站场楼库园校局处部台厅亭室寺庙宫社行城坊塔桥湖山")


def read_words(path: Path) -> Words:
    """The dictionary of the PyPI source distribution ``jieba`` (MIT)."""
    with tarfile.open(path) as archive:
        name = next(n for n in archive.getnames() if n.endswith("/jieba/dict.txt"))
        source = archive.extractfile(name)
        assert source is not None  # a member that was just listed
        lines = source.read().decode("utf-8").splitlines()
    found: Words = {kind: {} for kind, _ in _KINDS}
    for line in lines:
        word, count, tag = line.split(" ")
        kind = next((kind for kind, tags in _KINDS if tag.startswith(tags)), None)
        if kind and _HAN.fullmatch(word) and int(count) >= _FEWEST:
            found[kind][word] = min(99, round(2 * math.log(int(count))))
    return found


class Vocabulary:
    """Draws words of the dictionary, the frequent ones more often."""

    def __init__(self, r: random.Random, kinds: Words) -> None:
        self.r = r
        nouns = {word: n for word, n in kinds["noun"].items() if 2 <= len(word) <= 4}
        self._nouns = _Pool({word: n for word, n in nouns.items() if len(word) == 2})
        self._verbs = _Pool({word: n for word, n in kinds["verb"].items() if len(word) == 2})
        self._names = _Pool({word: n for word, n in kinds["name"].items() if 2 <= len(word) <= 4})
        self._places = _Pool({word: n for word, n in kinds["place"].items() if 2 <= len(word) <= 3})
        self._people = _Pool(
            {word: n for word, n in kinds["person"].items() if 2 <= len(word) <= 3}
        )
        self._organisations = _Pool(
            {word: n for word, n in kinds["organisation"].items() if len(word) >= 3}
        )
        self._shops = _Pool({word: n for word, n in nouns.items() if word[-1] in _SHOP_ENDS})
        self._facilities = _Pool(
            {word: n for word, n in nouns.items() if word[-1] in _FACILITY_ENDS}
        )

    def root(self) -> str:
        """A word that is the heart of a name."""
        way = self.r.random()
        if way < 0.35:
            return self._nouns.draw(self.r)
        if way < 0.6:
            return self._names.draw(self.r)
        if way < 0.75:
            return self._places.draw(self.r)
        if way < 0.85:
            return self._people.draw(self.r)
        return self._verbs.draw(self.r)

    def common(self) -> str:
        """A common noun of two characters."""
        return self._nouns.draw(self.r)

    def person(self) -> str:
        """Someone's name."""
        return self._people.draw(self.r)

    def organisation(self) -> str:
        """The full name of an organisation."""
        return self._organisations.draw(self.r)

    def shop(self) -> str:
        """A word for a kind of shop."""
        return self._shops.draw(self.r)

    def facility(self) -> str:
        """A word for a kind of works, office, school, sight …."""
        return self._facilities.draw(self.r)


class _Pool:
    """Words with weights that rise slowly with their frequency."""

    def __init__(self, buckets: dict[str, int]) -> None:
        self._words = sorted(buckets)
        self._cumulated = list(accumulate(buckets[word] for word in self._words))

    def draw(self, r: random.Random) -> str:
        return r.choices(self._words, cum_weights=self._cumulated)[0]
