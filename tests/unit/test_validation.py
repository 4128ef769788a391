"""What pydantic finds wrong, in words for both languages."""

from typing import Annotated, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from blockdata.errors import InputError
from blockdata.text import Text
from blockdata.validation import from_validation


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    count: Annotated[int, Field(ge=1, le=50)] = 1
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    name: Annotated[str, Field(min_length=2, max_length=4, pattern="^[a-z]+$")] = "abc"
    mode: Literal["foot", "patrol"] = "foot"
    yes: bool = True
    many: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]


class Whole(BaseModel):
    part: Part
    more: dict[str, Part] = {}
    pair: tuple[int, int] = (1, 2)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.pair == (0, 0):
            raise ValueError("give a pair")
        if self.pair == (9, 9):
            said = Text("九不可用", "nine cannot be used")
            raise InputError(said, field="pair", cure=Text("换一个", "take another"))
        return self


@pytest.mark.parametrize(
    ("asked", "field", "zh", "en"),
    [
        ({}, "part", "缺少该项", "it is missing"),
        ({"part": 3}, "part", "应为对象", "it should be an object"),
        ({"part": {"x": 1}}, "part.x", "没有这一项", "there is no such field"),
        ({"part": {"count": "x"}}, "part.count", "应为整数", "it should be a whole number"),
        ({"part": {"count": 1.5}}, "part.count", "应为整数", "it should be a whole number"),
        ({"part": {"count": "9" * 5000}}, "part.count", "数字过大", "the number is too large"),
        ({"part": {"count": 0}}, "part.count", "应不小于 1", "it should be at least 1"),
        ({"part": {"count": 51}}, "part.count", "应不大于 50", "it should be at most 50"),
        ({"part": {"share": []}}, "part.share", "应为数字", "it should be a number"),
        ({"part": {"share": "inf"}}, "part.share", "应为有限的数字",
         "it should be a finite number"),
        ({"part": {"share": 0}}, "part.share", "应大于 0.0", "it should be above 0.0"),
        ({"part": {"share": 1}}, "part.share", "应小于 1.0", "it should be below 1.0"),
        ({"part": {"name": 3}}, "part.name", "应为文字", "it should be text"),
        ({"part": {"name": "a"}}, "part.name", "内容过短", "it is too short"),
        ({"part": {"name": "abcde"}}, "part.name", "最多 4 字", "at most 4 characters"),
        ({"part": {"name": "a\ud800"}}, "part.name", "含有不是文字的字符",
         "it holds characters that are no text"),
        ({"part": {"yes": "x"}}, "part.yes", "应为 true 或 false", "it should be true or false"),
        ({"part": {"many": []}}, "part.many", "至少 1 项", "at least 1 of them"),
        ({"part": {"many": [1, 2, 3]}}, "part.many", "最多 2 项", "at most 2 of them"),
        ({"part": {}, "more": {"a": {"count": 0}}}, "more.a.count", "应不小于 1",
         "it should be at least 1"),
        ({"part": {}, "pair": [1, "x"]}, "pair.1", "应为整数", "it should be a whole number"),
        ({"part": {}, "pair": [0, 0]}, "question", "取值不合要求(give a pair)", "give a pair"),
        ({"part": {}, "pair": [9, 9]}, "pair", "九不可用", "nine cannot be used"),
    ],
)  # fmt: skip
def test_the_first_fault_names_its_field_in_both_languages(asked, field, zh, en) -> None:
    with pytest.raises(ValidationError) as found:
        Whole.model_validate(asked)
    error = from_validation(found.value.errors(), otherwise="question")
    assert (error.field, error.detail.zh, error.detail.en) == (field, zh, en)


def test_a_choice_is_told_with_what_there_is_to_choose() -> None:
    with pytest.raises(ValidationError) as found:
        Whole.model_validate({"part": {"mode": "swim"}})
    error = from_validation(found.value.errors(), otherwise="question")
    assert error.detail.en == "it should be 'foot' or 'patrol'"
    assert error.detail.zh.startswith("应为 ")


def test_a_cure_of_our_own_goes_before_the_general_one() -> None:
    general = Text("参见 --help", "see --help")
    for pair, cure in (([0, 0], general), ([9, 9], Text("换一个", "take another"))):
        with pytest.raises(ValidationError) as found:
            Whole.model_validate({"part": {}, "pair": pair})
        assert from_validation(found.value.errors(), otherwise="q", cure=general).cure == cure
