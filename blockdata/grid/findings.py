"""What a check of a drawn layer says: the fault, the polygons, how large, and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from blockdata.errors import BadLayer
from blockdata.text import Text

MOST_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """One fault of a layer."""

    kind: str
    """``empty-layer``, ``empty``, ``not-polygon``, ``wrong-crs``, ``swapped-axes``,
    ``self-intersection``, ``duplicate-key``, ``overlap``, ``gap``, ``sliver``,
    ``crosses-community`` or ``wrong-datum``."""
    polygons: tuple[str, ...]
    detail: Text
    cure: Text
    measures: dict[str, Any] = field(default_factory=dict)
    """Numbers with their unit in the name, as ``area_m2``, ``width_m``, ``lon``, ``lat``."""

    def as_dict(self) -> dict[str, Any]:
        """The finding for JSON, in both languages."""
        return {
            "kind": self.kind,
            "polygons": list(self.polygons),
            "detail": self.detail.en,
            "detail_zh": self.detail.zh,
            "cure": self.cure.en,
            "cure_zh": self.cure.zh,
            **self.measures,
        }


def named(polygons: Iterable[str]) -> str:
    """The polygons' names in a sentence, the first few of them."""
    names = list(polygons)
    shown = ", ".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} … ({len(names)})"


def refuse(findings: Sequence[Finding]) -> None:
    """Raise BadLayer where anything was found; the first fault leads, all stand in ``findings``."""
    if not findings:
        return
    first, more = findings[0], len(findings) - 1
    also_zh = f"(另有 {more} 处问题)" if more else ""
    also_en = f" (and {more} more)" if more else ""
    raise BadLayer(
        Text(first.detail.zh + also_zh, first.detail.en + also_en),
        field="polygons",
        cure=first.cure,
        findings=[finding.as_dict() for finding in findings],
    )
