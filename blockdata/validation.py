"""What pydantic finds wrong, in words for both languages; the first fault is told."""

from collections.abc import Mapping
from typing import Any

from blockdata.api_types import LON_LAT_PATTERN, MOMENT_PATTERN
from blockdata.clean import A_LINE, shown
from blockdata.errors import BlockdataError, InputError
from blockdata.moments import FIRST_YEAR, LAST_YEAR
from blockdata.text import Text

# By pydantic's name of the fault; ``{…}`` are its facts. Others are quoted as pydantic words them.
_SAID: Mapping[str, Text] = {
    "missing": Text("缺少该项", "it is missing"),
    "extra_forbidden": Text("没有这一项", "there is no such field"),
    "json_invalid": Text("不是合法的 JSON", "it is not valid JSON"),
    "int_parsing": Text("应为整数", "it should be a whole number"),
    "int_type": Text("应为整数", "it should be a whole number"),
    "int_from_float": Text("应为整数", "it should be a whole number"),
    "int_parsing_size": Text("数字过大", "the number is too large"),
    "float_parsing": Text("应为数字", "it should be a number"),
    "float_type": Text("应为数字", "it should be a number"),
    "finite_number": Text("应为有限的数字", "it should be a finite number"),
    "bool_parsing": Text("应为 true 或 false", "it should be true or false"),
    "bool_type": Text("应为 true 或 false", "it should be true or false"),
    "string_type": Text("应为文字", "it should be text"),
    "string_unicode": Text("含有不是文字的字符", "it holds characters that are no text"),
    "string_too_short": Text("内容过短", "it is too short"),
    "string_too_long": Text("最多 {max_length} 字", "at most {max_length} characters"),
    "string_pattern_mismatch": Text("写法不合要求", "it is not written as it should be"),
    "greater_than": Text("应大于 {gt}", "it should be above {gt}"),
    "greater_than_equal": Text("应不小于 {ge}", "it should be at least {ge}"),
    "less_than": Text("应小于 {lt}", "it should be below {lt}"),
    "less_than_equal": Text("应不大于 {le}", "it should be at most {le}"),
    "literal_error": Text("应为 {expected}", "it should be {expected}"),
    "list_type": Text("应为列表", "it should be a list"),
    "tuple_type": Text("应为列表", "it should be a list"),
    "dict_type": Text("应为对象", "it should be an object"),
    "model_type": Text("应为对象", "it should be an object"),
    "model_attributes_type": Text("应为对象", "it should be an object"),
    "recursion_loop": Text("嵌套过深", "it is nested too deeply"),
    "too_short": Text("至少 {min_length} 项", "at least {min_length} of them"),
    "too_long": Text("最多 {max_length} 项", "at most {max_length} of them"),
}
# What fits a pattern of our own is told by an example, not by the pattern.
_LOOKS: Mapping[str, Text] = {
    MOMENT_PATTERN: Text(
        f"应为 {FIRST_YEAR} 至 {LAST_YEAR} 年间的日期或时刻,如 2026-03-01T08:00:00+08:00",
        f"it should be a date or a moment from {FIRST_YEAR} to {LAST_YEAR}, as in "
        "2026-03-01T08:00:00+08:00",
    ),
    LON_LAT_PATTERN: Text("应为 经度,纬度,如 113.85,22.58", "it should be lon,lat: 113.85,22.58"),
}
_WAYS_IN = ("body", "query", "path", "header", "cookie")


def from_validation(faults: "list[Any]", *, otherwise: str, cure: Text | None = None) -> InputError:
    """The first of pydantic's faults, naming the field as the caller does.

    Args:
        faults: what ``ValidationError.errors()`` gives.
        otherwise: the field to name where the fault is of the whole.
        cure: what to do; a fault of our own validators may bring a cure of its own.
    """
    first = faults[0]
    where = [str(part) for part in first["loc"] if part not in _WAYS_IN]
    if first["type"] == "json_invalid":
        where = []  # its place is that of a character
    field = ".".join(where) or otherwise
    own = (first.get("ctx") or {}).get("error")
    if isinstance(own, BlockdataError):
        inner = f"{field}.{own.field}" if own.field and field != otherwise else own.field or field
        return InputError(own.detail, field=inner, cure=own.cure or cure)
    return InputError(_said(first), field=field, cure=cure)


def _said(fault: Mapping[str, Any]) -> Text:
    message = shown(str(fault["msg"]).removeprefix("Value error, "), A_LINE)
    facts = fault.get("ctx") or {}
    words = _LOOKS.get(str(facts.get("pattern"))) or _SAID.get(str(fault["type"]))
    if words is None:
        return Text(f"取值不合要求({message})", message)
    return Text(words.zh.format(**facts), words.en.format(**facts))
