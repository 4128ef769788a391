"""Answers as text for a terminal."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from blockdata.text import Language, Text
from dispatch.models import (
    AnyTierPart,
    CandidatePart,
    IncidentPart,
    MaskedTierPart,
    NearestAnswer,
    TierPart,
)

SYNTHETIC = Text("合成数据", "synthetic")


def nearest_words(answer: NearestAnswer, language: Language) -> str:
    """The answer as a heading and a compact table."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    incident, area = answer.incident, answer.area
    made_up = f" [{SYNTHETIC.say(language)}]" if area.synthetic else ""
    people = (
        say(" [合成处警力量]", " [synthetic responders]") if answer.responders_synthetic else ""
    )
    title = say(area.title_zh, area.title_en)
    lines = [
        f"{say('区域', 'area')}: {title}{made_up}{people}    {answer.asked_at}",
        f"{say('位置', 'place')}: {incident.lon:.6f}, {incident.lat:.6f}",
    ]
    if incident.address is not None:
        lines.append(f"{say('地址', 'address')}: {address_words(incident, language)}")
        if (incident.probability or 1.0) < answer.parameters["doubt_below"]:
            lines.append(
                say("注意:地址匹配把握不足,请核对", "beware: check the address, it is in doubt")
            )
    if incident.grid is not None:
        grid = incident.grid
        lines.append(
            f"{say('网格', 'grid')}: {grid.code} "
            + say(f"{grid.street_zh} {grid.community_zh}", f"{grid.street_en}, {grid.community_en}")
        )
    lines.append(f"{say('计时', 'clock')}: {say(answer.clock.zh, answer.clock.en)}")
    for tier in answer.tiers:
        lines += ["", tier_head(tier, language)]
        lines += masked_lines(tier, language) if tier.masked else _tier_lines(tier, language)
    return "\n".join(lines)


def address_words(incident: IncidentPart, language: Language) -> str:
    """The address of an incident, how sure it is, and why; of one that has an address."""
    text = incident.address["text"] if incident.address else ""
    chance = incident.probability
    sure = (
        "" if chance is None else Text(f"把握 {chance:.0%};", f"{chance:.0%} sure; ").say(language)
    )
    return f"{text} ({sure}{incident.why[language]})"


def tier_head(tier: AnyTierPart, language: Language) -> str:
    """The line above a tier's answer: its target, and how many it has."""
    pool = tier.pool
    available = "–" if pool.available is None else pool.available
    return Text(
        f"{tier.name_zh}(目标 {tier.target_s} 秒;登记 {pool.registered},在班 {pool.on_duty},"
        f"可用 {available})",
        f"{tier.name_en} (target {tier.target_s} s; registered {pool.registered}, "
        f"on duty {pool.on_duty}, available {available})",
    ).say(language)


def masked_lines(tier: MaskedTierPart, language: Language) -> list[str]:
    """What is told of a masked tier: the chance, the counts by cell, and why no more."""
    lines = []
    if tier.chance is not None:
        lines.append("  " + Text(tier.chance.zh, tier.chance.en).say(language))
    if tier.cells:
        counts = ", ".join(f"{cell.h3}: {cell.count}" for cell in tier.cells)
        lines.append(
            "  "
            + Text(
                f"各区块人数({tier.counted_at} 计):{counts}",
                f"by cell, as counted at {tier.counted_at}: {counts}",
            ).say(language)
        )
    return [*lines, "  " + Text(tier.note_zh, tier.note_en).say(language)]


def _tier_lines(tier: TierPart, language: Language) -> list[str]:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    if not tier.candidates:
        return ["  " + say(tier.note_zh or "", tier.note_en or "")]
    columns = say(
        "名次 呼号 用时(秒) 到路 路上 离路 距离(米) 余量(秒)",
        "rank call-sign time(s) to-road road from-road distance(m) margin(s)",
    ).split()
    rows = [columns, *(_candidate_cells(c) for c in tier.candidates)]
    lines = table(rows)
    for one in tier.left_out:
        reason = say(one.reason_zh, one.reason_en)
        time = "" if one.travel_time_s is None else f", {one.travel_time_s:.0f} s"
        lines.append(
            "  "
            + say(
                f"更近但未选:{one.call_sign},直线 {one.straight_line_m:.0f} 米,{reason}{time}",
                f"nearer, left out: {one.call_sign}, {one.straight_line_m:.0f} m straight, "
                f"{reason}{time}",
            )
        )
    return lines


def _candidate_cells(candidate: CandidatePart) -> list[str]:
    return [
        str(candidate.rank),
        candidate.call_sign,
        f"{candidate.travel_time_s:.1f}",
        *(f"{leg.seconds:.1f}" for leg in candidate.legs),
        f"{candidate.distance_m:.0f}",
        f"{candidate.margin_s:+.1f}",
    ]


def responder_words(result: dict[str, Any], language: Language) -> str:
    """Responders of an area by tier and shift, or that there are none."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    if not result["shifts"]:
        return say(
            f"区域“{result['area']}”还没有处警力量",
            f"the area {result['area']!r} has no responders yet",
        )
    columns = say("层级 班次 人数 合成 在班", "tier shift responders synthetic on-duty").split()
    rows = [
        [
            row["tier"],
            say(row["name_zh"], row["name_en"]),
            str(row["responders"]),
            str(row["synthetic"]),
            say("是", "yes") if row["on_duty"] else say("否", "no"),
        ]
        for row in result["shifts"]
    ]
    return "\n".join(table([columns, *rows]))


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their columns lined up, by the width that the characters take on a terminal."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
        for row in rows
    ]


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)
