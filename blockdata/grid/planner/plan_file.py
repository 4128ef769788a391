"""A plan as data: its impact, and the grids before and after as map layers (GeoJSON)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from pydantic import ValidationError

from blockdata.documents import read_json
from blockdata.errors import BadFile
from blockdata.files import write_whole
from blockdata.grid.planner.plan import CommunityPlan
from blockdata.grid.planner.plan_shape import PlanShape
from blockdata.text import Text
from blockdata.validation import from_validation

_FORMAT = "blockdata-grid-plan-1"


def plan_document(
    plans: Sequence[CommunityPlan], impact: dict[str, Any], **about: Any
) -> dict[str, Any]:
    """The plan as one JSON document: ``about``, ``impact``, ``before`` and ``after``."""
    facts = {row["code"]: row for row in impact["grids"]}
    before = [
        _feature(shape, {"code": str(code), "community": plan.given.code})
        for plan in plans
        for code, shape in zip(plan.given.current.code, plan.given.current.outline, strict=True)
    ]
    after = [
        _feature(shape, facts[str(code)])
        for plan in plans
        for code, shape in zip(plan.code, plan.outline, strict=True)
    ]
    return {
        "format": _FORMAT,
        "about": about,
        "impact": impact,
        "before": {"type": "FeatureCollection", "features": before},
        "after": {"type": "FeatureCollection", "features": after},
    }


def write_json(file: Path, document: dict[str, Any], field: str = "out") -> int:
    """Write a document; returns its size in bytes.

    Raises:
        Unwritable: the file cannot be written; ``field`` is what the caller calls it.
    """
    return write_whole(file, json.dumps(document, ensure_ascii=False), field)


def read_plan(file: Path) -> dict[str, Any]:
    """Read a plan document back.

    Raises:
        BadFile: no such file, too large, or no plan that ``grid plan --out`` wrote.
    """
    cure = Text("先运行 blockdata grid plan --out", "write one by blockdata grid plan --out")
    document: dict[str, Any] = read_json(file, "plan", cure)
    try:
        PlanShape.model_validate(document)
    except ValidationError as error:
        wrong = from_validation(error.errors(), otherwise="plan")
        where = f"{wrong.field}: {wrong.detail.en}"
        raise BadFile(
            Text(
                f"{file} 不是网格规划文件({wrong.field}:{wrong.detail.zh})",
                f"{file} is not a plan of grids ({where})",
            ),
            field="plan",
            cure=cure,
        ) from None
    return document


def _feature(shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(shape),
    }
