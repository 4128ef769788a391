"""Recommendations, assignments, tables, isochrones and closures as text for a terminal."""

from collections.abc import Sequence

from blockdata.text import Language, Text
from dispatch.assign_models import AssignAnswer, OutcomePart
from dispatch.recommend_models import MaskedTierRecommendation, Recommendation, TierRecommendation
from dispatch.road_models import ClosurePart, IsochroneAnswer, TableAnswer
from dispatch.words import masked_lines, table, tier_head


def recommend_words(answer: Recommendation, language: Language) -> str:
    """Both clocks, then a block for every tier, then why not others."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    lines = [
        f"{say(answer.area.title_zh, answer.area.title_en)}    {answer.asked_at}",
        f"{say('计时', 'clock')}: {say(answer.clock.zh, answer.clock.en)}",
    ]
    if answer.door_legs:
        legs = ", ".join(f"{say(leg.zh, leg.en)} {leg.seconds:.0f} s" for leg in answer.door_legs)
        lines.append(f"{say('路边到门口', 'kerb to door')}: {legs}")
    for tier in answer.tiers:
        lines += ["", tier_head(tier, language)]
        lines += _masked_lines(tier, language) if tier.masked else _tier_lines(tier, language)
    for one in answer.why_not:
        time = "" if one.travel_time_s is None else f" ({one.travel_time_s:.0f} s)"
        lines.append(
            f"{say('为何不选', 'why not')} {one.asked}: {say(one.reason_zh, one.reason_en)}{time}"
        )
    return "\n".join(lines)


def _tier_lines(tier: TierRecommendation, language: Language) -> list[str]:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    if not tier.candidates:
        return ["  " + say(tier.note_zh or "", tier.note_en or "")]
    lines = []
    for one in tier.candidates:
        why = say("、", "; ").join(say(text.zh, text.en) for text in one.reasons)
        eta = f"{one.travel_time_s:.0f} s [{one.eta_low_s:.0f}–{one.eta_high_s:.0f}]"
        lines.append(f"  {one.rank}. {one.call_sign}  {eta}  {why}")
        if one.substitute is not None:
            other = one.substitute
            lines.append(
                "     "
                + say(
                    f"可由 {other.call_sign} 代替:晚 {other.extra_s:.0f} 秒,"
                    f"失去覆盖 {other.grids} 个网格",
                    f"{other.call_sign} instead: {other.extra_s:.0f} s later, "
                    f"{other.grids} grids lose cover",
                )
            )
    if tier.ranking_may_flip:
        lines.append("  " + say("定位误差内名次可能互换", "within the fixes, ranks may change"))
    return lines


def _masked_lines(tier: MaskedTierRecommendation, language: Language) -> list[str]:
    lines = masked_lines(tier, language)
    if tier.alert is not None:
        lines.insert(1, "  " + Text(tier.alert.zh, tier.alert.en).say(language))
    return lines


def assign_words(answer: AssignAnswer, language: Language) -> str:
    """Who goes where, what it achieves, and what one after the other would have."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    rows = [say("事件 层级 力量 用时(秒) 按时", "incident tier unit time(s) in-time").split()]
    yes_no = {True: say("是", "yes"), False: say("否", "no"), None: "–"}
    for slot in answer.slots:
        nobody = say("(接受前不告知)", "(not told)") if slot.masked else say("(空缺)", "(unfilled)")
        rows.append(
            [
                slot.incident,
                slot.tier,
                slot.call_sign or nobody,
                "–" if slot.travel_time_s is None else f"{slot.travel_time_s:.1f}",
                yes_no[slot.in_time],
            ]
        )
    lines = [
        *table(rows),
        f"{say('联合最优', 'joint')}: {_outcome_words(answer.outcome, language)}",
        f"{say('逐个就近', 'greedy')}: {_outcome_words(answer.greedy, language)}",
    ]
    lines += [
        f"{one.unit} → {one.incident}: {say(one.reason_zh, one.reason_en)}"
        for one in answer.not_counted
    ]
    for need in answer.masked:
        lines += ["", f"{need.incident}: {tier_head(need.tier, language)}"]
        lines += masked_lines(need.tier, language)
    return "\n".join(lines)


def _outcome_words(outcome: OutcomePart, language: Language) -> str:
    met = ", ".join(f"{p}: {n}" for p, n in outcome.met_in_time_by_priority.items())
    return Text(
        f"按时 {{{met}}},空缺 {outcome.unfilled},总用时 {outcome.travel_time_s:.0f} 秒",
        f"in time {{{met}}}, unfilled {outcome.unfilled}, {outcome.travel_time_s:.0f} s in all",
    ).say(language)


def table_words(answer: TableAnswer) -> str:
    """Seconds by row and column; a dash where there is no way."""
    return "\n".join(
        table(
            [
                ["–" if s is None else f"{s:.1f}" for s in row]
                for row in answer.durations or []
            ]
        )
    )  # fmt: skip


def isochrone_words(answer: IsochroneAnswer, language: Language) -> str:
    """Kilometres of road within every threshold."""
    lines = []
    for feature in reversed(answer.features):
        minutes, road_km = (feature["properties"][name] for name in ("minutes", "road_km"))
        words = Text(
            f"{minutes:g} 分钟:{road_km} 公里道路", f"{minutes:g} min: {road_km} km of road"
        )
        lines.append(words.say(language))
    return "\n".join(lines)


def closure_words(closures: Sequence[ClosurePart], language: Language) -> str:
    """One line for each closure."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    if not closures:
        return say("没有生效中的封路", "nothing is closed")
    lines = []
    for one in closures:
        speed = f"{one.speed_factor:.0%}"
        what = (
            say("封闭", "closed") if not one.speed_factor else say(f"限速 {speed}", f"at {speed}")
        )
        roads = say("、", ", ").join(one.roads) or say("无名路", "unnamed")
        until = one.until or say("另行通知", "further notice")
        lines.append(
            f"{one.id}  {what}  {roads}  {one.length_m:.0f} m  {'/'.join(one.modes)}  "
            f"{one.since} → {until}  {one.reason}"
        )
    return "\n".join(lines)
