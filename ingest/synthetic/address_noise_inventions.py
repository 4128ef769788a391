"""Addresses that the register does not have: new numbers, buildings, roads and estates."""

from typing import TYPE_CHECKING

from ingest.synthetic.address_characters import KEPT
from ingest.synthetic.address_library import SUFFIXES

if TYPE_CHECKING:
    from ingest.synthetic.address_hand import Hand


def invent(hand: "Hand", levels: set[str]) -> None:
    """Something the register does not have."""
    part, rng = hand.part, hand.rng
    hand.exists = False
    how = int(rng.integers(0, 4))
    if part["block"] and how <= 1:
        part["block"] = str(int(rng.integers(60, 99)))
    elif how == 2 or not part["road"]:
        if part["estate"]:
            levels.discard("road")
            part["estate"] = _other_estate(hand, part["estate"])
        else:
            _other_road(hand)
    elif how == 3 and rng.random() < 0.5:
        levels.discard("estate")
        _other_road(hand)
    elif part["number"]:
        part["number"] = str(int(rng.integers(3000, 9000)))
        levels.discard("estate")


def _other_road(hand: "Hand") -> None:
    """A road that the register lacks, often close to a known one, and a number on it."""
    rng, name = hand.rng, hand.part["road"]
    parts = hand.library.parts
    hand.part["number"] = str(parts["number"].iloc[int(rng.integers(0, len(parts)))]) or "1"
    places = [i for i, c in enumerate(name) if c not in KEPT and "一" <= c <= "龥"]
    for _ in range(20):
        how = int(rng.integers(0, 3))
        if how == 0:
            new = hand.some(int(rng.integers(1, 3))) + name
        elif how == 1 and places:
            i = int(rng.choice(places))
            new = name[:i] + hand.some(1) + name[i + 1 :]
        else:
            new = hand.some(3) + "路"
        if new not in hand.library.near:
            hand.looks_like = "slip" if how == 1 else ""
            hand.part["road"] = new
            return
    hand.part["road"] = _fresh(hand) + "路"


def _other_estate(hand: "Hand", name: str) -> str:
    """A name that the register lacks: unlike all others, or close to one, as new ones are."""
    rng = hand.rng
    for _ in range(20):
        how = int(rng.integers(0, 4))
        if how == 1:
            new = hand.some(int(rng.integers(1, 3))) + name
        elif how == 2 and len(name) > 3:
            i = int(rng.integers(0, 2))
            new = name[:i] + hand.some(1) + name[i + 1 :]
        elif how == 3 and len(name) > 3:
            new = name[:2] + str(rng.choice(SUFFIXES))
        else:
            new = hand.some(3) + "花园"
        if new not in hand.library.near:
            hand.looks_like = "slip" if how == 2 else ""
            return new
    return _fresh(hand) + "花园"


def _fresh(hand: "Hand") -> str:
    """Three characters unlike any name in the library."""
    while True:
        name = hand.some(3)
        if not any(name + tail in hand.library.near for tail in ("路", "花园")):
            return name
